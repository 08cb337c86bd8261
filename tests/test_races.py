"""HAZARDS cases 2, 3 and 9 to 14: two at once, and exactly one outcome. Threads are real, on both databases."""

import re
from copy import copy
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Contact, Mail
from chat import actions
from chat.agent_access import PAGE_COOKIE
from chat.agent_tickets import Letter, leave_ticket
from chat.errors import ClientIdTaken, TooLate
from chat.models import ChatEvent, ChatSession
from chat.states import EndReason, Kind, State
from chat.viewers import at_desk, at_device, uploader_of
from devices import identity
from devices.models import IdentityToken
from tests.agent import Page
from tests.cast import asked, offered, page_on, say, talking, technician
from tests.races import at_once
from tickets.actions import NewTicket, open_ticket
from tickets.attachments.enclosed import Enclosed
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now():
    return timezone.now()


def ends(chat):
    return list(chat.events.filter(kind=Kind.ENDED))


def won(outcomes):
    return [outcome for outcome in outcomes if not isinstance(outcome, Exception)]


def test_twelve_accept_at_once_and_one_wins(desk, now):
    chat = asked(desk, now)
    people = [technician(f"tech{n}") for n in range(12)]
    outcomes = at_once(*(lambda p=p: actions.accept(chat.pk, at_desk(p), now) for p in people))
    assert len(won(outcomes)) == 1
    assert {type(lost) for lost in outcomes if isinstance(lost, Exception)} == {TooLate}
    chat.refresh_from_db()
    assert chat.technician == won(outcomes)[0].technician
    assert chat.events.filter(kind=Kind.ACCEPTED).count() == 1


def test_accept_pressed_eight_times_at_once_leads_to_the_chat_each_time(desk, now):
    chat = asked(desk, now)
    tabs = [Client() for _ in range(8)]
    for tab in tabs:
        tab.force_login(desk.tina)
    answers = at_once(*(partial(tab.post, f"/chats/{chat.pk}/accept/") for tab in tabs))
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, answers[0]["Location"])}
    assert chat.events.filter(kind=Kind.ACCEPTED).count() == 1


def test_cancel_against_accept_is_one_of_the_two(desk, now):
    seen = set()
    for _ in range(12):
        chat = asked(desk, timezone.now())
        outcomes = at_once(
            lambda: actions.cancel(chat.pk, at_device(desk.pc), now),  # noqa: B023
            lambda: actions.accept(chat.pk, at_desk(desk.tina), now),  # noqa: B023
        )
        chat.refresh_from_db()
        assert len(won(outcomes)) == 1
        assert (chat.state == State.ACTIVE) == (not ends(chat))
        seen.add(chat.state)
        ChatSession.objects.all().delete()
    assert seen <= {State.ACTIVE, State.ENDED}


@pytest.mark.parametrize(
    ("first", "loser"),
    [(actions.cancel, actions.accept), (actions.accept, actions.cancel)],
    ids=["cancelled first", "accepted first"],
)
def test_the_loser_of_cancel_and_accept_is_told(desk, now, first, loser):
    chat = asked(desk, now)
    viewers = {actions.cancel: at_device(desk.pc), actions.accept: at_desk(desk.tina)}
    first(chat.pk, viewers[first], now)
    with pytest.raises(TooLate):
        loser(chat.pk, viewers[loser], now)


@pytest.mark.parametrize("early_ms", [-50, -1, 0, 1, 50])
def test_accept_around_the_deadline_with_sweeps_is_one_final_state(desk, now, early_ms):
    chat = asked(desk, now)
    moment = chat.answer_due_at - timedelta(milliseconds=early_ms)
    sweeps = [lambda: actions.sweep(chat.answer_due_at + timedelta(milliseconds=1))] * 2
    outcomes = at_once(lambda: actions.accept(chat.pk, at_desk(desk.tina), moment), *sweeps)
    chat.refresh_from_db()
    if isinstance(outcomes[0], Exception):
        assert (chat.end_reason, len(ends(chat))) == (EndReason.NO_ANSWER, 1)
    else:
        assert early_ms > 0
        assert (chat.state, ends(chat)) == (State.ACTIVE, [])


def test_message_at_the_moment_of_idle_expiry_is_stored_and_alive_or_refused_and_over(desk, now):
    for _ in range(8):
        chat = talking(desk, now)
        due = chat.idle_due_at
        posted, _, _ = at_once(
            lambda: say(chat, at_device(desk.pc), "wait", due - timedelta(milliseconds=1)),  # noqa: B023
            lambda: actions.sweep(due),  # noqa: B023
            lambda: actions.sweep(due),  # noqa: B023
        )
        chat.refresh_from_db()
        if isinstance(posted, ChatEvent):
            assert chat.state == State.ACTIVE
        else:
            assert (type(posted), chat.end_reason, len(ends(chat))) == (TooLate, EndReason.IDLE, 1)
        ChatSession.objects.all().delete()


def test_automatic_ticket_against_end_and_click_is_one_ticket(desk, now):
    due = now + timedelta(minutes=2)
    for _ in range(6):
        chat = talking(desk, now)
        say(chat, at_device(desk.pc), "Please help", now)
        at_once(
            lambda: actions.open_due_tickets(due),
            lambda: actions.open_due_tickets(due),
            lambda: actions.make_ticket(chat.pk, at_desk(desk.tina), due),  # noqa: B023
            lambda: actions.make_ticket(chat.pk, at_desk(desk.tina), due),  # noqa: B023
            lambda: actions.end(chat.pk, at_device(desk.pc), due),  # noqa: B023
        )
        chat.refresh_from_db()
        assert Ticket.objects.filter(chats=chat).count() == Ticket.objects.count() == 1
        assert chat.events.filter(kind=Kind.TICKET_OPENED).count() == 1
        ChatSession.objects.all().delete()
        Ticket.objects.all().delete()


