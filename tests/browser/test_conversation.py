"""A chat under way, how it becomes a ticket, and how it ends (S2, S8, S11, S17, S18, P1–P3)."""

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
    dialog,
    end,
    heading,
    open_ticket,
    say,
    sit_at,
    unread,
)

pytestmark = pytest.mark.main_job

UNTITLED = "New ticket opened from chat"
HOSTILE = [
    "<script>document.title = 'owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    '<b hx-get="/sign-out/" hx-trigger="load">bold</b>',
    "{{ chat.pk }} {% now 'Y' %} ${1 + 1}",
    "</article></section><h1>Out</h1>",
]


def test_everything_said_is_there_once_and_in_order_on_both_sides(talking):
    tina, ann = talking
    said = []
    for number in range(1, 6):
        say(tina, f"Question {number}")
        say(ann, f"Answer {number}")
        said += [f"Question {number}", f"Answer {number}"]
        expect(bubbles(tina)).to_have_count(len(said))
    expect(bubbles(ann)).to_have_count(len(said))
    assert sorted(bubbles(tina).all_inner_texts()) == sorted(said)
    assert bubbles(ann).all_inner_texts() == bubbles(tina).all_inner_texts()
    for page in (tina, ann):
        shown = bubbles(page).all_inner_texts()
        page.reload()
        expect(bubbles(page)).to_have_text(shown)


def test_who_types_is_seen_until_the_message_is_there(talking):
    tina, ann = talking
    for writer, reader, words in ((ann, tina, "Ann is typing…"), (tina, ann, "Tina is typing…")):
        composer(writer).press_sequentially("Wait")
        expect(reader.get_by_text(words)).to_be_visible()
        composer(writer).press("Enter")
        expect(reader.get_by_text(words)).to_be_hidden()


def test_marks_say_delivered_and_read_only_when_it_is_so(talking):
    tina, ann = talking
    marks = conversation(ann, "Tina Okafor").locator("[data-mark]")
    tina.goto("/tickets/")
    say(ann, "Are you there?")
    expect(marks).to_have_text(["Delivered"])
    sit_at(tina)
    tina.get_by_role("link", name=re.compile("^Chats")).click()
    unread(tina, "Ann Keller", 1).click()
    expect(marks).to_have_text(["Read"])


def test_unread_messages_are_counted_with_two_chats_at_once(talking, contact_page):
    tina, ann = talking
    grace = contact_page("GLOBEX-PC-01")
    ask(grace)
    accept(tina, "Grace Lindqvist")
    for words in ("One", "Two"):
        say(ann, words)
    expect(tina).to_have_title(re.compile(r"^\(2\) "))
    expect(tina.get_by_role("link", name="Chats 2")).to_be_visible()
    sit_at(tina)
    say(grace, "Not counted: it is read at once")
    expect(bubbles(tina)).to_have_text(["Not counted: it is read at once"])
    expect(tina).to_have_title(re.compile(r"^\(2\) "))
    unread(tina, "Ann Keller", 2).click()
    expect(bubbles(tina)).to_have_text(["One", "Two"])
    expect(tina).to_have_title(re.compile(r"^Chats"))
    say(tina, "Three, for Ann")
    expect(bubbles(ann)).to_have_text(["One", "Two", "Three, for Ann"])
    expect(bubbles(grace)).to_have_count(1)


def test_shift_enter_breaks_the_line(talking):
    tina, ann = talking
    composer(tina).press_sequentially("First line")
    composer(tina).press("Shift+Enter")
    composer(tina).press_sequentially("second line")
    composer(tina).press("Enter")
    expect(bubbles(ann)).to_have_count(1)
    assert bubbles(ann).inner_text() == "First line\nsecond line"


def test_what_looks_like_code_is_text(talking):
    """HAZARDS case 27."""
    tina, ann = talking
    for words in HOSTILE:
        say(ann, words)
        say(tina, words)
    for page in (tina, ann):
        expect(bubbles(page)).to_have_count(2 * len(HOSTILE))
        assert sorted(bubbles(page).all_inner_texts()) == sorted(HOSTILE * 2)
        page.reload()
        expect(bubbles(page)).to_have_count(2 * len(HOSTILE))
        expect(bubbles(page).locator("script, img, b, h1")).to_have_count(0)
        expect(page).not_to_have_title(re.compile("owned"))


def test_addresses_are_links(talking):
    tina, ann = talking
    say(tina, "See https://example.com/help?a=1&b=2.")
    link = bubbles(ann).get_by_role("link")
    expect(link).to_have_text("https://example.com/help?a=1&b=2")
    expect(link).to_have_attribute("href", "https://example.com/help?a=1&b=2")
    expect(link).to_have_attribute("rel", re.compile("noopener|noreferrer"))
    expect(link).to_have_attribute("target", "_blank")


