"""Files in a chat: chosen, dropped or pasted, on their way, refused, and in the thread (S16)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.file_steps import PASTE, attach, cards, drop, film, given, log, sent
from tests.browser.steps import (
    bubbles,
    button,
    composer,
    sit_at,
    unread,
)
from tests.files import honest, put
from tests.files.films import film as filmed

ALLOWED = "PDF, DOC, DOCX, XLS, XLSX, MSI, MP3, MP4, PNG, JPEG, GIF, WebP"
NOT_A_PDF = b"<html><script>alert(1)</script></html>"
SEEK = """
  (film, second) => new Promise((tell, fail) => {
    film.addEventListener("seeked", () => tell(film.currentTime), {once: true});
    film.addEventListener("error", () => fail(film.error), {once: true});
    film.currentTime = second;
  })
"""
PLAY = "film => film.play().then(() => !film.paused)"
PLAYS_ON = "film => film.isConnected && !film.paused && film.currentTime >= 3"
IS_EMPTY = "picture => picture.complete && picture.naturalWidth === 0"

# The window of the system itself is out of sight of a test.
TELL_WHEN_OPENED = """
  input => input.addEventListener("click", (event) => {
    event.preventDefault();
    input.toggleAttribute("data-opened", true);
  })
"""


@pytest.mark.main_job
def test_a_film_from_the_contact_plays_and_seeks_while_the_technician_types(talking, tmp_path):
    tina, ann = talking
    sit_at(tina)
    # In a format that Firefox plays without help from the system.
    attach(ann, put(filmed("mp4", codec="libvpx-vp9", movflags="faststart"), tmp_path, "password-loop.mp4"))
    shown = film(tina, "password-loop.mp4")
    expect(shown).to_be_visible()
    composer(tina).press_sequentially("I am watching")
    # The element itself: one that took its place would begin anew.
    watched = shown.element_handle()
    assert watched.evaluate(PLAY)
    assert shown.evaluate(SEEK, 3) == pytest.approx(3, abs=0.2)
    composer(tina).press_sequentially(" it")
    expect(composer(tina)).to_have_value("I am watching it")
    composer(tina).press("Enter")
    expect(bubbles(ann)).to_have_text(["I am watching it"])
    assert watched.evaluate(PLAYS_ON)
    expect(cards(ann)).to_have_count(0)
    expect(sent(ann)).to_contain_text("0:05")
    expect(ann.get_by_text("Read", exact=True)).to_be_visible()


@pytest.mark.main_job
def test_a_pasted_screenshot_is_named_after_its_moment_and_opens_large(talking, tmp_path):
    tina, ann = talking
    data = given(ann, [honest("png", tmp_path, "image.png")], "image/png")
    composer(ann).evaluate(PASTE, data)
    small = log(tina).get_by_role("link", name=re.compile(r"Show screenshot-\d{4}(-\d\d){5}\.png large"))
    sit_at(tina)
    small.press("Enter")
    large = tina.get_by_role("dialog", name=re.compile(r"^screenshot-"))
    expect(large.get_by_role("img")).to_be_visible()
    expect(large.get_by_role("link", name=re.compile("^Download screenshot-"))).to_be_visible()
    tina.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(small).to_be_focused()
    small.click()
    button(large, "Close").click()
    expect(large).to_have_count(0)


def test_words_that_come_with_a_picture_of_themselves_are_pasted_as_words(talking, tmp_path):
    tina, _ann = talking
    data = given(tina, [honest("png", tmp_path, "image.png")], "image/png")
    data.evaluate("data => { data.setData('text/plain', 'A1'); data.setData('text/html', '<td>A1</td>'); }")
    assert composer(tina).evaluate(PASTE, data)
    expect(cards(tina)).to_have_count(0)


@pytest.mark.main_job
def test_of_twelve_dropped_files_nine_arrive_and_three_say_why_not(talking, tmp_path, expected_errors):
    expected_errors.append("415")
    tina, ann = talking
    kinds = ("pdf", "doc", "docx", "xls", "xlsx", "msi", "mp3", "mp4", "png")
    good = [honest(kind, tmp_path, f"good.{kind}") for kind in kinds]
    bad = [
        put(content, tmp_path, name)
        for name, content in (("notes.txt", b"x"), ("empty.pdf", b""), ("invoice.pdf", NOT_A_PDF))
    ]
    ann.get_by_role("log").dispatch_event("dragenter", {"dataTransfer": given(ann, good[:1])})
    expect(ann.get_by_text("Drop to send to Tina, 20 MB each")).to_be_visible()
    drop(ann.get_by_role("log"), *good[:4], *bad, *good[4:])
    expect(sent(tina)).to_have_count(9)
    expect(cards(ann)).to_have_count(3)
    expect(cards(ann).filter(has_text="notes.txt")).to_contain_text(f"This type is not allowed. Allowed: {ALLOWED}")
    expect(cards(ann).filter(has_text="empty.pdf")).to_contain_text("This file is empty. It was not sent.")
    expect(cards(ann).filter(has_text="invoice.pdf")).to_contain_text("This is not a PDF inside. It was not sent.")
    for page in (tina, ann):
        expect(page.get_by_text("Drop to send to")).to_be_hidden()
        names = sent(page).evaluate_all("rows => rows.map((row) => row.querySelector('[download]').download)")
        assert sorted(names) == sorted(path.name for path in good)
    button(ann, "Remove notes.txt").click()
    expect(button(ann, "Remove empty.pdf")).to_be_focused()
    expect(cards(ann)).to_have_count(2)


def test_what_is_dropped_beside_a_thread_is_neither_sent_nor_opened(talking, tmp_path):
    tina, _ann = talking
    pdf = honest("pdf", tmp_path)
    drop(tina.get_by_role("banner"), pdf)
    data = given(tina, [pdf])
    drag = "new DragEvent('drop', {dataTransfer: data, cancelable: true, bubbles: true})"
    is_opened = tina.locator("body").evaluate(f"(body, data) => body.dispatchEvent({drag})", data)
    assert not is_opened
    expect(cards(tina)).to_have_count(0)


def test_too_large_is_said_before_anything_is_sent(talking, tmp_path):
    tina, _ann = talking
    asked = []
    tina.on("request", lambda request: asked.append(request.url) if "/files/" in request.url else None)
    attach(tina, put(b"0" * (20 * 1024 * 1024 + 1), tmp_path, "whole-morning.mp4"))
    expect(cards(tina)).to_contain_text("20.1 MB. The limit is 20 MB a file.")
    expect(tina.get_by_role("alert").filter(has_text="whole-morning.mp4 was not sent. 20.1 MB.")).to_have_count(1)
    assert asked == []


def test_a_download_brings_the_same_bytes(talking, tmp_path):
    tina, ann = talking
    path = honest("xlsx", tmp_path, "rota_december.xlsx")
    attach(ann, path)
    with tina.expect_download() as began:
        log(tina).get_by_role("link", name="Download rota_december.xlsx").click()
    assert began.value.suggested_filename == "rota_december.xlsx"
    assert began.value.path().read_bytes() == path.read_bytes()
    beside = tina.get_by_role("complementary", name="Details").get_by_role(
        "link", name=re.compile("^rota_december.xlsx")
    )
    expect(beside).to_contain_text("Ann")


def test_a_file_counts_as_something_said(talking, tmp_path):
    tina, ann = talking
    tina.goto("/tickets/")
    attach(ann, honest("xlsx", tmp_path, "rota_december.xlsx"))
    expect(tina.get_by_role("link", name="Sent rota_december.xlsx")).to_be_visible()
    expect(tina).to_have_title(re.compile(r"^\(1\) "))
    tina.goto("/chats/")
    expect(unread(tina, "Ann Keller", 1)).to_contain_text("Sent rota_december.xlsx")
    unread(tina, "Ann Keller", 1).click()
    attach(tina, honest("pdf", tmp_path, "Saved-passwords.pdf"))
    expect(tina.locator("[data-row]")).to_contain_text("You sent Saved-passwords.pdf")


def test_the_keyboard_can_do_it_all(talking, tmp_path):
    tina, _ann = talking
    sit_at(tina)
    composer(tina).focus()
    tina.keyboard.press("Shift+Tab")
    expect(button(tina, "Attach files")).to_be_focused()
    chooser = tina.locator("[data-files] input[type=file]")
    chooser.evaluate(TELL_WHEN_OPENED)
    tina.keyboard.press("Enter")
    expect(chooser).to_have_attribute("data-opened", "")
    expect(chooser).to_have_attribute("multiple", "")
    expect(chooser).to_have_attribute("accept", re.compile(r"\.docx"))
    attach(tina, put(b"x", tmp_path, "notes.txt"))
    expect(cards(tina)).to_have_count(1)
    button(tina, "Attach files").focus()
    tina.keyboard.press("Shift+Tab")
    expect(button(tina, "Remove notes.txt")).to_be_focused()
    tina.keyboard.press("Enter")
    expect(cards(tina)).to_have_count(0)
    expect(composer(tina)).to_be_focused()


def test_a_picture_that_is_gone_shows_its_name_and_says_so_large(talking, tmp_path, expected_errors):
    expected_errors.append("404")
    tina, ann = talking
    tina.route(re.compile("/files/"), lambda route: route.fulfill(status=404))
    attach(ann, honest("png", tmp_path, "screen.png"))
    small = log(tina).get_by_role("img", name="screen.png", exact=True)
    expect(small).to_be_visible()
    assert small.evaluate(IS_EMPTY)
    small.click()
    large = tina.get_by_role("dialog", name="screen.png")
    expect(large.get_by_role("alert")).to_have_text("This picture cannot be shown. Download it instead.")
    expect(large.get_by_role("img")).to_be_hidden()


def test_a_film_that_the_line_kept_back_is_played_a_moment_later(talking, tmp_path, expected_errors):
    tina, ann = talking
    expected_errors.append("ERR_FAILED")
    tina.route(re.compile("/files/"), lambda route: route.abort(), times=1)
    with tina.expect_response(lambda answer: "/files/" in answer.url and answer.ok):
        attach(ann, honest("mp4", tmp_path, "film.mp4"))
    expect(film(tina, "film.mp4")).to_have_js_property("readyState", 4)
    expect(film(tina, "film.mp4")).to_be_visible()


def test_a_film_that_cannot_be_played_says_so_and_can_be_saved(talking, tmp_path):
    tina, ann = talking
    tina.route(
        re.compile("/files/"), lambda route: route.fulfill(body=b"in some other format", content_type="video/mp4")
    )
    attach(ann, honest("mp4", tmp_path, "film.mp4"))
    expect(tina.get_by_text("This browser cannot play it. Download it instead.")).to_be_visible()
    expect(film(tina, "film.mp4")).to_be_hidden()
    expect(sent(tina).get_by_role("link", name="Download film.mp4")).to_be_visible()


def test_nothing_moves_sideways_on_a_phone(talking, tmp_path):
    tina, ann = talking
    attach(ann, honest("mp4", tmp_path, "film.mp4"), honest("mp3", tmp_path, "voice.mp3"))
    attach(
        tina, honest("pdf", tmp_path, f"{'a-very-long-name-' * 6}end.pdf"), put(b"x", tmp_path, f"{'long' * 20}.txt")
    )
    for page, width in ((tina, 390), (ann, 320)):
        page.set_viewport_size({"width": width, "height": 560})
        expect(sent(page)).to_have_count(3)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert log(page).evaluate("log => log.scrollWidth <= log.clientWidth")
        expect(composer(page)).to_be_in_viewport()
