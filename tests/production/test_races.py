"""Two at the same moment, through two web processes and the jobs: one outcome (N2, N4; HAZARDS 2 and 9 to 14)."""

import asyncio
import re
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from tests.production.invariants import hold
from tests.production.load import heard
from tests.production.moments import around, soon
from tests.production.people import contact, technician
from tests.production.where import both
from tests.races import at_once

pytestmark = both

DEVICES = [f"PC-{number}" for number in range(1, 7)]
# Before the moment and after it, in milliseconds.
AROUND = (-1500, -50, -10, 0, 10, 50)
SWEEP = """
import time
from itertools import count
from django.utils import timezone
from chat import actions
for turn in count():
    actions.sweep(timezone.now())
    if turn == 0:
        print("sweeping")
    # Not so often that SQLite's one writer is always one of these.
    time.sleep(0.02)
"""
DONE = {200, 204, 302}


def ask(person):
    """The number of the chat that this person asks for, or finds."""
    asked = person.post("/agent/start/", about="Help", client_id=str(uuid4()))
    return int(re.search(r"/chats/(\d+)/", asked.headers["Location"])[1])


def kinds_of(stack, chat):
    return [kind for _seq, kind, *_ in stack.log(chat)]


@contextmanager
def sweeping(stack):
    """Two programs sweep again and again beside the installation's own."""
    sweepers = [stack.beside(SWEEP) for _ in range(2)]
    try:
        yield
        assert all(sweeper.is_running for sweeper in sweepers)
    finally:
        for sweeper in sweepers:
            sweeper.kill()


async def come_back(talks):
    """Each page is opened anew: what a sweep of another program did, it was perhaps not told."""
    pages = {page for talk in talks for page in talk.pages}
    for page in pages:
        page.drop()
    for page in pages:
        await page.until(lambda page=page: page.is_up)


def test_the_same_message_ten_times_at_once_is_one_line(stack):
    ann, tina = contact(stack, "PC-1"), technician(stack, "tina")
    chat = ask(ann)
    assert tina.post(f"/chats/{chat}/accept/").status == 302
    key = str(uuid4())
    send = partial(ann.post_json, f"/agent/chats/{chat}/messages/", client_id=key)
    answers = at_once(*[partial(send, body="Once")] * 10)
    assert [answer.status for answer in answers] == [200] * 10
    assert len({answer.body for answer in answers}) == 1
    others = at_once(*[partial(send, body=f"Other {number}") for number in range(5)])
    assert [answer.status for answer in others] == [409] * 5
    assert [body for _seq, _kind, found, body in stack.log(chat) if found == key] == ["Once"]


def test_of_twelve_who_accept_at_once_one_wins(stack):
    desks = {name: technician(stack, name) for name in ("tina", "omar", "admin")}
    chat = ask(contact(stack, "PC-1"))
    everybody = [*desks] * 4
    answers = at_once(*(partial(desks[name].post, f"/chats/{chat}/accept/") for name in everybody))
    winners = {name for name, answer in zip(everybody, answers, strict=True) if answer.status in DONE}
    late = [(name, answer) for name, answer in zip(everybody, answers, strict=True) if answer.status not in DONE]
    [winner] = winners
    # Whoever was first may press as often as they like.
    assert sorted(name for name, _answer in late) == sorted(4 * [*set(desks) - winners])
    # Whoever was too late reads who was first.
    [(first, last)] = stack.query("SELECT first_name, last_name FROM accounts_technician WHERE username = %s", winner)
    assert [answer.status for _name, answer in late] == [409] * len(late)
    assert all(f"{first} {last}".encode() in answer.body for _name, answer in late)
    assert kinds_of(stack, chat).count("accepted") == 1


def test_cancel_against_accept_is_one_of_the_two_and_both_occur(stack):
    ann, tina = contact(stack, "PC-1"), technician(stack, "tina")
    outcomes = set()
    # The one is ahead of the other by so much, and by less and less.
    for ahead_ms in (60, -60, 30, -30, 10, -10, 0):
        chat = ask(ann)
        acts = [(0, partial(ann.post, f"/agent/chats/{chat}/cancel/"))]
        acts += [(ahead_ms, partial(tina.post, f"/chats/{chat}/accept/"))]
        cancelled, accepted = (answer.status in DONE for answer in around(soon(), acts))
        assert cancelled != accepted
        assert (kinds_of(stack, chat)[-1], len(kinds_of(stack, chat))) == (("ended" if cancelled else "accepted"), 3)
        outcomes.add(cancelled)
        stack.let_pass("idle_due_at")
    assert outcomes == {True, False}