@pytest.mark.environment(CHAT_IDLE_AFTER_S=12, CHAT_IDLE_WARNING_S=8)
def test_a_quiet_chat_is_warned_of_kept_open_and_then_ends_on_both_sides(talking):
    tina, ann = talking
    warning = re.compile(r"Quiet for 4 seconds. Ends in 0:0\d")
    expect(ann.get_by_text(warning)).to_be_visible()
    expect(tina.get_by_text(warning)).to_be_visible()
    button(ann, "Keep it open").click()
    for page in (tina, ann):
        expect(page.get_by_text(warning)).to_be_hidden()
    expect(heading(ann, "The chat has ended")).to_be_visible(timeout=20_000)
    expect(tina.get_by_role("group", name="The chat has ended")).to_contain_text("12 quiet seconds")
    expect(composer(tina)).to_have_count(0)
    expect(composer(ann)).to_have_count(0)


def test_the_contact_ends_the_chat(talking):
    tina, ann = talking
    say(ann, "Thank you")
    end(ann)
    expect(heading(ann, "The chat has ended")).to_be_focused()
    expect(ann.get_by_text("You ended the chat at")).to_be_visible()
    expect(tina.get_by_role("group", name="The chat has ended")).to_contain_text("Ann ended the chat")
    expect(composer(tina)).to_have_count(0)
    ann.get_by_role("link", name="Read the chat again").click()
    expect(bubbles(ann)).to_have_text(["Thank you"])


def test_what_was_being_written_at_the_end_begins_the_next_chat(talking):
    tina, ann = talking
    composer(tina).press_sequentially("Try the other")
    end(ann)
    ended = tina.get_by_role("group", name="The chat has ended")
    expect(ended).to_be_visible()
    expect(tina.get_by_text("Try the other")).to_be_visible()
    tina.reload()
    expect(tina.get_by_text("Try the other")).to_be_visible()
    button(ended, "Start chat").click()
    button(ann, "Accept").click()
    expect(composer(tina)).to_have_value("Try the other")


def test_the_technician_ends_the_chat_names_its_ticket_and_starts_again(talking):
    tina, ann = talking
    say(ann, "The mouse is dead")
    button(tina, "Create ticket").click()
    expect(conversation(tina, "Ann Keller")).to_contain_text(re.compile(r"Ticket #\d+ was opened"))
    expect(conversation(ann, "Tina Okafor")).to_contain_text(re.compile(r"Ticket #\d+ was opened"))
    sit_at(tina)
    end(tina)
    expect(heading(ann, "The chat has ended")).to_be_visible()
    expect(ann.get_by_text(re.compile("Tina Okafor ended it at"))).to_be_visible()
    name = tina.get_by_role("textbox", name="Name", exact=True)
    expect(name).to_be_focused()
    expect(tina.get_by_text("Give the ticket a name").first).to_be_visible()
    name.fill("Mouse of Ann")
    name.press("Enter")
    expect(conversation(tina, "Ann Keller")).to_contain_text("is now called “Mouse of Ann”")
    expect(ann.get_by_text("Mouse of Ann")).to_be_visible()
    button(tina.get_by_role("group", name="The chat has ended"), "Start chat").click()
    expect(heading(dialog(tina), "Connecting…")).to_be_visible()
    button(ann, "Accept").click()
    say(ann, "It lives again")
    expect(bubbles(tina)).to_have_text(["The mouse is dead", "It lives again"])
    open_ticket(tina, "Mouse of Ann")


@pytest.mark.environment(CHAT_TICKET_AFTER_S=3, CHAT_SWEEP_EVERY_S=1)
def test_a_ticket_opens_by_itself_and_its_page_follows_the_chat(talking):
    tina, ann = talking
    say(ann, "My screen flickers")
    for page, name in ((tina, "Ann Keller"), (ann, "Tina Okafor")):
        expect(conversation(page, name)).to_contain_text(re.compile(r"Ticket #\d+ was opened"))
    details = tina.get_by_role("complementary", name="Details")
    expect(details.get_by_role("heading", name="Ticket of this chat")).to_be_visible()
    ticket = tina.context.new_page()
    open_ticket(ticket, UNTITLED)
    expect(bubbles(ticket)).to_have_text(["My screen flickers"])
    say(ann, "Every ten seconds")
    expect(bubbles(ticket)).to_have_text(["My screen flickers", "Every ten seconds"])
    say(ticket, "I look at it from the ticket")
    expect(bubbles(ann)).to_have_text(["My screen flickers", "Every ten seconds", "I look at it from the ticket"])
    expect(bubbles(tina)).to_have_count(3)


def test_beside_the_chat_stands_who_it_is(talking):
    """P3: the contact, the device and the contact's open tickets."""
    tina, _ann = talking
    details = tina.get_by_role("complementary", name="Details")
    for words in ("ann.keller@acme.example", "ACME-PC-01", "Windows 11 Pro 24H2", "3.2.1"):
        expect(details).to_contain_text(words)
    expect(details.get_by_role("link", name="Access to the shared folder for payroll")).to_be_visible()


def test_a_message_is_told_on_every_page_of_the_portal(talking):
    tina, ann = talking
    tina.goto("/devices/")
    say(ann, "Where are you?")
    expect(tina).to_have_title(re.compile(r"^\(1\) "))
    expect(tina.get_by_role("link", name="Chats 1")).to_be_visible()
