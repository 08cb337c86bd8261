"""A minute of `make soak`: fewer chats than there, because they share two cores with everything that carries them."""

from itertools import pairwise
from types import SimpleNamespace

import pytest

from tests.production.crowd import Crowd
from tests.production.live import Live
from tests.production.soak import plan, report, traces
from tests.production.soak.judge import Judge
from tests.production.soak.plan import NAMES, Fault
from tests.production.soak.run import Options, soak
from tests.production.soak.seats import Talk
from tests.production.soak.trouble import Happened

A_MINUTE = Options(seed=1, minutes=1, chats=60)


@pytest.mark.timeout(420)
async def test_nothing_is_lost_or_doubled_in_a_minute_of_trouble(stack, tmp_path):
    found = await soak(stack, A_MINUTE)
    report.write(found, stack, tmp_path)
    print(report.as_text(found))
    assert not report.has_failed(found)
    # Something went on, and something was at fault.
    assert found["counts"]["delivered"] > 2 * A_MINUTE.chats
    assert len(found["faults"]) >= 3


async def test_what_is_lost_doubled_disordered_or_foreign_is_found(stack):
    crowd = Crowd(stack, chats=1, desks=1, name="judged")
    [(chat, person, desk)] = crowd.talks
    async with Live(desk) as technician, Live(person, "/agent/ws/") as contact:
        talk = Talk(chat, technician, contact, [chat])
        keys = [talk.say(contact, "first"), talk.say(contact, "second"), talk.say(technician, "third")]
        assert await found_in(stack, talk) == set()
        set_body = "UPDATE chat_chatevent SET body = %s WHERE client_id = %s"
        stack.query(set_body, "first", keys[1])
        assert "doubled" in await found_in(stack, talk)
        stack.query(set_body, "second", keys[1])
        technician.lines[chat].reverse()
        assert "out of order" in await found_in(stack, talk)
        technician.lines[chat].reverse()
        contact.frames.append({"type": "event", "chat": chat + 1})
        assert "foreign" in await found_in(stack, talk)
        contact.frames.pop()
        stack.query("DELETE FROM chat_chatevent WHERE client_id = %s", keys[2])
        assert "lost" in await found_in(stack, talk)


async def found_in(stack, talk):
    """The kinds of failure that are found in one chat."""
    await talk.contact.until(lambda: not talk.contact.outbox)
    await talk.technician.until(lambda: not talk.technician.outbox)
    judge = Judge(stack, [SimpleNamespace(talks=[talk])], [])
    await judge.judge()
    return {kind for kind, places in judge.found.items() if places}


def test_a_plan_is_the_same_for_a_seed_and_leaves_nothing_out():
    seconds = 600
    faults = plan.of_stack(7, seconds=seconds)
    assert faults == plan.of_stack(7, seconds=seconds)
    assert faults != plan.of_stack(8, seconds=seconds)
    parts = {(fault.what, fault.where) for fault in faults if not fault.where.startswith("to ")}
    assert parts == {(what, name) for what in ("restart", "kill") for name in NAMES}
    # Never two at once.
    assert all(one.at_s + one.lasts_s < other.at_s for one, other in pairwise(faults))


def test_only_what_a_fault_explains_is_excused():
    def at(kind, at_s):
        return traces.Trace(at_s, at_s, f"{kind} at {at_s}", kind)

    away = happened("postgres", "kill", 100, 105)
    silent = happened("redis", "kill", 200, 205)
    found = [at("answer", 103), at("answer", 150), at("answer", 203), at("line", 203), at("never", 103)]
    unexplained, explained = traces.sorted_out(found, [away, silent])
    assert explained == ["answer at 103", "line at 203"]
    assert unexplained == ["answer at 150", "answer at 203", "never at 103"]


def happened(where, what, began_at, ended_at):
    return Happened(Fault(0, 5, what, where), None, 0, 5, began_at, ended_at)
