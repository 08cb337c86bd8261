"""What a bad line may do to a chat: nothing is lost, doubled or out of order (HAZARDS cases 1, 4, 7, 8, 14; P2, N1)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import (
    accept,
    ask,
    bubbles,
    button,
    composer,
    connect,
    conversation,
    end,
    heading,
    open_device,
    ring,
    say,
)

KEPT = "Kept here, sent when you are back online"


@pytest.fixture
def ann_on_a_bad_line(technician_page, contact_page, proxy):
    """Tina and Ann in a chat; Ann's page comes through the proxy."""
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01", base_url=proxy.url)
    ask(ann)
    accept(tina)
    expect(composer(ann)).to_be_visible()
    return tina, ann


def lines(page):
    """Everything that the thread shows, said or happened."""
    shown = page.get_by_role("log", name=re.compile("^Conversation")).locator(".hd-bubble, .hd-said")
    return [text.strip() for text in shown.filter(visible=True).all_inner_texts()]


@pytest.mark.main_job
def test_what_is_written_while_cut_off_is_kept_and_sent_once(ann_on_a_bad_line, proxy):
    tina, ann = ann_on_a_bad_line
    proxy.cut()
    say(ann, "Written without a connection")
    say(ann, "And more")
    expect(ann.get_by_text("Reconnecting… You can go on writing.")).to_be_visible()
    expect(ann.get_by_text(KEPT).first).to_be_visible()
    say(tina, "Meanwhile")
    proxy.mend()
    expect(ann.get_by_text("Connected again. Nothing was lost.")).to_be_visible(timeout=20_000)
    said = ["Meanwhile", "Written without a connection", "And more"]
    expect(bubbles(ann)).to_have_text(said)
    expect(bubbles(tina)).to_have_text(said)
    expect(ann.get_by_text(KEPT)).to_have_count(0)
    ann.reload()
    expect(bubbles(ann)).to_have_text(said)


def test_what_happened_to_a_request_while_cut_off_appears(technician_page, contact_page, proxy):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01", base_url=proxy.url)
    ask(ann, "Are you there?")
    proxy.cut()
    accept(tina)
    say(tina, "I am")
    button(tina, "Create ticket").click()
    expect(conversation(tina, "Ann Keller")).to_contain_text("was opened")
    proxy.mend()
    expect(bubbles(ann)).to_have_text(["Are you there?", "I am"], timeout=20_000)
    fresh = ann.context.new_page()
    fresh.goto("/agent/")
    expect(bubbles(fresh)).to_have_text(["Are you there?", "I am"])
    expect(conversation(ann, "Tina Okafor")).to_contain_text("was opened")
    assert lines(ann) == lines(fresh)


def test_an_end_while_cut_off_appears_on_the_contacts_page(ann_on_a_bad_line, proxy, expected_errors):
    expected_errors.append("409")
    tina, ann = ann_on_a_bad_line
    proxy.cut()
    say(ann, "Too late")
    say(tina, "Bye")
    end(tina)
    proxy.mend()
    expect(heading(ann, "The chat has ended")).to_be_visible(timeout=20_000)
    expect(ann.get_by_text("Not sent, because the chat has ended.")).to_be_visible()
    expect(ann.get_by_text("Too late")).to_be_visible()
    button(ann, "Create new ticket").click()
    expect(ann.get_by_label("Description")).to_have_value("Too late")


def test_what_happened_while_a_technician_was_cut_off_appears(technician_page, contact_page, proxy, expected_errors):
    expected_errors.append("409")
    tina, ann = technician_page("tina", base_url=proxy.url), contact_page("ACME-PC-01")
    grace = contact_page("GLOBEX-PC-01")
    ask(ann)
    accept(tina)
    expect(composer(ann)).to_be_visible()
    proxy.cut()
    say(tina, "Nobody will read this")
    say(ann, "I solved it")
    end(ann)
    ask(grace, "Help")
    proxy.mend()
    expect(ring(tina, "Grace Lindqvist")).to_be_visible(timeout=20_000)
    expect(tina.get_by_role("group", name="The chat has ended")).to_contain_text("Ann ended the chat")
    expect(tina.get_by_text("Not sent: the chat has ended.")).to_be_visible()
    expect(bubbles(tina).first).to_have_text("I solved it")


def test_all_arrives_once_and_in_order_while_the_line_comes_and_goes(technician_page, contact_page, proxy):
    """HAZARDS case 7: cut for two seconds of every five while both write."""
    tina, ann = technician_page("tina", base_url=proxy.url), contact_page("ACME-PC-01", base_url=proxy.url)
    ask(ann)
    accept(tina)
    expect(composer(ann)).to_be_visible()
    by_tina, by_ann = [], []
    with proxy.flickering(every_s=5, for_s=2):
        while proxy.cuts < 4 and len(by_tina) < 100:
            for page, name, written in ((tina, "Tina", by_tina), (ann, "Ann", by_ann)):
                written.append(f"{name} {len(written) + 1}")
                # As fast as somebody types who does not look up.
                composer(page).press_sequentially(written[-1], delay=10)
                composer(page).press("Enter")
    for page in (tina, ann):
        expect(bubbles(page)).to_have_count(len(by_tina) + len(by_ann), timeout=40_000)
        expect(page.locator("[data-unsent]")).to_have_count(0, timeout=40_000)
    shown = bubbles(tina).all_inner_texts()
    assert [words for words in shown if words.startswith("Tina")] == by_tina
    assert [words for words in shown if words.startswith("Ann")] == by_ann
    assert bubbles(ann).all_inner_texts() == shown


