"""The main job without a mouse, and where the focus goes (LOOK: keyboard, accessibility)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import (
    PASSWORD,
    accept,
    bubbles,
    button,
    composer,
    conversation,
    dialog,
    heading,
    open_ticket,
    ring,
    say,
    sit_at,
    unread,
)

pytestmark = pytest.mark.main_job

MANY = 40


def reach(page, place, key="Tab"):
    """Press the key until the focus is there."""
    sit_at(page)
    for _ in range(MANY):
        if place.count() == 1 and place.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{place} was not reached by {MANY} times {key}.")


def press(page, name):
    """Go to the button and press it."""
    reach(page, button(page, name))
    page.keyboard.press("Enter")


def test_a_contact_starts_talks_and_ends(technician_page, contact_page):
    tina, ann = technician_page("tina", "/tickets/"), contact_page("ACME-PC-01")
    reach(ann, ann.get_by_label("What can we help you with?"))
    ann.keyboard.type("No mouse at hand")
    press(ann, "Start chat")
    expect(heading(ann, "Asking our technicians")).to_be_focused()
    expect(button(ring(tina), "Accept")).to_be_enabled()
    expect(ring(tina)).not_to_be_focused()
    sit_at(tina)
    tina.keyboard.press("F8")
    expect(composer(tina)).to_be_visible()
    reach(tina, composer(tina), "F6")
    tina.keyboard.type("Neither here")
    tina.keyboard.press("Enter")
    expect(composer(tina)).to_be_focused()
    expect(composer(tina)).to_have_value("")
    expect(bubbles(ann).last).to_have_text("Neither here")
    reach(ann, composer(ann))
    ann.keyboard.type("Good")
    ann.keyboard.press("Enter")
    for page in (tina, ann):
        expect(bubbles(page)).to_have_text(["No mouse at hand", "Neither here", "Good"])
    reach(ann, button(ann, "End chat"), "Shift+Tab")
    ann.keyboard.press("Enter")
    expect(heading(ann, "The chat has ended")).to_be_focused()


def test_a_technician_signs_in_connects_and_names_the_ticket(new_context, contact_page):
    tina, ann = new_context().new_page(), contact_page("ACME-PC-01")
    tina.goto("/sign-in/")
    reach(tina, tina.get_by_label("Username"))
    tina.keyboard.type("tina")
    tina.keyboard.press("Tab")
    tina.keyboard.type(PASSWORD)
    tina.keyboard.press("Enter")
    expect(heading(tina, "Chats").first).to_be_visible()
    reach(tina, tina.get_by_role("link", name="Devices", exact=True))
    tina.keyboard.press("Enter")
    expect(heading(tina, "Devices")).to_be_visible()
    reach(tina, tina.get_by_role("link", name="ACME-PC-01"))
    tina.keyboard.press("Enter")
    expect(heading(tina, "ACME-PC-01")).to_be_visible()
    for name in ("Manage", "More tools", "HelpDesk Agent", "Connect"):
        press(tina, name)
    expect(heading(dialog(tina), "Connecting…")).to_be_focused()
    sit_at(ann)
    expect(heading(ann, "Tina Okafor wants to chat with you")).to_be_focused()
    press(ann, "Accept")
    expect(composer(tina)).to_be_visible()
    say(ann, "All by keyboard")
    expect(bubbles(tina)).to_have_text(["All by keyboard"])
    press(tina, "Create ticket")
    expect(tina.get_by_role("link", name=re.compile(r"^#\d+$")).first).to_be_visible()
    press(tina, "End chat")
    expect(tina.get_by_role("textbox", name="Name", exact=True)).to_be_focused()
    tina.keyboard.type("Keyboard only")
    tina.keyboard.press("Enter")
    expect(ann.get_by_text("Keyboard only")).to_be_visible()


def test_escape_closes_and_gives_the_focus_back_and_never_declines(technician_page, contact_page):
    tina, ann = technician_page("tina", "/tickets/"), contact_page("ACME-PC-01")
    button(ann, "Start chat").click()
    expect(ring(tina)).to_be_visible()
    profile = tina.locator("#profile")
    reach(tina, profile)
    tina.keyboard.press("Enter")
    expect(profile).to_have_attribute("aria-expanded", "true")
    tina.keyboard.press("Escape")
    expect(profile).to_have_attribute("aria-expanded", "false")
    expect(profile).to_be_focused()
    shortcuts = button(tina, "Keyboard shortcuts")
    reach(tina, shortcuts, "Shift+Tab")
    tina.keyboard.press("Enter")
    expect(tina.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    tina.keyboard.press("Escape")
    expect(tina.get_by_role("dialog")).to_have_count(0)
    expect(shortcuts).to_be_focused()
    tina.keyboard.press("Escape")
    expect(ring(tina)).to_be_visible()
    tina.keyboard.press("Shift+F8")
    expect(ring(tina)).to_have_count(0)


def test_keys_go_through_my_chats(talking, contact_page):
    tina, ann = talking
    grace = contact_page("GLOBEX-PC-01")
    button(grace, "Start chat").click()
    expect(button(ring(tina, "Grace Lindqvist"), "Accept")).to_be_enabled()
    sit_at(tina)
    composer(tina).fill("Half a sentence for Ann")
    tina.keyboard.press("F8")
    expect(tina.get_by_role("log", name="Conversation with Grace Lindqvist")).to_be_visible()
    say(ann, "Over here")
    expect(unread(tina, "Ann Keller", 1)).to_be_visible()
    tina.keyboard.press("Alt+Shift+ArrowDown")
    expect(tina.get_by_role("log", name="Conversation with Ann Keller")).to_be_visible()
    expect(composer(tina)).to_have_value("Half a sentence for Ann")
    tina.keyboard.press("Alt+ArrowDown")
    expect(tina.get_by_role("log", name="Conversation with Grace Lindqvist")).to_be_visible()


def test_ctrl_k_goes_to_the_search_and_a_question_mark_shows_the_keys(technician_page):
    tina = technician_page("tina")
    sit_at(tina)
    tina.keyboard.press("?")
    expect(tina.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Ctrl K")
    tina.keyboard.press("Escape")
    expect(tina.get_by_role("dialog")).to_have_count(0)
    tina.keyboard.press("Control+k")
    search = tina.get_by_role("searchbox", name=re.compile("^Search in"))
    expect(search).to_be_focused()
    tina.keyboard.type("payroll?")
    expect(search).to_have_value("payroll?")
    reach(tina, tina.get_by_role("link", name="Devices", exact=True), "Shift+Tab")
    tina.keyboard.press("Control+k")
    expect(search).to_be_focused()


def test_f6_goes_through_the_parts_of_a_page_and_the_first_tab_skips_to_the_conversation(talking):
    tina, _ann = talking
    tina.reload()
    sit_at(tina)
    expect(composer(tina)).to_be_visible()
    tina.keyboard.press("Tab")
    expect(tina.get_by_role("link", name="Skip to the conversation")).to_be_focused()
    tina.keyboard.press("Enter")
    tina.keyboard.press("Tab")
    reach(tina, composer(tina))
    parts = [tina.locator(part) for part in ("#context", ".hd-rail", ".hd-top", "#chat-list", "#main")]
    for key, order in (("F6", parts), ("Shift+F6", [*parts[-2::-1], parts[-1]])):
        for part in order:
            tina.keyboard.press(key)
            expect(part.locator(":focus")).to_have_count(1)
    expect(composer(tina)).to_be_focused()


def test_a_dialog_keeps_the_focus_and_gives_it_back(technician_page, contact_page):
    tina, ann = technician_page("tina", "/customers/"), contact_page("ACME-PC-01")
    sit_at(tina)
    tina.get_by_role("link", name="Acme").click()
    tina.get_by_role("link", name="Ann Keller").first.click()
    press(tina, "Select agent")
    expect(tina.get_by_role("dialog", name="Select agent")).to_be_visible()
    for _ in range(8):
        tina.keyboard.press("Tab")
        # The browser's own bar may have it in between, the page behind never.
        assert tina.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    tina.keyboard.press("Escape")
    expect(button(tina, "Select agent")).to_be_focused()
    open_ticket(tina, "Printer on the second floor")
    press(tina, "Actions")
    press(tina, "Start chat")
    expect(heading(dialog(tina), "Connecting…")).to_be_focused()
    button(ann, "Decline").click()
    expect(heading(dialog(tina), "Ann declined the chat")).to_be_focused()
    press(tina, "Close")
    expect(button(tina, "Actions")).to_be_focused()


def test_alt_and_the_arrows_go_both_ways(talking, contact_page):
    tina, _ann = talking
    grace = contact_page("GLOBEX-PC-01")
    button(grace, "Start chat").click()
    accept(tina, "Grace Lindqvist")
    expect(tina.get_by_role("navigation", name="My chats 2")).to_be_visible()
    sit_at(tina)
    for name in ("Ann Keller", "Grace Lindqvist"):
        tina.keyboard.press("Alt+ArrowUp")
        expect(conversation(tina, name)).to_be_visible()
