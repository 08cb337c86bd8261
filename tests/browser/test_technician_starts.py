"""A technician asks for a chat, from a device and from a ticket, with every outcome but a refusal (S7–S10, S12, D6)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import (
    bubbles,
    button,
    composer,
    connect,
    conversation,
    dialog,
    end,
    heading,
    open_ticket,
    say,
    start_from_ticket,
)

pytestmark = pytest.mark.main_job

TICKET = "Printer on the second floor prints blank pages"


def asked(page, name="Tina Okafor"):
    """The contact's page says who asks."""
    return heading(page, f"{name} wants to chat with you")


def steps(tina):
    """The ladder of honest steps."""
    return dialog(tina).get_by_role("listitem")


def test_from_a_device_accepted(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    connect(tina, "ACME-PC-01")
    expect(heading(dialog(tina), "Connecting…")).to_be_visible()
    expect(steps(tina)).to_contain_text(["Request sent", "Page opened on the device", "Waiting for Ann", "Chat"])
    expect(asked(ann)).to_be_focused()
    expect(ann).to_have_title(re.compile("Tina asks to chat"))
    expect(ann.get_by_role("timer")).to_have_text(re.compile(r"[01]:\d\d"))
    button(ann, "Accept").click()
    expect(conversation(ann, "Tina Okafor")).to_contain_text("Tina Okafor joined")
    expect(composer(tina)).to_be_visible()
    expect(dialog(tina)).to_have_count(0)
    say(tina, "Hello Ann", to=ann)
    say(ann, "Hello Tina")
    expect(bubbles(tina)).to_have_text(["Hello Ann", "Hello Tina"])
    expect(bubbles(ann)).to_have_text(["Hello Ann", "Hello Tina"])


def test_declined_and_asked_again(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    connect(tina, "ACME-PC-01")
    button(ann, "Decline").click()
    expect(heading(ann, "You declined the chat.")).to_be_focused()
    expect(heading(dialog(tina), "Ann declined the chat")).to_be_visible()
    expect(steps(tina)).to_contain_text(["Request sent", "Page opened on the device", "Declined by Ann"])
    button(dialog(tina), "Ask again").click()
    expect(heading(dialog(tina), "Connecting…")).to_be_visible()
    button(ann, "Accept").click()
    expect(composer(tina)).to_be_visible()
    expect(composer(ann)).to_be_visible()


@pytest.mark.environment(CHAT_ANSWER_WITHIN_S=4)
def test_no_answer(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    connect(tina, "ACME-PC-01")
    expect(asked(ann)).to_be_visible()
    expect(heading(dialog(tina), "Ann did not answer within 4 seconds")).to_be_visible()
    expect(steps(tina)).to_contain_text(["Request sent", "Page opened on the device", "No answer within 4 seconds"])
    expect(ann.get_by_text(re.compile("Tina Okafor asked to chat at .*The request has ended."))).to_be_visible()
    button(dialog(tina), "Close").click()
    expect(dialog(tina)).to_have_count(0)


@pytest.mark.environment(CHAT_ANSWER_WITHIN_S=4)
def test_the_page_was_never_opened(technician_page):
    tina = technician_page("tina")
    connect(tina, "GLOBEX-PC-01")
    expect(steps(tina)).to_contain_text(["Request sent", "Page opens on the device", "Waiting for Grace", "Chat"])
    expect(heading(dialog(tina), "The page did not open on GLOBEX-PC-01")).to_be_visible()
    expect(steps(tina)).to_contain_text(["Request sent", "Page not opened"])
    expect(dialog(tina).get_by_role("link", name="Write in a ticket instead")).to_be_visible()


def test_cancelled(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    connect(tina, "ACME-PC-01")
    expect(asked(ann)).to_be_visible()
    button(dialog(tina), "Cancel request").click()
    expect(heading(dialog(tina), "You cancelled the request")).to_be_visible()
    expect(asked(ann)).to_have_count(0)
    expect(ann.get_by_text(re.compile("The request has ended."))).to_be_visible()


def test_the_dialog_is_closed_and_the_answer_is_told_elsewhere(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    connect(tina, "ACME-PC-01")
    button(dialog(tina), "Keep waiting in Chats").click()
    expect(dialog(tina)).to_have_count(0)
    button(ann, "Accept").click()
    notice = tina.locator("[data-notice]").get_by_role("link", name="Ann accepted")
    notice.click()
    expect(composer(tina)).to_be_visible()


def test_somebody_without_a_name_is_asked(technician_page, contact_page):
    tina, page = technician_page("tina"), contact_page("ACME-PC-02")
    connect(tina, "ACME-PC-02")
    button(page, "Accept").click()
    expect(conversation(tina, "Someone at ACME-PC-02")).to_be_visible()
    say(page, "It is me")
    expect(bubbles(tina)).to_have_text(["It is me"])


def test_who_asks_while_the_contact_rings_has_the_chat(technician_page, contact_page):
    tina, omar, ann = technician_page("tina"), technician_page("omar", "/tickets/"), contact_page("ACME-PC-01")
    button(ann, "Start chat").click()
    expect(heading(ann, "Asking our technicians")).to_be_visible()
    connect(tina, "ACME-PC-01")
    expect(composer(tina)).to_be_visible()
    expect(conversation(ann, "Tina Okafor")).to_be_visible()
    expect(omar.locator("[data-notice]")).to_have_text("Ann Keller: Tina Okafor took this chat")


def test_from_a_ticket_the_chat_goes_on_in_it(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    open_ticket(tina, TICKET)
    start_from_ticket(tina)
    expect(heading(dialog(tina), "Connecting…")).to_be_visible()
    expect(ann.get_by_text(TICKET)).to_be_visible()
    button(ann, "Accept").click()
    # Nobody can write behind it.
    expect(dialog(tina)).to_be_hidden()
    expect(composer(tina)).to_be_visible()
    say(tina, "About the printer", to=ann)
    say(ann, "It is on fire now")
    expect(bubbles(tina)).to_have_text(["About the printer", "It is on fire now"])
    expect(tina).to_have_url(re.compile(r"/tickets/\d+/"))
    end(ann)
    start_from_ticket(tina)
    button(ann, "Accept").click()
    say(ann, "Here again")
    expect(bubbles(tina)).to_have_text(["About the printer", "It is on fire now", "Here again"])
    expect(bubbles(ann)).to_have_text(["About the printer", "It is on fire now", "Here again"])


def test_from_a_ticket_an_open_chat_is_opened_and_not_doubled(technician_page, talking):
    tina, ann = talking
    say(ann, "In the chat")
    expect(bubbles(tina)).to_have_text(["In the chat"])
    open_ticket(tina, TICKET)
    start_from_ticket(tina)
    expect(bubbles(tina)).to_have_text(["In the chat"])
    say(tina, "In the ticket")
    expect(bubbles(ann)).to_have_text(["In the chat", "In the ticket"])
