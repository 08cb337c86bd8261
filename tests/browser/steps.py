"""What people do and see in the browser tests, by the names that a person or a screen reader finds things with."""

import re

from playwright.sync_api import expect

PASSWORD = "demo"
FOCUSED_SOON = """
  new Promise((tell) => {
    if (document.hasFocus()) tell(true);
    window.addEventListener("focus", () => tell(true), {once: true});
    setTimeout(() => tell(document.hasFocus()), 500);
  })
"""


def sign_in(page, username):
    page.goto("/sign-in/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("/sign-in/"))


def sit_at(page):
    """Bring this person's window to the front and wait for the focus, which in Firefox one window alone has."""
    page.wait_for_load_state()
    for _ in range(20):
        page.bring_to_front()
        if page.evaluate(FOCUSED_SOON):
            return
    raise AssertionError("The window does not get the focus.")


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def heading(page, words):
    return page.get_by_role("heading", name=words)


def ask(ann, about=""):
    """The contact asks for a chat, and waits."""
    if about:
        ann.get_by_label("What can we help you with?").fill(about)
    button(ann, "Start chat").click()
    expect(heading(ann, "Asking our technicians")).to_be_visible()


def ring(tina, name="Ann Keller"):
    """The card at the top right that says who asks."""
    return tina.get_by_role("article", name=f"New chat request from {name}")


def accept(tina, name="Ann Keller"):
    button(ring(tina, name), "Accept").click()
    expect(conversation(tina, name)).to_be_visible()
    expect(composer(tina)).to_be_visible()


def decline(tina, name="Ann Keller"):
    button(ring(tina, name), "Decline").click()
    expect(ring(tina, name)).to_have_count(0)


def open_device(tina, name):
    tina.goto("/devices/")
    tina.get_by_role("link", name=name).click()
    expect(heading(tina, name)).to_be_visible()


def connect(tina, device):
    """The technician asks whoever sits at the device (S7)."""
    open_device(tina, device)
    for name in ("Manage", "More tools", "HelpDesk Agent", "Connect"):
        button(tina, name).click()


def dialog(tina):
    return tina.get_by_role("dialog")


def conversation(page, name):
    return page.get_by_role("log", name=f"Conversation with {name}")


def composer(page):
    return page.get_by_role("textbox", name="Message", exact=True)


def bubbles(page):
    """What was said, the oldest first."""
    return page.get_by_role("log", name=re.compile("^Conversa")).locator("[data-kind=message] .hd-bubble")


def say(page, words, *, to=None):
    """Say something; with `to`, go on when that page shows it, so that what is said next comes after it."""
    composer(page).fill(words)
    composer(page).press("Enter")
    if to:
        expect(bubbles(to).last).to_have_text(words)


def end(page):
    button(page, "End chat").click()


def unread(tina, name, count):
    """The line of *My chats* that says so."""
    return tina.get_by_role("link", name=re.compile(f"^{name}.*{count} unread"))


def set_availability(tina, name):
    """*Available* or *Unavailable*, from the profile menu."""
    tina.locator("#profile").click()
    tina.get_by_role("radio", name=name, exact=True).check()
    expect(tina.locator("#profile")).to_contain_text(name)
    tina.keyboard.press("Escape")


def open_ticket(tina, title):
    tina.goto("/tickets/")
    tina.get_by_role("link", name=title).click()
    expect(tina).to_have_url(re.compile(r"/tickets/\d+/"))


def start_from_ticket(tina):
    """Tickets → a ticket → Actions → Start chat (S12)."""
    button(tina, "Actions").click()
    button(tina, "Start chat").first.click()
