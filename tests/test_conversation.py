"""Talking (S8, S11, S17, S18, P1, P2, D3, D5, D10): every line once, in order, by who may, while there is time."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chat import actions
from chat.actions.log import append
from chat.errors import ClientIdTaken, TooLate
from chat.models import MAX_MESSAGE_CHARS, ChatSession
from chat.states import EndReason, Kind, State
from chat.viewers import AtDevice, at_desk, at_device
from tests.cast import asked, offered, say, talking, ticket_of
from tickets import actions as ticket_actions
from tickets.models import Status, Ticket


def test_both_sides_talk_in_order(desk, now):
    chat = talking(desk, now)
    say(chat, at_device(desk.pc), "Hello", now)
    say(chat, at_desk(desk.tina), "Good morning", now)
    lines = chat.events.filter(kind=Kind.MESSAGE).values_list("seq", "side", "body")
    assert list(lines) == [(3, "contact", "Hello"), (4, "technician", "Good morning")]


def test_the_same_client_id_again_is_the_first_event(desk, now):
    chat, key = talking(desk, now), uuid4()
    first = say(chat, at_device(desk.pc), "Once", now, key)
    again = say(chat, at_device(desk.pc), "Once", now + timedelta(seconds=9), key)
    assert again.pk == first.pk
    assert chat.events.filter(kind=Kind.MESSAGE).count() == 1


def test_the_same_client_id_with_other_words_or_author_is_refused(desk, now):
    chat, key = talking(desk, now), uuid4()
    say(chat, at_device(desk.pc), "Once", now, key)
    with pytest.raises(ClientIdTaken):
        say(chat, at_device(desk.pc), "Twice", now, key)
    with pytest.raises(ClientIdTaken):
        say(chat, at_desk(desk.tina), "Once", now, key)
    assert chat.events.get(client_id=key).body == "Once"


def test_a_repeat_is_answered_even_after_the_end(desk, now):
    chat, key = talking(desk, now), uuid4()
    first = say(chat, at_device(desk.pc), "Last words", now, key)
    actions.end(chat.pk, at_desk(desk.tina), now)
    assert say(chat, at_device(desk.pc), "Last words", now, key).pk == first.pk
    with pytest.raises(TooLate):
        say(chat, at_device(desk.pc), "One more", now)


def test_quiet_chat_ends_at_five_minutes_by_the_data(desk, now):
    chat = talking(desk, now)
    say(chat, at_device(desk.pc), "in time", now + timedelta(seconds=299))
    with pytest.raises(TooLate):
        say(chat, at_device(desk.pc), "too late", now + timedelta(seconds=599))
    actions.sweep(now + timedelta(hours=3))
    chat.refresh_from_db()
    assert (chat.end_reason, chat.ended_at) == (EndReason.IDLE, now + timedelta(seconds=599))


def test_keep_it_open_counts_as_activity_and_reading_does_not(desk, now):
    chat, later = talking(desk, now), now + timedelta(seconds=290)
    actions.seen(chat.pk, at_device(desk.pc), delivered=2, read=2)
    chat.refresh_from_db()
    assert chat.idle_due_at == now + timedelta(minutes=5)
    assert actions.keep_open(chat.pk, at_device(desk.pc), later).idle_due_at == later + timedelta(minutes=5)


def test_only_the_technician_who_holds_it_posts_and_ends(desk, now):
    chat = talking(desk, now)
    assert chat in ChatSession.objects.visible_to(at_desk(desk.omar))
    for act in (
        lambda: say(chat, at_desk(desk.omar), "me too", now),
        lambda: actions.end(chat.pk, at_desk(desk.omar), now),
        lambda: actions.keep_open(chat.pk, at_desk(desk.omar), now),
        lambda: actions.make_ticket(chat.pk, at_desk(desk.omar), now),
    ):
        with pytest.raises(TooLate):
            act()


def test_another_device_can_do_nothing_in_a_chat(desk, now):
    chat, eve = talking(desk, now), at_device(desk.eves_pc)
    assert chat not in ChatSession.objects.visible_to(eve)
    for act in (
        lambda: say(chat, eve, "hi", now),
        lambda: actions.end(chat.pk, eve, now),
        lambda: actions.keep_open(chat.pk, eve, now),
    ):
        with pytest.raises(TooLate):
            act()
    actions.seen(chat.pk, eve, delivered=2, read=2)
    chat.refresh_from_db()
    # Ann's own request, and nothing since.
    assert chat.contact_read_seq == 1


def test_who_sat_there_before_sees_nothing_after_the_device_is_anothers(desk, now):
    chat = talking(desk, now)
    before = at_device(desk.pc)
    desk.pc.contact = None
    desk.pc.save(update_fields=["contact"])
    assert chat not in ChatSession.objects.visible_to(before)
    assert chat not in ChatSession.objects.visible_to(AtDevice(desk.pc.pk, None))


def test_chat_without_a_contact_is_seen_only_while_it_is_open(desk, now):
    chat, there = offered(desk, now, at=desk.free_pc), at_device(desk.free_pc)
    assert chat in ChatSession.objects.visible_to(there)
    actions.decline(chat.pk, there, now)
    assert chat not in ChatSession.objects.visible_to(there)


@pytest.mark.parametrize("body", ["", "   \n ", "\x00\x01"])
def test_nothing_is_no_message(desk, now, body):
    chat = talking(desk, now)
    with pytest.raises(actions.EmptyMessage):
        say(chat, at_device(desk.pc), body, now)


def test_too_long_is_refused_whole(desk, now):
    chat = talking(desk, now)
    with pytest.raises(actions.LongMessage):
        say(chat, at_device(desk.pc), "x" * (MAX_MESSAGE_CHARS + 1), now)
    assert say(chat, at_device(desk.pc), "x" * MAX_MESSAGE_CHARS, now).seq == 3


def test_marks_go_forward_only_and_never_past_the_end(desk, now):
    chat = talking(desk, now)
    for delivered, read in ((2, 1), (1, 0), (99, 99), (0, 0)):
        actions.seen(chat.pk, at_device(desk.pc), delivered=delivered, read=read)
    chat.refresh_from_db()
    assert (chat.contact_delivered_seq, chat.contact_read_seq) == (2, 2)


def test_who_has_read_everything_has_read_their_own_line_too(desk, now):
    chat, ann, tina = talking(desk, now), at_device(desk.pc), at_desk(desk.tina)
    actions.seen(chat.pk, tina, delivered=2, read=2)
    say(chat, tina, "Hello", now)
    chat.refresh_from_db()
    assert (chat.technician_delivered_seq, chat.technician_read_seq) == (3, 3)
    # Ann has not looked yet, and to write is not to read.
    actions.seen(chat.pk, ann, delivered=3, read=1)
    say(chat, ann, "Is anybody there?", now)
    chat.refresh_from_db()
    assert (chat.contact_delivered_seq, chat.contact_read_seq) == (4, 1)


def test_a_colleague_who_names_the_ticket_leaves_no_mark(desk, now):
    chat, tina = talking(desk, now), at_desk(desk.tina)
    actions.make_ticket(chat.pk, tina, now)
    chat.refresh_from_db()
    actions.seen(chat.pk, tina, delivered=chat.last_seq, read=chat.last_seq)
    actions.name_ticket(chat.pk, "Outlook", desk.omar, now)
    before = chat.last_seq
    chat.refresh_from_db()
    assert (chat.last_seq, chat.technician_read_seq) == (before + 1, before)


def test_a_reading_colleague_leaves_no_mark(desk, now):
    chat = talking(desk, now)
    actions.seen(chat.pk, at_desk(desk.omar), delivered=2, read=2)
    chat.refresh_from_db()
    assert chat.technician_read_seq == 0


def test_ticket_by_itself_after_two_minutes_of_conversation(desk, now):
    chat = talking(desk, now)
    say(chat, at_device(desk.pc), "Outlook again", now)
    actions.sweep(now + timedelta(seconds=119))
    assert not Ticket.objects.exists()
    actions.sweep(now + timedelta(seconds=120))
    actions.sweep(now + timedelta(seconds=125))
    ticket = Ticket.objects.get()
    assert ticket.name == "New ticket opened from chat"
    assert (ticket.contact, ticket.device, ticket.assignee) == (desk.ann, desk.pc, desk.tina)
    chat.refresh_from_db()
    assert chat.ticket == ticket
    assert chat.events.filter(kind=Kind.TICKET_OPENED).count() == 1


def test_ticket_counts_from_acceptance(desk, now):
    chat, accepted_at = asked(desk, now, about="It is slow"), now + timedelta(seconds=100)
    actions.accept(chat.pk, at_desk(desk.tina), accepted_at)
    actions.sweep(accepted_at + timedelta(seconds=119))
    assert not Ticket.objects.exists()
    actions.sweep(accepted_at + timedelta(seconds=120))
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(("seconds", "tickets"), [(119, 0), (121, 1)])
def test_chat_that_ended_before_the_job_looked_gets_the_ticket_it_was_due(desk, now, seconds, tickets):
    chat = talking(desk, now)
    say(chat, at_device(desk.pc), "Quick one", now)
    actions.end(chat.pk, at_device(desk.pc), now + timedelta(seconds=seconds))
    actions.sweep(now + timedelta(hours=1))
    assert Ticket.objects.count() == tickets


def test_no_ticket_when_nothing_was_said(desk, now):
    talking(desk, now)
    actions.sweep(now + timedelta(minutes=4))
    assert not Ticket.objects.exists()


def test_ticket_by_click_and_no_second_one_by_itself(desk, now):
    chat = talking(desk, now)
    say(chat, at_device(desk.pc), "Please write it down", now)
    ticket = actions.make_ticket(chat.pk, at_desk(desk.tina), now)
    assert actions.make_ticket(chat.pk, at_desk(desk.tina), now) == ticket
    actions.sweep(now + timedelta(minutes=3))
    assert Ticket.objects.count() == 1


def test_ticket_is_named_at_the_end_and_the_name_is_in_the_log(desk, now):
    chat = talking(desk, now)
    ticket = actions.make_ticket(chat.pk, at_desk(desk.tina), now)
    actions.end(chat.pk, at_desk(desk.tina), now)
    actions.name_ticket(chat.pk, "  Outlook asks\n for the password ", desk.tina, now)
    actions.name_ticket(chat.pk, " ", desk.tina, now)
    ticket.refresh_from_db()
    assert ticket.name == "Outlook asks for the password"
    assert chat.events.filter(kind=Kind.TICKET_RENAMED).count() == 1


def test_naming_without_a_ticket_says_so(desk, now):
    chat = talking(desk, now)
    with pytest.raises(actions.NoTicket):
        actions.name_ticket(chat.pk, "Nothing there", desk.tina, now)


def test_the_end_is_final(desk, now):
    chat = talking(desk, now)
    actions.end(chat.pk, at_device(desk.pc), now)
    with pytest.raises(TooLate):
        actions.end(chat.pk, at_desk(desk.tina), now)
    actions.sweep(now + timedelta(hours=1))
    chat.refresh_from_db()
    assert (chat.state, chat.end_reason) == (State.ENDED, EndReason.BY_CONTACT)
    assert chat.events.filter(kind=Kind.ENDED).count() == 1


def test_what_has_ended_becomes_nothing_else(desk, now):
    chat = talking(desk, now)
    actions.end(chat.pk, at_device(desk.pc), now)
    for state in (State.REQUESTED, State.ACTIVE, State.ENDED):
        with pytest.raises(TooLate):
            append(ChatSession.objects.all(), chat.pk, Kind.ACCEPTED, by=None, now=now, state=state)


def test_the_chats_of_a_ticket_stand_where_the_first_one_came_to_it(desk, now):
    ticket = ticket_of(desk, now, description="It jams")
    ticket_actions.set_status(ticket, Status.PENDING, by=desk.omar, now=now)
    chat = actions.start_from_ticket(ticket, at_desk(desk.tina), now + timedelta(minutes=1))
    actions.accept(chat.pk, at_device(desk.pc), now + timedelta(minutes=1))
    actions.end(chat.pk, at_device(desk.pc), now + timedelta(minutes=2))
    actions.start_from_ticket(ticket, at_desk(desk.tina), now + timedelta(minutes=3))
    kinds = list(ticket.entries.values_list("kind", flat=True))
    assert kinds == ["opened", "message", "status", "chat", "assigned"]
