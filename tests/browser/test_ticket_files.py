"""Files with tickets and replies: chosen by one side, got by the other, with nothing left out unseen (S19, P4)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import button, heading, open_ticket
from tests.browser.test_access import judge, judge_contact
from tests.files import honest, put

TITLE = "Printer on the second floor prints blank pages"
PHONE = {"width": 390, "height": 844}
BEFORE_AXE = {"bypass_csp": True, "color_scheme": "light"}


@pytest.fixture
def samples(tmp_path):
    """Sound files of some kinds, and one that is no PDF inside."""
    found = {kind: honest(kind, tmp_path, f"Rota.{kind}") for kind in ("pdf", "docx", "png")}
    return found | {"bad": put(b"<html>Not a PDF</html>", tmp_path, "Invoice.pdf")}


@pytest.fixture
def ann(contact_page):
    ann = contact_page("ACME-PC-01")
    ann.goto("/agent/tickets/new/")
    ann.get_by_label("Title").fill("Scanner jams")
    return ann


class Line:
    """The way of a page's files to the server, closed until it is opened."""

    def __init__(self, page):
        self.is_open = False
        self.waiting = []
        page.route(re.compile("/files/[^/]+/$"), self.take)

    def take(self, upload):
        if self.is_open:
            upload.continue_()
        else:
            self.waiting.append(upload)

    def open(self):
        self.is_open = True
        for upload in self.waiting:
            upload.continue_()


def attach(page, *paths):
    with page.expect_file_chooser() as choosing:
        button(files(page), "Attach files").click()
    choosing.value.set_files(list(paths))


def files(page):
    return page.get_by_role("group", name="Files", exact=True)


def card(page, name):
    return files(page).get_by_role("listitem").filter(has_text=name)


def reply(page):
    return page.get_by_role("textbox", name="Reply", exact=True)


def get(page, name):
    """What is saved when somebody downloads this file."""
    with page.expect_download() as saving:
        page.get_by_role("link", name=f"Download {name}").click()
    return saving.value.path().read_bytes()


def test_a_ticket_brings_its_files(ann, technician_page, samples, expected_errors):
    expected_errors.append("status of 415")
    attach(ann, samples["pdf"], samples["png"], samples["bad"])
    expect(card(ann, "Invoice.pdf")).to_contain_text("This is not a PDF inside. It was not sent.")
    expect(card(ann, "ready")).to_have_count(2)
    button(ann, "Create new ticket").click()
    expect(ann.get_by_text("was created")).to_be_visible()
    assert get(ann, "Rota.pdf") == samples["pdf"].read_bytes()
    tina = technician_page("tina")
    open_ticket(tina, "Scanner jams")
    main = tina.get_by_role("main")
    expect(main.get_by_role("img", name="Rota.png")).to_be_visible()
    expect(main.get_by_text("Invoice.pdf")).to_have_count(0)
    assert get(tina, "Rota.pdf") == samples["pdf"].read_bytes()


def test_a_ticket_waits_for_the_files_that_are_on_their_way(ann, samples):
    line = Line(ann)
    attach(ann, samples["docx"])
    expect(card(ann, "Rota.docx")).to_be_visible()
    button(ann, "Create new ticket").click()
    expect(button(ann, "Sending the files…")).to_have_attribute("aria-busy", "true")
    line.open()
    expect(ann.get_by_text("was created")).to_be_visible()
    expect(ann.get_by_role("link", name="Download Rota.docx")).to_be_visible()


def test_a_file_that_goes_wrong_meanwhile_stops_the_ticket(ann, samples, expected_errors):
    expected_errors.append("status of 415")
    line = Line(ann)
    attach(ann, samples["bad"])
    expect(card(ann, "Invoice.pdf")).to_be_visible()
    button(ann, "Create new ticket").click()
    expect(button(ann, "Sending the files…")).to_be_visible()
    line.open()
    expect(ann.get_by_text("Not all of the files got through.")).to_be_visible()
    expect(heading(ann, "Create new ticket")).to_be_visible()
    button(card(ann, "Invoice.pdf"), "Remove Invoice.pdf").click()
    button(ann, "Create new ticket").click()
    expect(ann.get_by_text("was created")).to_be_visible()


