"""*Actions → Start chat* on a ticket (S12, D5–D7): whose chat it becomes, and when it is refused."""

import pytest

from chat import actions
from chat.errors import NotAllowed
from chat.models import ChatSession
from chat.rules import Reason
from chat.states import Kind, State
from chat.viewers import at_desk, at_device
from devices.actions import assign_contact
from tests.cast import asked, device, offered, say, talking, ticket_of
from tickets.models import Ticket


def set_row(row, **fields):
    type(row)._default_manager.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()


def kinds(chat):
    return list(chat.events.order_by("seq").values_list("kind", flat=True))


def start(ticket, technician, now):
    return actions.start_from_ticket(ticket, at_desk(technician), now)


def of_nobody(desk, now, **more):
    """A ticket at ACME-PC-02 that bears no contact."""
    ticket = ticket_of(desk, now, device=desk.free_pc, **more)
    Ticket.objects.filter(pk=ticket.pk).update(contact=None)
    return Ticket.objects.shown().get(pk=ticket.pk)


def test_ticket_goes_on_in_its_open_chat(desk, now):
    ticket = ticket_of(desk, now)
    chat = actions.start_from_ticket(ticket, at_desk(desk.tina), now)
    assert (chat.ticket, chat.device) == (ticket, desk.pc)
    assert actions.start_from_ticket(ticket, at_desk(desk.tina), now).pk == chat.pk


def test_active_chat_without_ticket_becomes_the_tickets(desk, now):
    chat, ticket = talking(desk, now), ticket_of(desk, now)
    assert actions.start_from_ticket(ticket, at_desk(desk.tina), now).pk == chat.pk
    chat.refresh_from_db()
    assert (chat.ticket, kinds(chat)[-1]) == (ticket, Kind.TICKET_OPENED)


def test_active_chat_of_another_ticket_refuses(desk, now):
    chat = talking(desk, now)
    actions.make_ticket(chat.pk, at_desk(desk.tina), now)
    with pytest.raises(NotAllowed) as refusal:
        actions.start_from_ticket(ticket_of(desk, now), at_desk(desk.tina), now)
    assert (refusal.value.reason, refusal.value.chat) == (Reason.OTHER_TICKET, chat)


def test_ticket_is_not_talked_about_with_who_sits_at_its_device_now(desk, now):
    ticket = ticket_of(desk, now, device=desk.pc)
    set_row(desk.pc, contact=None)
    with pytest.raises(NotAllowed) as refusal:
        actions.start_from_ticket(ticket, at_desk(desk.tina), now)
    assert refusal.value.reason == Reason.NO_DEVICE


def test_accepted_chat_reopens_its_ticket_and_is_its_technicians(desk, now):
    ticket = ticket_of(desk, now)
    set_row(ticket, status="closed")
    chat = actions.start_from_ticket(ticket, at_desk(desk.omar), now)
    ticket.refresh_from_db()
    assert ticket.status == "closed"
    actions.accept(chat.pk, at_device(desk.pc), now)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == ("open", desk.omar)


def test_open_chat_of_the_ticket_with_a_colleague_is_in_the_way(desk, now):
    ticket = ticket_of(desk, now)
    chat = start(ticket, desk.tina, now)
    actions.accept(chat.pk, at_device(desk.pc), now)
    second = device(desk.acme, "ACME-PC-09", contact=desk.ann)
    talking(desk, now, by=desk.omar, at=second)
    with pytest.raises(NotAllowed) as refusal:
        start(ticket, desk.omar, now)
    assert (refusal.value.reason, refusal.value.chat) == (Reason.OTHER_TECHNICIAN, chat)
    assert ticket.chats.open().count() == 1


def test_contact_who_rings_from_another_device_is_answered(desk, now):
    second = device(desk.acme, "ACME-PC-09", contact=desk.ann)
    ringing, ticket = asked(desk, now, at=second), ticket_of(desk, now, device=desk.pc)
    chat = start(ticket, desk.tina, now)
    assert (chat.pk, chat.state, chat.ticket) == (ringing.pk, State.ACTIVE, ticket)
    assert ChatSession.objects.open().count() == 1


def test_strangers_ticket_is_not_talked_about_with_who_sits_there_now(desk, now):
    ticket = of_nobody(desk, now, writer_name="Bob Doe", writer_email="bob@acme.example")
    assign_contact(desk.free_pc, desk.ann, now)
    with pytest.raises(NotAllowed) as refusal:
        start(ticket, desk.tina, now)
    assert refusal.value.reason == Reason.OTHER_PERSON
    assert not ticket.chats.exists()


def test_running_chat_is_not_filed_in_a_strangers_ticket(desk, now):
    ticket = of_nobody(desk, now, writer_name="Bob Doe", writer_email="bob@acme.example")
    assign_contact(desk.free_pc, desk.ann, now)
    desk.free_pc.refresh_from_db()
    chat = talking(desk, now, at=desk.free_pc)
    with pytest.raises(NotAllowed):
        start(ticket, desk.tina, now)
    chat.refresh_from_db()
    assert chat.ticket is None


def test_chat_with_nobody_known_stays_unread_by_who_comes_after(desk, now):
    chat = offered(desk, now, at=desk.free_pc)
    actions.accept(chat.pk, at_device(desk.free_pc), now)
    say(chat, at_device(desk.free_pc), "It is private", now)
    ticket = actions.make_ticket(chat.pk, at_desk(desk.tina), now)
    actions.end(chat.pk, at_desk(desk.tina), now)
    assign_contact(desk.free_pc, desk.ann, now)
    with pytest.raises(NotAllowed):
        start(Ticket.objects.shown().get(pk=ticket.pk), desk.tina, now)
    assert not Ticket.objects.of_contact(desk.ann).exists()


@pytest.mark.parametrize("more", [{}, {"writer_name": "A. Keller", "writer_email": "ANN@acme.example"}])
def test_ticket_that_can_be_no_strangers_becomes_that_of_who_sits_there(desk, now, more):
    ticket = of_nobody(desk, now, **more)
    assign_contact(desk.free_pc, desk.ann, now)
    chat = start(Ticket.objects.shown().get(pk=ticket.pk), desk.tina, now)
    assert (chat.contact, chat.ticket) == (desk.ann, ticket)
    assert list(Ticket.objects.of_contact(desk.ann)) == [ticket]
    assert chat.ticket_of_contact == ticket
