"""The main job in small windows, a technician's phone and a contact's smallest page: nothing scrolls sideways."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import (
    accept,
    ask,
    bubbles,
    button,
    composer,
    connect,
    dialog,
    end,
    heading,
    ring,
    say,
    sit_at,
)

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SMALLEST = {"viewport": {"width": 320, "height": 480}}
LONG = "https://example.com/" + "unbreakable" * 20


def fits(page):
    """Whether the page is no wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
def in_small_windows(technician_page, contact_page):
    return technician_page("tina", **PHONE), contact_page("ACME-PC-01", **SMALLEST)


@pytest.mark.main_job
def test_a_contact_starts_and_it_becomes_a_ticket(in_small_windows):
    tina, ann = in_small_windows
    assert fits(ann)
    ask(ann, LONG)
    assert fits(ann)
    expect(ring(tina)).to_be_visible()
    assert fits(tina)
    accept(tina)
    say(tina, LONG)
    # The same words twice: the first of them stand there already.
    expect(bubbles(ann)).to_have_count(2)
    say(ann, "Thank you")
    for page in (tina, ann):
        expect(bubbles(page)).to_have_text([LONG, LONG, "Thank you"])
        assert fits(page)
        expect(composer(page)).to_be_in_viewport(ratio=1)
        expect(bubbles(page).last).to_be_in_viewport(ratio=1)
        expect(button(page, "Send")).to_be_in_viewport(ratio=1)
    button(tina, "Create ticket").click()
    expect(button(tina, "Rename")).to_be_visible()
    sit_at(tina)
    button(tina, "Rename").click()
    name = tina.get_by_role("textbox", name="Name", exact=True)
    expect(name).to_be_focused()
    expect(name).to_be_in_viewport(ratio=1)
    name.fill("From the phone")
    name.press("Enter")
    tina.keyboard.press("Escape")
    expect(composer(tina)).to_be_in_viewport(ratio=1)
    end(tina)
    expect(heading(ann, "The chat has ended")).to_be_in_viewport()
    assert fits(ann)
    assert fits(tina)


@pytest.mark.main_job
def test_a_technician_starts(in_small_windows):
    tina, ann = in_small_windows
    connect(tina, "ACME-PC-01")
    expect(heading(dialog(tina), "Connecting…")).to_be_in_viewport(ratio=1)
    assert fits(tina)
    expect(button(dialog(tina), "Cancel request")).to_be_in_viewport(ratio=1)
    expect(heading(ann, "Tina Okafor wants to chat with you")).to_be_visible()
    assert fits(ann)
    button(ann, "Accept").click()
    expect(composer(tina)).to_be_in_viewport(ratio=1)
    end(ann)
    tina.get_by_role("link", name="Back to my chats").click()
    expect(tina.get_by_text("Waiting for someone")).to_be_in_viewport(ratio=1)
    tina.get_by_role("navigation", name="Main").get_by_role("link", name="Tickets").click()
    expect(heading(tina, "Tickets")).to_be_visible()
    assert fits(tina)
