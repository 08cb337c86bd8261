"""*Create new ticket* and *My tickets* (S19, D5, N1, N3)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chat import actions
from chat.agent_tickets import TICKETS_AN_HOUR
from chat.viewers import at_desk, at_device
from devices.actions import assign_contact
from tests.agent import Page, text
from tests.cast import asked, contact, say, talking, ticket_of
from tickets.actions import set_status
from tickets.models import EntryKind, Status, Ticket


@pytest.fixture
def ann(desk, clock):
    return Page(desk.pc)


@pytest.fixture
def somebody(desk, clock):
    return Page(desk.free_pc)


def leave(page, title="Printer jams", **more):
    return page.press("tickets/new/", **({"title": title, "key": uuid4()} | more))


def test_a_contact_leaves_a_ticket(ann, desk):
    answer = leave(ann, description="It eats paper.")
    ticket = desk.pc.tickets.get()
    assert (ticket.title, ticket.contact, ticket.customer) == ("Printer jams", desk.ann, desk.acme)
    assert ticket.entries.get(kind=EntryKind.MESSAGE).body == "It eats paper."
    assert answer["HX-Replace-Url"] == f"/agent/tickets/{ticket.number}/"
    assert f"Ticket #{ticket.number} was created" in text(answer)


def test_the_form_sent_twice_is_one_ticket(ann):
    key = uuid4()
    first, second = leave(ann, key=key), leave(ann, key=key)
    assert first["HX-Replace-Url"] == second["HX-Replace-Url"]
    assert Ticket.objects.count() == 1


def test_the_same_form_with_other_words_is_another_ticket(ann):
    key = uuid4()
    leave(ann, key=key)
    leave(ann, "Mouse is gone", key=key)
    assert set(Ticket.objects.values_list("title", flat=True)) == {"Printer jams", "Mouse is gone"}


def test_the_same_key_on_another_device_is_another_ticket(ann, desk):
    key = uuid4()
    leave(ann, key=key)
    leave(Page(desk.eves_pc), key=key)
    assert Ticket.objects.count() == 2


def test_a_ticket_without_a_title_keeps_what_was_typed(ann):
    answer = leave(ann, " \u202e", description="It eats paper.")
    assert answer.status_code == 422
    assert "Please give it a title" in text(answer)
    assert "It eats paper." in text(answer)
    assert not Ticket.objects.exists()


def test_somebody_unknown_says_who_it_is_and_is_answered_there(somebody, desk):
    answer = leave(somebody, name="Bea Long", email="bea@acme.example")
    ticket = desk.free_pc.tickets.get()
    assert (ticket.contact, ticket.writer_name, ticket.writer_email) == (None, "Bea Long", "bea@acme.example")
    assert f"Ticket #{ticket.number} was created" in text(answer)
    assert "We answer to bea@acme.example." in text(answer)


def test_a_typed_address_makes_nobody_of_it(somebody, desk):
    leave(somebody, name="Ann Keller", email="ann@acme.example")
    ticket = desk.free_pc.tickets.get()
    assert ticket.contact is None
    assert "Printer jams" not in text(Page(desk.pc).get("tickets/"))


@pytest.mark.parametrize("missing", ["name", "email"])
def test_somebody_unknown_must_leave_a_way_to_answer(missing, somebody):
    who = {"name": "Bea Long", "email": "bea@acme.example"} | {missing: ""}
    assert leave(somebody, **who).status_code == 422
    assert not Ticket.objects.exists()


def test_a_device_leaves_only_so_many_in_an_hour(ann, clock):
    for number in range(TICKETS_AN_HOUR):
        leave(ann, f"Ticket {number}")
    refused = leave(ann, "One more")
    assert refused.status_code == 422
    assert "Try again in an hour." in text(refused)
    assert 'value="One more"' in text(refused)
    clock.shift(timedelta(hours=1, seconds=1))
    assert leave(ann, "One more").status_code == 200


def test_what_nobody_answered_stands_ready(ann, desk, now):
    chat = asked(desk, now, about="Printer jams\nIt eats paper.")
    actions.cancel(chat.pk, at_device(desk.pc), now)
    form = text(ann.get(f"tickets/new/?chat={chat.pk}"))
    assert 'value="Printer jams"' in form
    assert "Printer jams\nIt eats paper." in form


@pytest.mark.parametrize("chat", ["", "0", "x", "9" * 40, "-1"])
def test_a_chat_that_is_not_there_brings_no_words(chat, ann):
    assert ann.get(f"tickets/new/?chat={chat}").status_code == 200


def test_anothers_words_do_not_stand_ready(desk, now, clock):
    chat = asked(desk, now, about="Printer jams")
    assert "Printer jams" not in text(Page(desk.eves_pc).get(f"tickets/new/?chat={chat.pk}"))


# My tickets.


def test_my_tickets_are_those_of_the_contact_on_whatever_device(ann, desk, now):
    ticket_of(desk, now, title="Printer jams")
    ticket_of(desk, now, title="Laptop is slow", device=desk.free_pc)
    ticket_of(desk, now, title="Not Ann's", contact=contact(desk.acme, "Bob Doe"), device=desk.pc)
    page = text(ann.get("tickets/"))
    assert ("Printer jams" in page, "Laptop is slow" in page, "Not Ann" in page) == (True, True, False)


def test_without_a_contact_there_are_none(somebody, desk, now):
    ticket_of(desk, now, device=desk.free_pc)
    page = text(somebody.get("tickets/"))
    assert "Printer jams" not in page
    assert "Say who I am" in page


def test_no_tickets_yet(ann):
    assert "No tickets yet" in text(ann.get("tickets/"))


def test_many_tickets_come_page_by_page(ann, desk, now):
    for number in range(26):
        ticket_of(desk, now + timedelta(minutes=number), title=f"Ticket <{number}>")
    assert "Ticket &lt;25&gt;" in text(ann.get("tickets/"))
    assert "Ticket &lt;0&gt;" not in text(ann.get("tickets/"))
    assert "Ticket &lt;0&gt;" in text(ann.get("tickets/?page=2"))


def test_a_ticket_shows_what_was_written_and_how_it_stands(ann, desk, now):
    ticket = ticket_of(desk, now, description="It eats paper.")
    set_status(ticket, Status.RESOLVED, by=desk.tina, now=now)
    page = text(ann.get(f"tickets/{ticket.number}/"))
    assert "It eats paper." in page
    assert "Resolved" in page


def test_a_line_that_is_the_technicians_own_is_not_shown(ann, desk, now):
    ticket = ticket_of(desk, now)
    ticket.entries.create(kind="note", body="Ann is difficult", created_at=now)
    assert "difficult" not in text(ann.get(f"tickets/{ticket.number}/"))


def test_anothers_ticket_is_not_there(desk, now, clock):
    ticket = ticket_of(desk, now)
    for page in (Page(desk.eves_pc), Page(desk.free_pc)):
        answer = page.get(f"tickets/{ticket.number}/")
        assert answer.status_code == 404
        assert "Printer jams" not in text(answer)


def test_a_ticket_goes_with_the_contact_and_not_with_the_device(ann, desk, now):
    ticket = ticket_of(desk, now, device=desk.pc)
    assign_contact(desk.free_pc, desk.ann, now)
    assign_contact(desk.pc, contact(desk.acme, "Bob Doe"), now)
    assert Page(desk.pc).get(f"tickets/{ticket.number}/").status_code == 404
    assert Page(desk.free_pc).get(f"tickets/{ticket.number}/").status_code == 200


def test_a_ticket_shows_its_chat_and_the_way_back_to_it(ann, desk, now):
    chat = talking(desk, now)
    say(chat, at_desk(desk.tina), "Is it ACME-PRN-2?", now)
    ticket = actions.make_ticket(chat.pk, at_desk(desk.tina), now)
    page = text(ann.get(f"tickets/{ticket.number}/"))
    assert "Is it ACME-PRN-2?" in page
    assert "Back to the chat" in page
    assert 'id="message"' not in page


def test_a_chat_on_another_device_is_not_shown_on_this_one(ann, desk, now):
    chat = talking(desk, now)
    say(chat, at_desk(desk.tina), "Your new password is swordfish", now)
    ticket = actions.make_ticket(chat.pk, at_desk(desk.tina), now)
    actions.end(chat.pk, at_desk(desk.tina), now)
    assign_contact(desk.free_pc, desk.ann, now)
    page = Page(desk.free_pc).get(f"tickets/{ticket.number}/")
    assert page.status_code == 200
    assert "swordfish" not in text(page)
