"""Asking and answering (S7–S15, D1–D8): who may, who is first, and how it ends otherwise."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts import actions as people
from accounts.models import Plan
from chat import actions
from chat.errors import NotAllowed, TooLate
from chat.models import ChatAsk, ChatSession
from chat.rules import REQUESTS_IN_A_ROW, Reason
from chat.states import EndReason, Kind, State
from chat.viewers import at_desk, at_device
from devices.actions import assign_contact
from devices.models import Device
from tests.cast import asked, contact, offered, say, talking

TRIAL_IS_OVER = {"plan": Plan.PROFESSIONAL, "trial_started_at": datetime(2020, 1, 1, tzinfo=UTC)}


def nobody_available(desk):
    for technician in (desk.tina, desk.omar):
        set_row(technician, is_available=False)


def kinds(chat):
    return list(chat.events.order_by("seq").values_list("kind", flat=True))


def test_contact_asks_and_the_words_are_the_first_message(desk, now):
    chat = asked(desk, now, about="Printer prints blank pages")
    assert kinds(chat) == [Kind.REQUESTED, Kind.MESSAGE]
    assert chat.events.get(seq=2).body == "Printer prints blank pages"
    assert chat.answer_due_at == now + timedelta(minutes=2)


def test_first_technician_wins(desk, now):
    chat = asked(desk, now)
    actions.accept(chat.pk, at_desk(desk.tina), now)
    with pytest.raises(TooLate):
        actions.accept(chat.pk, at_desk(desk.omar), now)
    chat.refresh_from_db()
    assert (chat.state, chat.technician) == (State.ACTIVE, desk.tina)
    assert kinds(chat) == [Kind.REQUESTED, Kind.ACCEPTED]


def test_one_declines_and_it_rings_for_the_other(desk, now):
    chat = asked(desk, now)
    actions.decline(chat.pk, at_desk(desk.tina), now)
    assert chat not in ChatSession.objects.ringing_for(at_desk(desk.tina), now)
    assert chat in ChatSession.objects.ringing_for(at_desk(desk.omar), now)


def test_all_decline_and_the_contact_reads_busy(desk, now):
    chat = asked(desk, now)
    actions.decline(chat.pk, at_desk(desk.tina), now)
    actions.decline(chat.pk, at_desk(desk.omar), now)
    chat.refresh_from_db()
    assert chat.end_reason == EndReason.BUSY


def test_undecided_who_goes_unavailable_is_no_longer_waited_for(desk, now):
    chat = asked(desk, now)
    actions.decline(chat.pk, at_desk(desk.tina), now)
    people.set_availability(desk.omar, is_available=False)
    actions.technician_changed(desk.omar.pk, now)
    chat.refresh_from_db()
    assert chat.end_reason == EndReason.BUSY


def test_request_goes_on_when_nobody_is_left_and_nobody_declined(desk, now):
    chat = asked(desk, now)
    for technician in (desk.tina, desk.omar):
        people.set_availability(technician, is_available=False)
        actions.technician_changed(technician.pk, now)
    chat.refresh_from_db()
    assert chat.state == State.REQUESTED


def test_request_goes_on_when_who_declined_and_the_others_are_all_gone(desk, now):
    chat = asked(desk, now)
    actions.decline(chat.pk, at_desk(desk.tina), now)
    for technician in (desk.tina, desk.omar):
        people.set_availability(technician, is_available=False)
        actions.technician_changed(technician.pk, now)
    chat.refresh_from_db()
    assert chat.state == State.REQUESTED


def test_who_becomes_available_while_it_rings_is_asked_too(desk, now):
    people.set_availability(desk.omar, is_available=False)
    chat = asked(desk, now)
    people.set_availability(desk.omar, is_available=True)
    actions.decline(chat.pk, at_desk(desk.tina), now)
    chat.refresh_from_db()
    assert chat.state == State.REQUESTED
    assert chat in ChatSession.objects.ringing_for(at_desk(desk.omar), now)


def test_request_expires_after_two_minutes_on_both_sides(desk, now):
    late = now + timedelta(minutes=2)
    for chat in (asked(desk, now), offered(desk, now, at=desk.free_pc)):
        with pytest.raises(TooLate):
            actions.accept(chat.pk, at_desk(desk.tina), late)
        actions.settle(ChatSession.objects.all(), late + timedelta(hours=1))
        chat.refresh_from_db()
        assert (chat.end_reason, chat.ended_at) == (EndReason.NO_ANSWER, late)


def test_contact_cancels(desk, now):
    chat = asked(desk, now)
    actions.cancel(chat.pk, at_device(desk.pc), now)
    chat.refresh_from_db()
    assert chat.end_reason == EndReason.CANCELLED
    with pytest.raises(TooLate):
        actions.accept(chat.pk, at_desk(desk.tina), now)


def test_nobody_answers_ones_own_request(desk, now):
    asked_by_ann, asked_by_tina = asked(desk, now), offered(desk, now, at=desk.free_pc)
    with pytest.raises(TooLate):
        actions.accept(asked_by_ann.pk, at_device(desk.pc), now)
    with pytest.raises(TooLate):
        actions.accept(asked_by_tina.pk, at_desk(desk.omar), now)
    with pytest.raises(TooLate):
        actions.cancel(asked_by_tina.pk, at_desk(desk.omar), now)


def test_technician_asks_and_the_contact_accepts(desk, now):
    chat = offered(desk, now)
    event = actions.accept(chat.pk, at_device(desk.pc), now)
    assert (event.chat.technician, event.chat.state) == (desk.tina, State.ACTIVE)


def test_contact_declines_and_may_be_asked_again_at_once(desk, now):
    chat = offered(desk, now)
    actions.decline(chat.pk, at_device(desk.pc), now)
    chat.refresh_from_db()
    assert chat.end_reason == EndReason.DECLINED
    assert offered(desk, now).pk != chat.pk


def test_asker_reads_that_the_page_has_shown_the_request(desk, now):
    chat = offered(desk, now)
    actions.shown(chat.pk, at_device(desk.pc), now)
    chat.refresh_from_db()
    assert chat.shown_at == now


def test_waiting_contact_reads_how_many_pages_show_the_request(desk, now):
    chat = asked(desk, now)
    for technician in (desk.tina, desk.omar, desk.tina):
        actions.shown(chat.pk, at_desk(technician), now)
    assert ChatAsk.objects.seeing(chat.pk).count() == 2
    actions.decline(chat.pk, at_desk(desk.omar), now)
    assert ChatAsk.objects.seeing(chat.pk).count() == 1


def test_one_open_chat_per_device(desk, now):
    chat = asked(desk, now)
    assert asked(desk, now).pk == chat.pk
    # A technician who asks while it rings accepts it (D6).
    assert offered(desk, now).pk == chat.pk
    chat.refresh_from_db()
    assert (chat.state, chat.technician) == (State.ACTIVE, desk.tina)
    assert offered(desk, now).pk == chat.pk


def test_contact_who_presses_start_while_asked_sees_that_request(desk, now):
    chat = offered(desk, now)
    assert asked(desk, now).pk == chat.pk
    chat.refresh_from_db()
    assert chat.state == State.REQUESTED


def test_another_technician_is_told_who_is_chatting(desk, now):
    chat = talking(desk, now)
    with pytest.raises(NotAllowed) as refusal:
        offered(desk, now, by=desk.omar)
    assert (refusal.value.reason, refusal.value.chat) == (Reason.OTHER_TECHNICIAN, chat)


@pytest.mark.parametrize(
    ("break_rule", "reason"),
    [
        (lambda desk: set_row(desk.installation, **TRIAL_IS_OVER), Reason.PLAN),
        (lambda desk: set_installation(desk, is_chat_enabled=False), Reason.CHAT_OFF),
        (lambda desk: set_row(desk.acme, has_agent=False), Reason.AGENT_OFF),
        (lambda desk: set_row(desk.pc, platform="mac"), Reason.MAC),
        (nobody_available, Reason.NOBODY_AVAILABLE),
        (lambda desk: set_row(desk.pc, contact=None), Reason.IDENTITY),
    ],
)
def test_contact_is_refused_with_the_reason(desk, now, break_rule, reason):
    break_rule(desk)
    with pytest.raises(NotAllowed) as refusal:
        asked(desk, now)
    assert refusal.value.reason == reason


def test_refusals_are_checked_in_the_order_of_the_table(desk, now):
    set_row(desk.pc, contact=None)
    nobody_available(desk)
    with pytest.raises(NotAllowed) as refusal:
        asked(desk, now)
    assert refusal.value.reason == Reason.NOBODY_AVAILABLE


def test_technician_may_ask_where_contacts_may_not(desk, now):
    set_installation(desk, is_chat_enabled=False)
    set_row(desk.acme, has_agent=False)
    assert offered(desk, now).state == State.REQUESTED


def test_technician_is_refused_on_a_mac_and_outside_the_plan(desk, now):
    with pytest.raises(NotAllowed) as refusal:
        offered(desk, now, at=desk.mac)
    assert refusal.value.reason == Reason.MAC
    set_installation(desk, **TRIAL_IS_OVER)
    with pytest.raises(NotAllowed) as refusal:
        offered(desk, now)
    assert refusal.value.reason == Reason.PLAN


def test_trial_starts_with_the_first_use_and_runs_once(desk, now):
    set_installation(desk, plan=Plan.PROFESSIONAL, trial_started_at=None)
    offered(desk, now)
    desk.installation.refresh_from_db()
    assert desk.installation.trial_started_at == now
    with pytest.raises(NotAllowed):
        offered(desk, now + timedelta(days=30), at=desk.free_pc)


def test_too_many_requests_in_a_row_are_refused(desk, now):
    for _ in range(REQUESTS_IN_A_ROW):
        actions.cancel(asked(desk, now).pk, at_device(desk.pc), now)
    with pytest.raises(NotAllowed) as refusal:
        asked(desk, now)
    assert refusal.value.reason == Reason.TOO_MANY


def test_device_without_contact_can_be_asked_and_gets_its_contact(desk, now):
    chat = offered(desk, now, at=desk.free_pc)
    actions.accept(chat.pk, at_device(desk.free_pc), now)
    ticket = actions.make_ticket(chat.pk, at_desk(desk.tina), now)
    assert chat.contact_name == "Someone at ACME-PC-02"
    assign_contact(desk.free_pc, desk.ann, now)
    actions.device_changed(desk.free_pc.pk, now)
    chat.refresh_from_db()
    ticket.refresh_from_db()
    assert (chat.contact, ticket.contact, chat.state) == (desk.ann, desk.ann, State.ACTIVE)


def test_assigning_another_contact_ends_the_open_chat(desk, now):
    chat = talking(desk, now)
    assign_contact(desk.pc, None, now)
    actions.device_changed(desk.pc.pk, now)
    chat.refresh_from_db()
    assert chat.end_reason == EndReason.REVOKED


def test_who_asks_while_the_device_is_given_to_another_gets_no_chat(desk, now):
    before, stale = at_device(desk.pc), Device.objects.get(pk=desk.pc.pk)
    assign_contact(desk.pc, contact(desk.acme, "Bob Doe"), now)
    with pytest.raises(TooLate):
        actions.request_chat(stale, by=before, now=now)
    assert not ChatSession.objects.on_device(desk.pc.pk).exists()


def test_technician_asks_whoever_sits_there_by_now(desk, now):
    stale = Device.objects.get(pk=desk.pc.pk)
    bob = contact(desk.acme, "Bob Doe")
    assign_contact(desk.pc, bob, now)
    assert offered(desk, now, at=stale).contact == bob


def test_disabled_technicians_chats_end_and_their_tickets_stay(desk, now):
    chat = talking(desk, now)
    ticket = actions.make_ticket(chat.pk, at_desk(desk.tina), now)
    desk.tina.is_active = False
    people.save_technician(desk.tina, ["is_active"])
    with pytest.raises(TooLate):
        say(chat, at_desk(desk.tina), "still here?", now)
    actions.sweep(now)
    chat.refresh_from_db()
    assert (chat.end_reason, chat.ticket) == (EndReason.REVOKED, ticket)


def test_a_disabled_technician_can_take_nothing(desk, now):
    chat = asked(desk, now)
    set_row(desk.tina, is_active=False)
    with pytest.raises(TooLate):
        actions.accept(chat.pk, at_desk(desk.tina), now)


def set_row(row, **fields):
    type(row)._default_manager.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()


def set_installation(desk, **fields):
    set_row(desk.installation, **fields)
