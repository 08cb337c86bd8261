"""Files of forms that nobody loses unseen: asked about, said, put where they are meant, and played on (S19)."""

import pytest
from playwright.sync_api import expect

from tests.browser.file_steps import PASTE, given
from tests.browser.steps import button, composer, open_ticket, start_from_ticket
from tests.browser.test_ticket_files import TITLE, attach, card, reply
from tests.files import honest, put
from tests.files.films import film as filmed

PLAY = "film => film.play().then(() => !film.paused)"
PLAYS_ON = "film => film.isConnected && !film.paused"


@pytest.fixture
def pdf(tmp_path):
    return honest("pdf", tmp_path, "Rota.pdf")


def test_leaving_a_form_asks_about_its_files_until_it_was_sent(technician_page, pdf):
    tina = technician_page("tina", "/tickets/new/")
    asked = []
    tina.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    attach(tina, pdf)
    expect(card(tina, "ready")).to_have_count(1)
    expect(tina.get_by_role("status").filter(has_text="Rota.pdf is attached.")).to_have_count(1)
    tina.get_by_role("link", name="Cancel", exact=True).click(no_wait_after=True)
    expect(card(tina, "ready")).to_have_count(1)
    assert asked == ["beforeunload"]
    tina.get_by_label("Title").fill("Scanner jams")
    tina.locator("#id_customer").select_option(index=1)
    expect(tina.locator("#id_contact")).to_be_visible()
    button(tina, "Create ticket").click()
    expect(tina.get_by_role("link", name="Download Rota.pdf")).to_be_visible()
    tina.reload()
    assert asked == ["beforeunload"]


def test_a_refused_file_is_asked_about_too_until_it_is_removed(contact_page, tmp_path):
    ann = contact_page("ACME-PC-01")
    ann.goto("/agent/tickets/new/")
    asked = []
    ann.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    attach(ann, put(b"x", tmp_path, "notes.txt"))
    expect(card(ann, "notes.txt")).to_be_visible()
    ann.reload()
    assert asked == ["beforeunload"]
    attach(ann, put(b"x", tmp_path, "notes.txt"))
    button(ann, "Remove notes.txt").click()
    ann.reload()
    assert asked == ["beforeunload"]


def test_a_removed_file_that_was_refused_is_taken_back_from_the_server(contact_page, tmp_path, expected_errors):
    expected_errors.append("status of 415")
    ann = contact_page("ACME-PC-01")
    ann.goto("/agent/tickets/new/")
    attach(ann, put(b"<html>Not a PDF</html>", tmp_path, "Invoice.pdf"))
    expect(card(ann, "Invoice.pdf")).to_contain_text("It was not sent.")
    with ann.expect_response(lambda answer: answer.request.method == "DELETE") as taken_back:
        button(ann, "Remove Invoice.pdf").click()
    assert taken_back.value.status == 204


def test_what_is_pasted_nowhere_goes_where_somebody_was_last(technician_page, contact_page, pdf):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    open_ticket(tina, TITLE)
    start_from_ticket(tina)
    button(ann, "Accept").click()
    expect(composer(tina)).to_be_focused()
    # Nobody has been anywhere on this one.
    tina.reload()
    expect(composer(tina)).to_be_visible()
    tina.locator("body").evaluate(PASTE, given(tina, [pdf]))
    expect(tina.get_by_text("Click where the files should go, then paste again.")).to_be_visible()
    expect(card(tina, "Rota.pdf")).to_have_count(0)
    reply(tina).focus()
    reply(tina).blur()
    tina.locator("body").evaluate(PASTE, given(tina, [pdf]))
    expect(card(tina, "Rota.pdf")).to_have_count(1)


def test_a_film_in_a_ticket_plays_on_while_an_answer_comes(technician_page, contact_page, tmp_path):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    ann.goto("/agent/tickets/")
    ann.get_by_role("link", name=TITLE).click()
    attach(ann, put(filmed("mp4", codec="libvpx-vp9", movflags="faststart"), tmp_path, "feed.mp4"))
    expect(card(ann, "ready")).to_have_count(1)
    ann.get_by_label("Your reply").fill("It does this.")
    button(ann, "Send").click()
    watched = ann.locator('video[aria-label="feed.mp4"]').element_handle()
    # It lasts until the second answer.
    watched.evaluate("film => { film.playbackRate = 0.1; film.muted = true; }")
    assert watched.evaluate(PLAY)
    open_ticket(tina, TITLE)
    for words in ("I see it.", "It is the roller."):
        reply(tina).fill(words)
        button(tina, "Send reply").click()
        expect(ann.get_by_text(words)).to_be_visible(timeout=25_000)
        assert watched.evaluate(PLAYS_ON)