def test_start_pressed_twice_and_by_both_sides_is_one_session(desk, now):
    outcomes = at_once(
        lambda: asked(desk, now),
        lambda: asked(desk, now),
        lambda: offered(desk, now),
        lambda: offered(desk, now),
    )
    assert len({chat.pk for chat in outcomes}) == 1
    assert ChatSession.objects.count() == 1


def test_the_same_client_id_ten_times_in_parallel_is_one_event(desk, now):
    chat, key = talking(desk, now), uuid4()
    outcomes = at_once(*[lambda: say(chat, at_device(desk.pc), "Once", now, key)] * 10)
    assert len({event.pk for event in outcomes}) == 1
    chat.refresh_from_db()
    assert (chat.last_seq, chat.events.count()) == (3, 3)


def test_the_same_client_id_with_other_words_in_parallel_keeps_one(desk, now):
    chat, key = talking(desk, now), uuid4()
    outcomes = at_once(*[lambda n=n: say(chat, at_device(desk.pc), f"{n}", now, key) for n in range(6)])
    assert sum(isinstance(lost, ClientIdTaken) for lost in outcomes) == 5
    assert chat.events.filter(client_id=key).count() == 1


def test_two_people_two_hundred_messages_each_without_a_gap(desk, now):
    chat = talking(desk, now)

    def write(viewer):
        return [say(chat, viewer, f"line {n}", now).seq for n in range(200)]

    mine, theirs = at_once(lambda: write(at_device(desk.pc)), lambda: write(at_desk(desk.tina)), timeout_s=120)
    assert (sorted(mine), sorted(theirs)) == (mine, theirs)
    assert sorted(mine + theirs) == list(range(3, 403))
    assert list(chat.events.order_by("seq").values_list("seq", flat=True)) == list(range(1, 403))


def test_the_last_two_who_decline_at_once_are_chat_busy(desk, now):
    for _ in range(5):
        chat = asked(desk, timezone.now())
        at_once(
            lambda: actions.decline(chat.pk, at_desk(desk.tina), now),  # noqa: B023
            lambda: actions.decline(chat.pk, at_desk(desk.omar), now),  # noqa: B023
        )
        chat.refresh_from_db()
        assert chat.end_reason == EndReason.BUSY
        ChatSession.objects.all().delete()


def test_five_tries_of_a_token_are_counted_however_parallel(desk, now):
    sitting = page_on(desk.free_pc, now)
    identity.send_token(sitting.page, name="Bob", email="bob@acme.example", now=now)
    wrong = [lambda: identity.confirm(sitting.page, "not-it", now)] * 12
    outcomes = at_once(*wrong)
    assert sum(isinstance(refusal, identity.WrongToken) for refusal in outcomes) == 5
    assert sum(isinstance(refusal, identity.TooMany) for refusal in outcomes) == 7


def test_send_token_pressed_twice_at_once_is_one_mail(desk, now):
    sitting = page_on(desk.free_pc, now)
    send = [lambda: identity.send_token(sitting.page, name="Bob", email="bob@acme.example", now=now)] * 4
    outcomes = at_once(*send)
    assert sum(isinstance(refusal, identity.TooSoon) for refusal in outcomes) == 3
    assert IdentityToken.objects.count() == 1


def test_save_pressed_many_times_at_once_confirms_once_and_says_nothing_wrong(desk, now):
    page = Page(desk.free_pc)
    page.press("identity/", name="Bob Low", email="bob@acme.example")
    token = re.search(r"^(\d{6})$", Mail.objects.get().body, re.MULTILINE).group(1)
    clicks = [copy(page) for _ in range(8)]
    for click in clicks:
        click.client = Client()
        click.client.cookies[PAGE_COOKIE] = page.on.cookie
    answers = at_once(*(partial(click.press, "identity/token/", token=token) for click in clicks))
    assert {answer.headers.get("HX-Redirect") for answer in answers} == {"/agent/"}
    assert Contact.objects.filter(email="bob@acme.example").count() == 1


def test_tickets_from_both_sides_for_one_device_wait_for_nobody(desk, now):
    """A deadlock where one locks the device and then the numbers, and the other the numbers and then the device."""
    page = page_on(desk.pc, now).page
    new = NewTicket(customer=desk.acme, contact=desk.ann, device=desk.pc, title="Noise")
    nothing = Enclosed((), uploader_of(at_device(desk.pc)))
    for turn in range(5):
        letters = [Letter(key=uuid4(), title=f"Mine {turn}", enclosed=nothing) for _ in range(2)]
        outcomes = at_once(
            *(partial(leave_ticket, page, letter, now + timedelta(hours=turn)) for letter in letters),
            *(partial(open_ticket, new, by=desk.tina, now=now) for _ in range(4)),
        )
        assert won(outcomes) == outcomes


def test_declining_in_one_tab_while_another_shows_it_fails_in_neither(desk, now):
    for _ in range(5):
        chat = asked(desk, now)
        tina = at_desk(desk.tina)
        pages = [partial(actions.shown, chat.pk, tina, now) for _ in range(3)]
        outcomes = at_once(*pages, partial(actions.decline, chat.pk, tina, now))
        assert won(outcomes) == outcomes
        actions.cancel(chat.pk, at_device(desk.pc), now)
