"""The contact's page as a browser has it: its door, what is typed on it, and what happens in the other tab."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import ask, bubbles, button, composer, connect, conversation, end, heading, open_device, say

ABOUT = "What can we help you with?"


def new_link(tina, device):
    """A launch link for a device, as the technician hands it out."""
    open_device(tina, device)
    for name in ("Manage", "More tools", "HelpDesk Agent", "New launch link"):
        button(tina, name).click()
    tina.get_by_role("dialog").get_by_role("button", name=re.compile("link")).click()
    return tina.get_by_role("textbox", name="Launch link").input_value()


def confirm(page, server, name, email):
    page.get_by_label("Full name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    button(page, "Send token").click()
    page.get_by_label("Token").fill(re.search(r"^\d{6}$", server.letter_to(email), re.MULTILINE)[0])
    button(page, "Save").click()


@pytest.mark.main_job
def test_a_launch_link_opens_the_page_and_leaves_no_trace(technician_page, new_context, expected_errors):
    expected_errors.append("401")
    link = new_link(technician_page("tina"), "ACME-PC-01")
    page = new_context().new_page()
    page.goto(link)
    expect(button(page, "Start chat")).to_be_visible()
    assert page.evaluate("location.href").endswith("/agent/")
    page.go_back()
    assert "#" not in page.url


def test_a_wrong_link_says_how_to_get_another(new_context, expected_errors):
    expected_errors += ["401", "403"]
    page = new_context().new_page()
    page.goto("/agent/#made-up")
    expect(page.get_by_text("This link is not valid any more.")).to_be_visible()
    assert "#" not in page.url


def test_a_revoked_link_closes_the_page_at_once(technician_page, new_context, expected_errors):
    expected_errors += ["401", "WebSocket"]
    tina = technician_page("tina")
    link = new_link(tina, "ACME-PC-01")
    page = new_context().new_page()
    page.goto(link)
    expect(heading(page, re.compile("Ann"))).to_be_visible()
    new_link(tina, "ACME-PC-01")
    expect(heading(page, "This page is closed")).to_be_visible()
    assert "Ann" not in page.content()


def test_what_was_typed_is_there_again_after_a_technicians_request(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    ann.get_by_label(ABOUT).fill("My monitor fli")
    connect(tina, "ACME-PC-01")
    button(ann, "Decline").click()
    ann.get_by_role("link", name="Back").click()
    expect(ann.get_by_label(ABOUT)).to_have_value("My monitor fli")


def test_a_ticket_that_is_being_written_is_there_again(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    button(ann, "Create new ticket").click()
    ann.get_by_label("Title").fill("Monitor")
    ann.get_by_label("Description").fill("It flickers")
    connect(tina, "ACME-PC-01")
    button(ann, "Decline").click()
    button(ann, "Create new ticket").click()
    expect(ann.get_by_label("Title")).to_have_value("Monitor")
    button(ann, "Create new ticket").click()
    expect(ann.get_by_text("It flickers")).to_be_visible()
    ann.goto("/agent/tickets/new/")
    expect(ann.get_by_label("Title")).to_have_value("")


def test_answered_in_one_tab_the_other_follows(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    other = ann.context.new_page()
    other.goto("/agent/")
    connect(tina, "ACME-PC-01")
    button(ann, "Accept").click()
    expect(conversation(other, "Tina Okafor")).to_be_visible()
    say(other, "Hello from here")
    expect(bubbles(ann)).to_have_text(["Hello from here"])
    end(ann)
    expect(heading(other, "The chat has ended")).to_be_visible()


def test_another_person_confirms_and_every_tab_is_that_persons(technician_page, contact_page, server, expected_errors):
    expected_errors += ["401", "WebSocket"]
    tina, page = technician_page("tina"), contact_page("ACME-PC-01")
    page.get_by_label(ABOUT).fill("Ann's own words")
    other = page.context.new_page()
    other.goto("/agent/")
    page.get_by_role("link", name="Not you?").click()
    confirm(page, server, "Bea Long", "bea@acme.example")
    for tab in (page, other):
        expect(heading(tab, re.compile("Bea"))).to_be_visible()
        expect(tab.get_by_label(ABOUT)).to_have_value("")
    ask(page)
    expect(tina.get_by_role("article", name="New chat request from Bea Long")).to_be_visible()


@pytest.mark.main_job
def test_what_came_too_late_stands_ready_for_a_ticket(talking):
    tina, ann = talking
    composer(ann).fill("One more thing")
    end(tina)
    expect(heading(ann, "The chat has ended")).to_be_focused()
    expect(ann.get_by_text("One more thing")).to_be_visible()
    button(ann, "Create new ticket").click()
    expect(ann.get_by_label("Description")).to_have_value("One more thing")


def test_the_first_request_of_a_page_is_answered_by_keyboard(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    connect(tina, "ACME-PC-01")
    expect(heading(ann, "Tina Okafor wants to chat with you")).to_be_focused()
    ann.keyboard.press("Tab")
    ann.keyboard.press("Enter")
    expect(composer(ann)).to_be_focused()
    ann.keyboard.type("Hello Tina")
    ann.keyboard.press("Enter")
    expect(bubbles(tina)).to_have_text(["Hello Tina"])


@pytest.mark.parametrize("size", [(320, 480), (400, 640), (1440, 900)])
def test_nothing_has_to_be_scrolled_sideways(size, talking, contact_page):
    viewport = {"width": size[0], "height": size[1]}
    page = contact_page("GLOBEX-PC-01", viewport=viewport)
    for address in ("/agent/", "/agent/identity/", "/agent/tickets/", "/agent/tickets/new/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    _tina, ann = talking
    ann.set_viewport_size(viewport)
    say(ann, "https://intranet.example/" + "x" * 300)
    expect(bubbles(ann)).to_have_count(1)
    assert ann.evaluate("document.documentElement.scrollWidth <= innerWidth")