def test_a_form_that_is_mended_keeps_its_files(ann, samples, expected_errors):
    expected_errors.append("status of 422")
    attach(ann, samples["pdf"])
    expect(card(ann, "ready")).to_have_count(1)
    ann.get_by_label("Title").fill("")
    button(ann, "Create new ticket").click()
    expect(ann.get_by_text("Please give it a title")).to_be_visible()
    expect(card(ann, "ready")).to_have_count(1)
    ann.get_by_label("Title").fill("Scanner jams")
    button(ann, "Create new ticket").click()
    expect(ann.get_by_role("link", name="Download Rota.pdf")).to_be_visible()


def test_both_sides_reply_with_files(technician_page, contact_page, samples, server):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    open_ticket(tina, TITLE)
    reply(tina).fill("Is it this one?")
    attach(tina, samples["png"])
    expect(card(tina, "ready")).to_have_count(1)
    button(tina, "Send reply").click()
    expect(tina.get_by_role("article").filter(has_text="Is it this one?").get_by_role("img")).to_be_visible()
    expect(reply(tina)).to_have_value("")
    expect(files(tina).get_by_role("listitem")).to_have_count(0)
    letter = server.letter_to("ann.keller@acme.example")
    assert "Is it this one?" in letter
    assert "- Rota.png" in letter
    ann.goto("/agent/tickets/")
    ann.get_by_role("link", name=TITLE).click()
    ann.get_by_label("Your reply").fill("Yes, it is.")
    attach(ann, samples["docx"])
    button(ann, "Send").click()
    expect(ann.get_by_text("Your reply was sent.")).to_be_visible()
    expect(ann.get_by_label("Your reply")).to_have_value("")
    expect(tina.get_by_text("Yes, it is.")).to_be_visible()
    assert get(tina, "Rota.docx") == samples["docx"].read_bytes()


def test_a_reply_that_is_being_written_survives_a_reload(technician_page):
    tina = technician_page("tina")
    open_ticket(tina, TITLE)
    reply(tina).fill("Is it th")
    tina.reload()
    expect(reply(tina)).to_have_value("Is it th")
    button(tina, "Send reply").click()
    expect(tina.get_by_role("article").filter(has_text="Is it th")).to_be_visible()
    tina.reload()
    expect(reply(tina)).to_have_value("")


def test_a_phone_has_room_for_it(technician_page, samples):
    tina = technician_page("tina", "/tickets/new/", viewport=PHONE)
    attach(tina, samples["pdf"], samples["docx"])
    expect(card(tina, "ready")).to_have_count(2)
    assert tina.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    open_ticket(tina, TITLE)
    attach(tina, samples["pdf"])
    button(tina, "Send reply").click()
    expect(tina.get_by_role("link", name="Download Rota.pdf")).to_be_visible()
    assert tina.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.timeout(180)
def test_nothing_is_left_for_axe(technician_page, contact_page, samples, expected_errors):
    expected_errors.append("status of 415")
    tina, ann = technician_page("tina", "/tickets/new/", **BEFORE_AXE), contact_page("ACME-PC-01", **BEFORE_AXE)
    attach(tina, samples["pdf"], samples["bad"])
    expect(card(tina, "It was not sent.")).to_be_visible()
    found = judge(tina, "new ticket with files")
    open_ticket(tina, TITLE)
    attach(tina, samples["pdf"], samples["bad"])
    expect(card(tina, "It was not sent.")).to_be_visible()
    found += judge(tina, "a reply with files")
    button(tina, "Send reply").click()
    expect(tina.get_by_role("link", name="Download Rota.pdf")).to_be_visible()
    found += judge(tina, "a ticket with files")
    ann.goto("/agent/tickets/")
    ann.get_by_role("link", name=TITLE).click()
    attach(ann, samples["docx"], samples["bad"])
    expect(card(ann, "It was not sent.")).to_be_visible()
    found += judge_contact(ann, "a contact's ticket with files")
    assert not found, "\n".join(found)