def test_a_line_that_went_silent_is_noticed(technician_page, contact_page, proxy):
    """Nobody told the page that its socket is dead; the missing heartbeats do."""
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01", base_url=proxy.url)
    ann.clock.install()
    ask(ann)
    accept(tina)
    expect(composer(ann)).to_be_visible()
    proxy.freeze()
    say(tina, "Can you hear me?")
    ann.clock.fast_forward(45_000)
    expect(bubbles(ann)).to_have_text(["Can you hear me?"], timeout=20_000)


def test_a_message_whose_answer_was_lost_is_there_once_after_a_reload(ann_on_a_bad_line, proxy):
    """HAZARDS cases 1 and 8: stored, but never acknowledged."""
    tina, ann = ann_on_a_bad_line
    proxy.freeze(only_answers=True)
    say(ann, "Did this arrive?")
    expect(bubbles(tina)).to_have_text(["Did this arrive?"])
    expect(ann.get_by_text("Sending…")).to_be_visible()
    proxy.mend()
    ann.reload()
    expect(bubbles(ann)).to_have_text(["Did this arrive?"])
    say(ann, "It did")
    for page in (tina, ann):
        expect(bubbles(page)).to_have_text(["Did this arrive?", "It did"])


def test_a_tab_that_was_closed_with_an_unsent_message_sends_it_when_it_is_opened_again(ann_on_a_bad_line, proxy):
    tina, ann = ann_on_a_bad_line
    proxy.cut()
    say(ann, "Not sent yet")
    composer(ann).fill("Only a draft")
    context = ann.context
    ann.close()
    proxy.mend()
    again = context.new_page()
    again.goto("/agent/")
    expect(bubbles(again)).to_have_text(["Not sent yet"])
    expect(bubbles(tina)).to_have_text(["Not sent yet"])
    expect(composer(again)).to_have_value("Only a draft")
    composer(again).press("Enter")
    expect(bubbles(tina)).to_have_text(["Not sent yet", "Only a draft"])


def test_a_draft_survives_a_reload_on_both_sides_and_is_not_sent(talking):
    tina, ann = talking
    for page, other in ((tina, ann), (ann, tina)):
        composer(page).fill("Half a sente")
        page.reload()
        expect(composer(page)).to_have_value("Half a sente")
        expect(bubbles(other)).to_have_count(0)
    composer(ann).fill("")
    ann.reload()
    expect(composer(ann)).to_have_value("")


def test_a_slow_line_shows_what_is_on_its_way(ann_on_a_bad_line, proxy):
    tina, ann = ann_on_a_bad_line
    proxy.slow(0.5)
    say(ann, "By slow post")
    expect(ann.get_by_text("Sending…")).to_be_visible()
    expect(bubbles(tina)).to_have_text(["By slow post"])
    expect(ann.get_by_text("Sending…")).to_have_count(0)
    expect(conversation(ann, "Tina Okafor").locator("[data-mark]")).to_have_text(["Read"])


def test_both_start_at_the_same_moment_and_have_one_chat(technician_page, contact_page):
    """HAZARDS case 14, D6: whoever is first asks, and the other one sees that request."""
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    open_device(tina, "ACME-PC-01")
    for name in ("Manage", "More tools", "HelpDesk Agent"):
        button(tina, name).click()
    for start in (button(tina, "Connect"), button(ann, "Start chat")):
        start.evaluate("button => button.click()")
    accept_here = button(ann, "Accept")
    expect(composer(ann).or_(accept_here)).to_be_visible()
    if accept_here.is_visible():
        accept_here.click()
    expect(composer(tina)).to_be_visible()
    say(tina, "One chat")
    expect(bubbles(ann)).to_have_text(["One chat"])
    expect(tina.get_by_role("navigation", name="My chats")).to_contain_text("My chats 1")
    expect(ring(tina)).to_have_count(0)


@pytest.mark.main_job
def test_two_tabs_of_the_contact_are_one_person(technician_page, contact_page):
    """D6, HAZARDS case 14: asked in both, one chat; answered in one, the other follows."""
    tina, one = technician_page("tina"), contact_page("ACME-PC-01")
    other = one.context.new_page()
    other.goto("/agent/")
    button(one, "Start chat").dblclick()
    expect(heading(other, "Asking our technicians")).to_be_visible()
    expect(ring(tina)).to_have_count(1)
    accept(tina)
    for page in (one, other):
        expect(composer(page)).to_be_visible()
    say(one, "From one tab", to=other)
    say(other, "From the other")
    for page in (one, other, tina):
        expect(bubbles(page)).to_have_text(["From one tab", "From the other"])
    expect(other.locator("[data-unsent]")).to_have_count(0)
    end(one)
    expect(heading(other, "The chat has ended")).to_be_visible()
    connect(tina, "ACME-PC-01")
    expect(heading(other, "Tina Okafor wants to chat with you")).to_be_visible()
    button(one, "Accept").click()
    expect(composer(other)).to_be_visible()


def test_a_server_that_is_killed_loses_nothing_and_the_pages_come_back(talking, server):
    tina, ann = talking
    for number in range(1, 4):
        say(ann, f"Before {number}")
    expect(bubbles(tina)).to_have_count(3)
    server.kill()
    say(tina, "While it was away, from Tina")
    say(ann, "While it was away, from Ann")
    server.start()
    for page in (tina, ann):
        expect(bubbles(page)).to_have_count(5, timeout=30_000)
    shown = bubbles(tina).all_inner_texts()
    assert shown[:3] == ["Before 1", "Before 2", "Before 3"]
    assert sorted(shown[3:]) == ["While it was away, from Ann", "While it was away, from Tina"]
    assert bubbles(ann).all_inner_texts() == shown
