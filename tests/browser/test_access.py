"""Every page as axe-core judges it: in light and in dark, on a screen and on a phone, nothing is left to mend."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.file_steps import attach, cards, sent
from tests.browser.steps import (
    accept,
    ask,
    bubbles,
    button,
    composer,
    connect,
    conversation,
    dialog,
    end,
    heading,
    ring,
    say,
)
from tests.files import honest, put

# Many pages, several looks at each.
pytestmark = pytest.mark.timeout(300)
AXE = Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 480}


@pytest.fixture
def look():
    """Options for a context in which axe may be injected: the pages' own CSP would refuse it."""
    return {"bypass_csp": True, "color_scheme": "light"}


def judge(page, name, *, small=(PHONE,)):
    """What axe finds on the page as it stands: in light, for the colours in dark, and in small windows."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    own = page.viewport_size
    found = _judge(page, f"{name}, light", {})
    page.emulate_media(color_scheme="dark")
    found += _judge(page, f"{name}, dark", {"runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    for size in small:
        page.set_viewport_size(size)
        found += _judge(page, f"{name}, {size['width']} px wide", {})
    page.set_viewport_size(own)
    return found


def judge_contact(page, name):
    return judge(page, name, small=(PHONE, SMALLEST))


def _judge(page, name, options):
    # Half-faded colours are nobody's last word.
    page.evaluate("Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})))")
    found = page.evaluate("options => axe.run({resultTypes: ['violations'], ...options})", options)["violations"]
    return [
        f"{name}: {problem['id']}, {problem['help']}: {[node['html'][:160] for node in problem['nodes'][:4]]}"
        for problem in found
    ]


def test_the_pages_of_a_technician(technician_page, new_context, look, expected_errors):
    expected_errors.append("404")
    found = []
    stranger = new_context(**look).new_page()
    stranger.goto("/sign-in/")
    found += judge(stranger, "sign-in")
    tina = technician_page("tina", **look)
    for address in ("/chats/", "/tickets/", "/tickets/new/", "/devices/", "/customers/", "/outbox/", "/nowhere/"):
        tina.goto(address)
        found += judge(tina, address)
    for address, link in (
        ("/tickets/", "VPN drops every half hour"),
        ("/devices/", "GLOBEX-MAC-01"),
        ("/customers/", "Acme"),
    ):
        tina.goto(address)
        tina.get_by_role("link", name=link).click()
        found += judge(tina, link)
    tina.get_by_role("link", name="Ann Keller").click()
    expect(heading(tina, "Ann Keller")).to_be_visible()
    found += judge(tina, "a contact")
    button(tina, "Select agent").click()
    expect(dialog(tina)).to_be_visible()
    found += judge(tina, "select agent")
    assert not found, "\n".join(found)


def test_a_chat_in_the_console(technician_page, contact_page, look):
    found = []
    tina, ann = technician_page("tina", **look), contact_page("ACME-PC-01")
    connect(tina, "ACME-PC-01")
    expect(dialog(tina)).to_contain_text("Waiting for Ann")
    found += judge(tina, "connecting")
    button(ann, "Decline").click()
    expect(heading(dialog(tina), "Ann declined the chat")).to_be_visible()
    found += judge(tina, "declined")
    button(dialog(tina), "Close").click()
    tina.locator("#profile").click()
    found += judge(tina, "a device, with the profile menu")
    for name in ("Sounds and notifications", "Keyboard shortcuts"):
        button(tina, name).click()
        expect(tina.get_by_role("dialog", name=name)).to_be_visible()
        found += judge(tina, name)
        tina.keyboard.press("Escape")
    tina.goto("/chats/")
    button(ann, "Start chat").click()
    expect(button(ring(tina), "Accept")).to_be_enabled()
    found += judge(tina, "ringing")
    accept(tina)
    say(ann, "Hello, see https://example.com")
    say(tina, "Hello Ann")
    expect(bubbles(tina)).to_have_count(2)
    expect(conversation(tina, "Ann Keller").locator("[data-mark]")).to_have_count(1)
    button(tina, "Create ticket").click()
    expect(conversation(tina, "Ann Keller")).to_contain_text("was opened")
    found += judge(tina, "a chat")
    end(tina)
    expect(tina.get_by_role("group", name="The chat has ended")).to_be_visible()
    found += judge(tina, "an ended chat")
    assert not found, "\n".join(found)


def test_a_chat_with_files(technician_page, contact_page, look, tmp_path):
    found = []
    tina, ann = technician_page("tina", **look), contact_page("ACME-PC-01", **look)
    ask(ann)
    accept(tina)
    expect(composer(ann)).to_be_visible()
    for page in (tina, ann):
        attach(
            page, *[honest(kind, tmp_path) for kind in ("pdf", "png", "mp3", "mp4")], put(b"x", tmp_path, "notes.txt")
        )
    for page, judge_page in ((tina, judge), (ann, judge_contact)):
        expect(sent(page)).to_have_count(8)
        expect(cards(page)).to_have_count(1)
        found += judge_page(page, "a chat with files")
        page.get_by_role("link", name=re.compile("^Show sample.png")).first.click()
        expect(page.get_by_role("dialog", name="sample.png")).to_be_visible()
        found += judge_page(page, "a large picture")
        page.keyboard.press("Escape")
    assert not found, "\n".join(found)


def test_the_pages_of_a_contact(technician_page, contact_page, look):
    found = []
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01", **look)
    found += judge_contact(ann, "home")
    ask(ann, "The printer is jammed")
    found += judge_contact(ann, "waiting")
    accept(tina)
    expect(composer(ann)).to_be_visible()
    say(ann, "Hello")
    say(tina, "Hello Ann")
    expect(bubbles(ann)).to_have_count(3)
    expect(conversation(ann, "Tina Okafor").locator("[data-mark]")).to_have_count(1)
    found += judge_contact(ann, "a chat")
    end(tina)
    expect(heading(ann, "The chat has ended")).to_be_visible()
    found += judge_contact(ann, "an ended chat")
    ann.get_by_role("link", name="Read the chat again").click()
    expect(conversation(ann, "Tina Okafor")).to_be_visible()
    found += judge_contact(ann, "reading")
    ann.goto("/agent/tickets/")
    found += judge_contact(ann, "my tickets")
    ann.get_by_role("link", name=re.compile("^Access to the shared folder")).click()
    expect(heading(ann, "Access to the shared folder for payroll")).to_be_visible()
    found += judge_contact(ann, "a ticket")
    ann.goto("/agent/tickets/new/")
    found += judge_contact(ann, "new ticket")
    connect(tina, "ACME-PC-01")
    expect(heading(ann, "Tina Okafor wants to chat with you")).to_be_visible()
    found += judge_contact(ann, "asked")
    assert not found, "\n".join(found)


def test_the_pages_of_somebody_who_is_not_known(contact_page, new_context, look, expected_errors):
    expected_errors += ["401", "422"]
    found = []
    stranger = new_context(**look).new_page()
    stranger.goto("/agent/")
    found += judge_contact(stranger, "closed")
    page = contact_page("ACME-PC-02", **look)
    found += judge_contact(page, "home, nobody known")
    button(page, "Start chat").click()
    expect(heading(page, "Who are you?")).to_be_visible()
    found += judge_contact(page, "identity")
    button(page, "Send token").click()
    expect(page.get_by_text("Please write your full name.")).to_be_visible()
    found += judge_contact(page, "identity, incomplete")
    page.get_by_label("Full name").fill("Nora Quist")
    page.get_by_label("E-mail address").fill("nora.quist@acme.example")
    button(page, "Send token").click()
    expect(page.get_by_label("Token")).to_be_visible()
    found += judge_contact(page, "token")
    mac = contact_page("GLOBEX-MAC-01", **look)
    found += judge_contact(mac, "home, refused")
    assert not found, "\n".join(found)


def test_the_page_of_the_first_day(empty_server, new_context, look):
    page = new_context(base_url=empty_server.url, **look).new_page()
    page.goto("/setup/")
    expect(page.get_by_label("One-time code")).to_be_visible()
    found = judge(page, "setup")
    assert not found, "\n".join(found)
