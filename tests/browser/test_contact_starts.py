"""A contact asks for a chat, with every outcome but those that a rule refuses (S13–S15, D1)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import (
    accept,
    ask,
    bubbles,
    button,
    composer,
    conversation,
    decline,
    heading,
    ring,
    say,
)

pytestmark = pytest.mark.main_job


def test_a_technician_accepts_and_both_talk(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    ask(ann, "The printer is jammed")
    expect(ring(tina)).to_contain_text("The printer is jammed")
    accept(tina)
    expect(conversation(ann, "Tina Okafor")).to_contain_text("Tina Okafor joined")
    expect(conversation(tina, "Ann Keller")).to_contain_text("Ann asked to chat, Tina")
    say(tina, "Good morning, Ann", to=ann)
    say(ann, "Good morning, Tina")
    said = ["The printer is jammed", "Good morning, Ann", "Good morning, Tina"]
    expect(bubbles(tina)).to_have_text(said)
    expect(bubbles(ann)).to_have_text(said)


def test_a_request_rings_on_every_page_of_the_portal_and_f8_accepts_it(technician_page, contact_page):
    ann, devices = contact_page("ACME-PC-01"), technician_page("tina", "/devices/")
    elsewhere = [devices.context.new_page() for _ in range(3)]
    for page, address in zip(elsewhere, ["/tickets/", "/customers/", "/chats/"], strict=True):
        page.goto(address)
    ask(ann)
    for page in [devices, *elsewhere]:
        expect(ring(page)).to_be_visible()
    expect(button(ring(devices), "Accept")).to_be_enabled()
    devices.keyboard.press("F8")
    expect(composer(devices)).to_be_visible()
    for page in elsewhere:
        expect(ring(page)).to_have_count(0)
    expect(conversation(ann, "Tina Okafor")).to_be_visible()


def test_the_others_are_told_who_took_it(technician_page, contact_page):
    tina, omar, ann = technician_page("tina"), technician_page("omar", "/tickets/"), contact_page("ACME-PC-01")
    ask(ann)
    expect(ring(omar)).to_contain_text("Tina sees it too")
    expect(ann.get_by_text("2 technicians see your request now.")).to_be_visible()
    accept(tina)
    expect(ring(omar)).to_have_count(0)
    expect(omar.locator("[data-notice]")).to_have_text("Ann Keller: Tina Okafor took this chat")


def test_one_declines_and_it_goes_on_ringing_for_the_other(technician_page, contact_page):
    tina, omar, ann = technician_page("tina"), technician_page("omar"), contact_page("ACME-PC-01")
    ask(ann)
    decline(tina)
    expect(ring(omar)).to_be_visible()
    expect(heading(ann, "Asking our technicians")).to_be_visible()
    accept(omar)
    expect(conversation(ann, "Omar Haddad")).to_be_visible()


def test_all_decline_and_the_words_are_kept_for_a_ticket(technician_page, contact_page):
    tina, omar, ann = technician_page("tina"), technician_page("omar"), contact_page("ACME-PC-01")
    ask(ann, "The scanner hums")
    expect(ring(tina)).to_be_visible()
    omar.keyboard.press("Shift+F8")
    expect(button(ring(omar), "Decline")).to_be_enabled()
    omar.keyboard.press("Shift+F8")
    decline(tina)
    expect(heading(ann, "Chat busy")).to_be_focused()
    expect(ann.get_by_text("The scanner hums")).to_be_visible()
    expect(button(ann, "Start chat")).to_be_visible()
    button(ann, "Create new ticket").click()
    expect(ann.get_by_label("Description")).to_have_value("The scanner hums")
    ann.get_by_label("Title").fill("Scanner")
    button(ann, "Create new ticket").click()
    expect(heading(ann, "Scanner")).to_be_visible()
    tina.goto("/tickets/")
    expect(tina.get_by_role("link", name="Scanner")).to_be_visible()


@pytest.mark.environment(CHAT_ANSWER_WITHIN_S=4)
def test_nobody_answers_in_time(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    ask(ann, "Is anybody there?")
    expect(ring(tina)).to_be_visible()
    expect(heading(ann, "Nobody could answer within 4 seconds.")).to_be_focused()
    expect(ann.get_by_text("We kept what you wrote.")).to_be_visible()
    expect(ring(tina)).to_have_count(0)
    button(ann, "Start chat").click()
    expect(ring(tina)).to_contain_text("Is anybody there?")


def test_the_contact_cancels(technician_page, contact_page):
    tina, ann = technician_page("tina", "/tickets/"), contact_page("ACME-PC-01")
    ask(ann)
    expect(ring(tina)).to_be_visible()
    button(ann, "Cancel").click()
    expect(heading(ann, "You cancelled the request.")).to_be_focused()
    expect(ring(tina)).to_have_count(0)
    expect(tina.locator("[data-notice]")).to_have_text("Ann Keller: the request has ended")


def test_an_identity_is_confirmed_by_a_mailed_token(technician_page, contact_page, server, expected_errors):
    expected_errors.append("422")
    tina, page = technician_page("tina"), contact_page("ACME-PC-02")
    page.get_by_label("What can we help you with?").fill("I am new here")
    button(page, "Start chat").click()
    expect(heading(page, "Who are you?")).to_be_visible()
    page.get_by_label("Full name").fill("Nora Quist")
    page.get_by_label("E-mail address").fill("nora.quist@acme.example")
    button(page, "Send token").click()
    token = re.search(r"^\d{6}$", server.letter_to("nora.quist@acme.example"), re.MULTILINE)[0]
    page.get_by_label("Token").fill("000000" if token != "000000" else "111111")
    button(page, "Save").click()
    expect(page.get_by_text("This token is not right. 4 tries left.")).to_be_visible()
    page.get_by_label("Token").fill(token)
    button(page, "Save").click()
    expect(heading(page, "Asking our technicians")).to_be_visible()
    expect(ring(tina, "Nora Quist")).to_contain_text("I am new here")
    accept(tina, "Nora Quist")
    expect(bubbles(page)).to_have_text(["I am new here"])


def test_a_contact_who_was_assigned_beforehand_needs_no_token(technician_page, contact_page):
    tina = technician_page("tina", "/customers/")
    tina.get_by_role("link", name="Acme").click()
    tina.get_by_role("link", name="Ann Keller").click()
    button(tina, "Select agent").click()
    tina.get_by_role("radio", name="ACME-PC-02").check()
    button(tina, "Apply").click()
    expect(tina.get_by_role("main").get_by_role("link", name="ACME-PC-02")).to_be_visible()
    ann = contact_page("ACME-PC-02")
    ask(ann, "From my other computer")
    expect(ring(tina)).to_contain_text("ACME-PC-02")
    accept(tina)
    expect(bubbles(ann)).to_have_text(["From my other computer"])