def test_accepting_around_the_deadline_while_jobs_sweep_is_one_final_state(stack):
    people, tina = [contact(stack, device) for device in DEVICES], technician(stack, "tina")
    with sweeping(stack):
        chats = [ask(person) for person in people]
        due = soon()
        stack.set_due(due, "answer_due_at")
        acts = [(ms, partial(tina.post, f"/chats/{chat}/accept/")) for ms, chat in zip(AROUND, chats, strict=True)]
        answers = around(due, acts)
        stack.wait("SELECT count(*) = 0 FROM chat_chatsession WHERE state = 'requested'")
    for ms, chat, answer in zip(AROUND, chats, answers, strict=True):
        assert answer.status in {302, 409}
        assert answer.status == 409 or ms < 0
        [row] = stack.query(STANDS, chat)
        if answer.status == 302:
            assert (row[0], row[1], bool(row[2]), "ended" in kinds_of(stack, chat)) == ("active", "", True, False)
        else:
            assert (row[0], row[1], bool(row[3])) == ("ended", "no_answer", True)
            assert kinds_of(stack, chat)[-1:] == ["ended"]
            assert kinds_of(stack, chat).count("ended") == 1
    assert answers[0].status == 302


# Accepted in time? Ended at the deadline, whenever that was written down?
STANDS = """
SELECT state, end_reason, accepted_at < answer_due_at, ended_at = answer_due_at FROM chat_chatsession WHERE id = %s
"""


async def test_a_message_at_the_moment_of_the_quiet_end_is_stored_and_alive_or_refused_and_over(stack, talking):
    async with talking(*DEVICES) as talks:
        await asyncio.gather(*map(heard, talks))
        with sweeping(stack):
            due = soon()
            stack.set_due(due, "idle_due_at")
            acts = [(ms, partial(write_late, talk)) for ms, talk in zip(AROUND, talks, strict=True)]
            answers = await asyncio.to_thread(around, due, acts)
            # The jobs have been over all of them since.
            await asyncio.to_thread(stack.wait, OVERDUE, datetime.now(UTC))
        for ms, talk, status in zip(AROUND, talks, answers, strict=True):
            [row] = stack.query("SELECT state, end_reason, ended_at FROM chat_chatsession WHERE id = %s", talk.chat)
            is_stored = "In time?" in [body for *_, body in stack.log(talk.chat)]
            assert (status, is_stored, row[:2]) in [(200, True, ("active", "")), (409, False, ("ended", "idle"))]
            assert status == 409 or ms < 0
        assert answers[0] == 200
        await come_back(talks)
        await hold(stack, *talks)


OVERDUE = "SELECT count(*) = 0 FROM chat_chatsession WHERE state = 'active' AND idle_due_at < %s"


def write_late(talk):
    said = {"client_id": str(uuid4()), "body": "In time?"}
    return talk.contact.person.post_json(f"/agent/chats/{talk.chat}/messages/", **said).status


async def test_the_automatic_ticket_against_clicks_and_the_end_is_one_ticket(stack, talking):
    async with talking(*DEVICES[:3]) as talks:
        await asyncio.gather(*map(heard, talks))
        with sweeping(stack):
            due = soon()
            stack.set_due(due, "ticket_due_at")
            click = [(0, partial(talk.technician.person.post, f"/chats/{talk.chat}/ticket/")) for talk in talks * 2]
            ends = [(5, partial(talk.contact.person.post, f"/agent/chats/{talk.chat}/end/")) for talk in talks]
            answers = await asyncio.to_thread(around, due, click + ends)
            assert {answer.status for answer in answers} == {302}
        for talk in talks:
            kinds = kinds_of(stack, talk.chat)
            assert (kinds.count("ticket_opened"), kinds.count("ended")) == (1, 1)
            assert stack.ticket_of(talk.chat)
        await come_back(talks)
        await hold(stack, *talks)


def test_start_pressed_twice_in_two_tabs_and_by_both_sides_is_one_chat(stack):
    tabs, tina = [contact(stack, "PC-1"), contact(stack, "PC-1")], technician(stack, "tina")
    [(device,)] = stack.query("SELECT id FROM devices_device WHERE name = %s", "PC-1")
    for _ in range(4):
        before = stack.query("SELECT count(*) FROM chat_chatsession")[0][0]
        presses = [partial(ask, tab) for tab in tabs * 2]
        answers = at_once(*presses, *[partial(tina.post, f"/devices/{device}/chat/")] * 2)
        *asked, one, other = answers
        shown = {int(re.search(r"/chats/(\d+)/", answer.headers["Location"])[1]) for answer in (one, other)}
        assert set(asked) == shown
        assert stack.query("SELECT count(*) FROM chat_chatsession")[0][0] == before + 1
        [chat] = shown
        assert max(map(kinds_of(stack, chat).count, ("requested", "accepted"))) == 1
        stack.let_pass("idle_due_at", "answer_due_at")
