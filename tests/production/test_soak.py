"""A minute of `make soak`: fewer chats than there, because they share two cores with everything that carries them."""

from itertools import pairwise
from types import SimpleNamespace

import pytest

from tests.production.crowd import Crowd
from tests.production.live import Live
from tests.production.soak import plan, report, traces, watch
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
        contact.frames.append(foreign := {"type": "event", "chat": chat + 1})
        assert "foreign" in await found_in(stack, talk)
        contact.frames.remove(foreign)
        talk.files["of a picture"] = "on its way"
        assert await found_in(stack, talk) == {"lost"}
        talk.files.clear()
        assert await found_in(stack, talk) == set()
        stack.query(set_body, "another", keys[2])
        assert await found_in(stack, talk) == {"broken"}
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
    parts = {(fault.what, fault.where) for fault in faults if "to " not in fault.where}
    assert parts == {(what, name) for what in ("restart", "kill") for name in NAMES}
    # Never two at once.
    assert all(one.at_s + one.lasts_s < other.at_s for one, other in pairwise(faults))


def test_what_is_kept_open_is_found():
    def given_back(**after):
        nothing = dict.fromkeys(watch.OF_PAGES, 0)
        stands = {"with all": {"sockets": 9}, "mended": {"sockets": 9}}
        stands["after"] = nothing | {"connections of PostgreSQL": 30, "connections of Redis": 20} | after
        return not report.not_given_back(stands, {}, 9)

    assert given_back()
    assert not given_back(sockets=1)
    assert not given_back(**{"lines to nginx": 1})
    assert not given_back(**{"connections in use": 1})
    assert not given_back(**{"connections of PostgreSQL": 500})


def test_memory_is_compared_with_what_the_same_process_took_when_it_was_warm():
    def grown(*samples):
        memory = {"web1": watch.lives({4711: list(samples), 4712: [(500, 80), (600, 90)]})}
        stands = {when: dict.fromkeys(("sockets", *report.OPEN_AT_MOST), 0) for when in ("with all", "mended")}
        stands["after"] = stands["mended"] | dict.fromkeys(watch.OF_PAGES, 0)
        return report.not_given_back(stands, memory, 0)

    # Until it is warm a process may grow.
    assert grown((0, 80), (50, 160), (300, 170)) == []
    assert grown((0, 80), (50, 120), (300, 170)) == ["memory of web1: 120 MB when it was warm, 170 MB in the end"]


def test_each_of_these_fails_a_run():
    def failed(options=A_MINUTE, befell=(), found=(), kept=0, open_still=(), judged=()):
        judge = SimpleNamespace(found={"lost": judged}, happened=[happened(name, "kill", 0, 5) for name in befell])
        kinds = report.failures(options, judge, found, kept, open_still)
        assert report.has_failed({"failures": kinds}) == any(kinds.values())
        return {kind for kind, places in kinds.items() if places}

    traces_of = [traces.Trace(0, 0, "worker: Traceback", "never"), traces.Trace(0, 0, "web1: redis", "line")]
    assert failed() == failed(Options(1, 10, 200), befell=NAMES) == failed(found=traces_of[1:]) == set()
    assert failed(judged=["a message"]) == {"lost"}
    assert failed(found=traces_of[:1]) == {"never to be said"}
    assert failed(kept=3) == {"kept back"}
    assert failed(open_still=["sockets"]) == {"not given back"}
    assert failed(Options(1, 10, 200), befell=NAMES[1:]) == {"without a turn"}


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
