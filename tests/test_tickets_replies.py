"""Replies in a ticket: once, with their files, mailed to whom they are for, and by nobody else (P4, P5, N1, N3)."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from accounts.models import Contact, Mail
from chat.agent_tickets import REPLIES_AN_HOUR
from tests.agent import Page, text
from tests.cast import talking, ticket_of
from tests.files import honest
from tests.races import at_once
from tests.uploads import Sender
from tickets import events
from tickets.actions import NewTicket, open_ticket, reply, set_status
from tickets.attachments.enclosed import Enclosed
from tickets.attachments.models import Uploader
from tickets.models import EntryKind, Status, Ticket

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ann(desk, clock):
    return Page(desk.pc)


@pytest.fixture
def tina(client, desk, clock):
    client.force_login(desk.tina)
    return client


@pytest.fixture
def ticket(desk, now):
    return ticket_of(desk, now)


@pytest.fixture
def pdf(tmp_path):
    return honest("pdf", tmp_path).read_bytes()


def write(client, ticket, body="Is it ACME-PRN-2?", **more):
    return client.post(f"/tickets/{ticket.number}/reply/", {"body": body, "key": uuid4()} | more, headers=HTMX)


def answer(page, ticket, body="Yes, it is.", **more):
    return page.press(f"tickets/{ticket.number}/reply/", **({"body": body, "key": uuid4()} | more))


def written(ticket):
    return [entry.body for entry in ticket.entries.filter(kind=EntryKind.MESSAGE)]


def told(monkeypatch):
    heard = []
    monkeypatch.setattr(events, "announce", lambda group, message: heard.append((group, message["type"])))
    return heard


def test_a_technicians_reply_is_read_by_both_sides(ann, tina, ticket, monkeypatch):
    heard = told(monkeypatch)
    shown = write(tina, ticket)
    assert shown.status_code == 200
    assert shown["HX-Trigger"] == f'{{"hd:ticket-{ticket.number}": {{}}}}'
    assert (f"ticket.{ticket.number}", "ticket.changed") in heard
    for page in (tina.get(f"/tickets/{ticket.number}/"), ann.get(f"tickets/{ticket.number}/")):
        assert "Is it ACME-PRN-2?" in text(page)


def test_a_contacts_reply_is_read_by_both_sides(ann, tina, desk, ticket, monkeypatch):
    heard = told(monkeypatch)
    assert "Your reply was sent." in text(answer(ann, ticket))
    assert (f"ticket.{ticket.number}", "ticket.changed") in heard
    assert ticket.entries.get(kind=EntryKind.MESSAGE).contact == desk.ann
    assert "Yes, it is." in text(tina.get(f"/tickets/{ticket.number}/"))
    assert not Mail.objects.exists()


def test_a_reply_moves_its_ticket_up(tina, ticket, clock):
    clock.shift(timedelta(minutes=5))
    write(tina, ticket)
    assert Ticket.objects.get().updated_at - ticket.updated_at == timedelta(minutes=5)


def test_the_same_form_twice_is_one_reply_and_one_mail(ann, tina, ticket, pdf):
    files = Sender(tina, "/tickets/files/").send("Rota.pdf", pdf).json()["ready"]
    key = uuid4()
    for _time in range(2):
        assert write(tina, ticket, key=key, file=[files]).status_code == 200
        assert answer(ann, ticket, key=key).status_code == 200
    assert written(ticket) == ["Is it ACME-PRN-2?", "Yes, it is."]
    assert Mail.objects.count() == 1


def test_mended_and_sent_again_it_is_another(tina, ticket):
    key = uuid4()
    write(tina, ticket, "Is it ACME?", key=key)
    write(tina, ticket, "Is it ACME-PRN-2?", key=key)
    assert written(ticket) == ["Is it ACME?", "Is it ACME-PRN-2?"]


def test_a_reply_is_mailed_with_the_names_of_its_files(tina, ticket, desk, pdf):
    key = Sender(tina, "/tickets/files/").send("Rota.pdf", pdf).json()["ready"]
    write(tina, ticket, file=[key])
    mail = Mail.objects.get()
    assert (mail.recipient, mail.subject) == ("ann@acme.example", f"#{ticket.number} Printer jams")
    assert f"Tina Okafor of Help desk wrote in your ticket #{ticket.number}:\n\nIs it ACME-PRN-2?" in mail.body
    assert "Files, kept with the ticket:\n- Rota.pdf" in mail.body
    assert "Open the HelpDesk Agent on your computer" in mail.body
    assert key not in mail.body


def test_a_mail_is_in_the_language_of_whom_it_is_for(tina, ticket, desk):
    Contact.objects.filter(pk=desk.ann.pk).update(language="es")
    Ticket.objects.update(title="")
    write(tina, ticket)
    assert Mail.objects.get().subject == f"#{ticket.number} Nuevo ticket abierto desde el chat"


def test_a_long_name_fits_the_subject(tina, desk, now):
    write(tina, ticket_of(desk, now, title="x" * 200))
    assert len(Mail.objects.get().subject) == 200


def test_a_stranger_is_answered_at_the_address_that_was_typed(tina, desk, now):
    new = NewTicket(customer=desk.acme, title="Printer jams", writer_name="Bea Long", writer_email="bea@acme.example")
    ticket, _is_new = open_ticket(new, by=None, now=now, how="page")
    write(tina, ticket)
    mail = Mail.objects.get()
    assert mail.recipient == "bea@acme.example"
    assert "My tickets" not in mail.body


def test_without_an_address_a_reply_is_kept_and_not_mailed(tina, ticket, desk):
    Contact.objects.filter(pk=desk.ann.pk).update(email="")
    assert "it is kept here and not mailed" in text(tina.get(f"/tickets/{ticket.number}/"))
    assert write(tina, ticket).status_code == 200
    assert written(ticket) == ["Is it ACME-PRN-2?"]
    assert not Mail.objects.exists()


def test_a_reply_says_something_or_brings_a_file(ann, tina, ticket, pdf):
    for shown in (write(tina, ticket, " \n"), answer(ann, ticket, "")):
        assert shown.status_code == 422
        assert "Write something, or attach a file." in text(shown)
    key = Sender(tina, "/tickets/files/").send("Rota.pdf", pdf).json()["ready"]
    assert write(tina, ticket, "", file=[key]).status_code == 200
    assert [file.name for file in ticket.entries.get(body="", kind=EntryKind.MESSAGE).attachments.all()] == ["Rota.pdf"]


def test_a_reply_that_is_too_long_stays_where_it_was_typed(tina, ticket):
    shown = write(tina, ticket, "x" * 20_001)
    assert shown.status_code == 422
    assert "x" * 20_001 in text(shown)
    assert write(tina, ticket, "x" * 20_000).status_code == 200


def test_a_file_that_is_gone_leaves_no_reply_and_no_mail(ann, tina, ticket):
    Ticket.objects.update(status=Status.RESOLVED)
    for shown in (write(tina, ticket, file=[uuid4()]), answer(ann, ticket, file=[uuid4()])):
        assert shown.status_code == 422
        assert "One of the files is not there any more. Choose it again." in text(shown)
    assert "Yes, it is." in text(shown)
    assert written(ticket) == []
    assert not Mail.objects.exists()
    assert Ticket.objects.get().status == Status.RESOLVED


@pytest.mark.parametrize("status", [Status.PENDING, Status.RESOLVED])
def test_a_contacts_reply_opens_the_ticket_again(ann, tina, ticket, status):
    Ticket.objects.update(status=status)
    write(tina, ticket)
    assert Ticket.objects.get().status == status
    answer(ann, ticket)
    assert Ticket.objects.get().status == Status.OPEN
    assert "Ann Keller opened the ticket again" in " ".join(plain(tina.get(f"/tickets/{ticket.number}/")))


def plain(response):
    return text(response).replace("<b>", "").replace("</b>", "").split()


def test_in_a_closed_ticket_a_contact_writes_nothing(ann, desk, ticket, now):
    set_status(ticket, Status.CLOSED, by=desk.tina, now=now)
    assert 'name="body"' not in text(ann.get(f"tickets/{ticket.number}/"))
    shown = answer(ann, ticket)
    assert shown.status_code == 422
    assert "This ticket was closed meanwhile." in text(shown)
    assert "Yes, it is." in text(shown)
    assert written(ticket) == []


def test_a_repeat_that_comes_after_the_closing_is_answered_as_the_first_was(ann, desk, ticket, now):
    key = uuid4()
    answer(ann, ticket, key=key)
    set_status(ticket, Status.CLOSED, by=desk.tina, now=now)
    assert answer(ann, ticket, key=key).status_code == 200
    assert written(ticket) == ["Yes, it is."]


def test_anothers_ticket_is_not_there(desk, ticket, clock):
    for page in (Page(desk.eves_pc), Page(desk.free_pc)):
        assert answer(page, ticket).status_code == 404
    assert written(ticket) == []


def test_a_contact_replies_only_so_often_in_an_hour(ann, ticket, clock):
    for number in range(REPLIES_AN_HOUR):
        answer(ann, ticket, f"Reply {number}")
    refused = answer(ann, ticket, "One more")
    assert refused.status_code == 422
    assert "One more" in text(refused)
    clock.shift(timedelta(hours=1, seconds=1))
    assert answer(ann, ticket, "One more").status_code == 200


def test_a_page_asks_for_what_was_written_and_hears_nothing_while_there_is_none(ann, tina, ticket, clock):
    page = text(ann.get(f"tickets/{ticket.number}/"))
    known = page.partition("?known=")[2].partition('"')[0]
    assert ann.part(f"tickets/{ticket.number}/?known={known}").status_code == 204
    clock.shift(timedelta(seconds=1))
    write(tina, ticket)
    assert "Is it ACME-PRN-2?" in text(ann.part(f"tickets/{ticket.number}/?known={known}"))


def test_what_is_written_is_text(ann, tina, ticket):
    evil = "<script>alert(1)</script>{{ 7 }}"
    write(tina, ticket, evil)
    for page in (tina.get(f"/tickets/{ticket.number}/"), ann.get(f"tickets/{ticket.number}/")):
        assert evil not in text(page)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}" in text(page)


def test_while_a_chat_is_open_the_contact_is_pointed_to_it(ann, desk, now):
    chat = talking(desk, now)
    ticket = ticket_of(desk, now)
    chat.__class__.objects.filter(pk=chat.pk).update(ticket=ticket)
    page = text(ann.get(f"tickets/{ticket.number}/"))
    assert "Back to the chat" in page
    assert 'name="body"' in page


def test_a_stranger_is_sent_to_sign_in(client, ticket):
    assert write(client, ticket)["HX-Redirect"].startswith("/sign-in/")
    assert written(ticket) == []


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_once_is_one_reply_and_one_mail(desk, now):
    ticket, form = ticket_of(desk, now), uuid4()
    files = Enclosed((), Uploader(technician_id=desk.tina.pk))
    act = partial(reply, ticket, "Is it ACME-PRN-2?", files=files, by=desk.tina, client_id=form, now=now)
    entries = at_once(*[act] * 6)
    assert {entry.pk for entry in entries} == {ticket.entries.get(kind=EntryKind.MESSAGE).pk}
    assert Mail.objects.count() == 1
