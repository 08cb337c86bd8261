"""Files on their way over a bad line, away from their chat, and after its end (S16; HAZARDS cases 19, 23)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.file_steps import attach, bar, cards, film, sent
from tests.browser.steps import accept, ask, bubbles, button, composer, conversation, end, heading, say
from tests.files import big


@pytest.fixture
def on_a_bad_line(technician_page, contact_page, proxy):
    """Tina and Ann in a chat; both pages come through the proxy."""
    tina, ann = technician_page("tina", base_url=proxy.url), contact_page("ACME-PC-01", base_url=proxy.url)
    ask(ann)
    accept(tina)
    expect(composer(ann)).to_be_visible()
    return tina, ann


@pytest.mark.main_job
def test_a_line_that_breaks_midway_is_mended_and_the_file_sent_once(on_a_bad_line, proxy, tmp_path):
    tina, ann = on_a_bad_line
    proxy.slow(0.2)
    attach(ann, big("mp4", tmp_path, 12, "long.mp4"))
    expect(bar(ann, "long.mp4")).not_to_have_js_property("value", 0)
    expect(cards(ann)).to_contain_text("of 12")
    proxy.cut()
    expect(cards(ann)).to_contain_text("The connection broke. Trying again…")
    say(ann, "It is coming")
    proxy.mend()
    expect(film(tina, "long.mp4")).to_be_visible(timeout=40_000)
    expect(bubbles(tina)).to_have_text(["It is coming"])
    expect(cards(ann)).to_have_count(0)
    expect(sent(ann)).to_have_count(1)


def test_an_upload_that_stands_still_begins_anew(on_a_bad_line, proxy, tmp_path):
    tina, ann = on_a_bad_line
    ann.clock.install()
    proxy.slow(0.2)
    attach(ann, big("mp4", tmp_path, 12, "long.mp4"))
    expect(bar(ann, "long.mp4")).not_to_have_js_property("value", 0)
    proxy.freeze()
    ann.clock.run_for(31_000)
    expect(cards(ann)).to_contain_text("The connection broke. Trying again…")
    proxy.mend()
    ann.clock.resume()
    expect(sent(tina)).to_have_count(1, timeout=20_000)
    expect(cards(ann)).to_have_count(0, timeout=20_000)


def test_a_file_whose_answer_was_lost_is_there_once(on_a_bad_line, technician_page, proxy, tmp_path):
    _tina, ann = on_a_bad_line
    proxy.slow(0.1)
    attach(ann, big("mp4", tmp_path, 3, "long.mp4"))
    expect(bar(ann, "long.mp4")).not_to_have_js_property("value", 0)
    proxy.freeze(only_answers=True)
    proxy.slow(0)
    tina = technician_page("tina", "/chats/1/")
    expect(sent(tina)).to_have_count(1)
    expect(cards(ann)).to_have_count(1)
    proxy.mend()
    expect(cards(ann)).to_have_count(0, timeout=20_000)
    say(ann, "Did it arrive?", to=tina)
    for page in (tina, ann):
        expect(sent(page)).to_have_count(1)


def test_a_line_that_stays_broken_leaves_it_to_the_sender(on_a_bad_line, proxy, tmp_path):
    tina, ann = on_a_bad_line
    ann.clock.install()
    proxy.slow(0.2)
    attach(ann, big("mp4", tmp_path, 12, "long.mp4"))
    expect(bar(ann, "long.mp4")).not_to_have_js_property("value", 0)
    proxy.cut()
    for _ in range(40):
        ann.clock.run_for(5000)
        if button(ann, "Again").is_visible():
            break
    expect(cards(ann)).to_contain_text(re.compile(r"The connection broke at \d+ %\."))
    proxy.mend()
    button(ann, "Again").click()
    expect(sent(tina)).to_have_count(1)
    expect(cards(ann)).to_have_count(0)


def test_an_upload_is_cancelled_asks_before_one_leaves_and_outlasts_another_chat(
    on_a_bad_line, contact_page, proxy, tmp_path
):
    tina, ann = on_a_bad_line
    asked = []
    tina.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    grace = contact_page("GLOBEX-PC-01")
    ask(grace)
    proxy.slow(0.2)
    attach(tina, big("mp4", tmp_path, 12, "long.mp4"))
    expect(bar(tina, "long.mp4")).not_to_have_js_property("value", 0)
    tina.get_by_role("link", name="Tickets", exact=True).click(no_wait_after=True)
    expect(cards(tina)).to_have_count(1)
    accept(tina, "Grace Lindqvist")
    expect(cards(tina)).to_have_count(0)
    tina.get_by_role("link", name=re.compile("^Ann Keller")).click()
    expect(conversation(tina, "Ann Keller")).to_be_visible()
    button(tina, "Cancel long.mp4").click()
    expect(cards(tina)).to_have_count(0)
    proxy.slow(0)
    say(tina, "Not needed after all", to=ann)
    expect(sent(ann)).to_have_count(0)
    assert asked == ["beforeunload"]
    tina.get_by_role("link", name="Tickets", exact=True).click()
    expect(heading(tina, "Tickets").first).to_be_visible()
    assert asked == ["beforeunload"]


def test_a_chat_that_ends_during_an_upload_says_that_it_was_not_sent(on_a_bad_line, proxy, tmp_path, expected_errors):
    expected_errors.append("409")
    tina, ann = on_a_bad_line
    path = big("mp4", tmp_path, 12, "long.mp4")
    proxy.slow(0.2)
    for page in (tina, ann):
        attach(page, path)
        expect(bar(page, "long.mp4")).not_to_have_js_property("value", 0)
    end(tina)
    expect(heading(ann, "The chat has ended")).to_be_visible()
    for page in (tina, ann):
        expect(cards(page)).to_contain_text("Not sent: the chat has ended.")
        button(page, "Remove long.mp4").click()
        expect(cards(page)).to_have_count(0)
