"""Who must go, and what is given back, across two web processes (N3; HAZARDS 22, 25)."""

import asyncio
import signal
from functools import partial

from chat.sockets import BEAT_EVERY_S
from tests.production.held import assert_given_back, held, is_given_back
from tests.production.invariants import hold
from tests.production.live import MUST_SIGN_IN, many
from tests.production.load import heard
from tests.production.people import technician
from tests.production.stack import Stack
from tests.production.where import both


async def test_a_technician_who_is_disabled_is_gone_without_redis_too(stack, talking):
    async with talking("PC-1") as [talk]:
        await heard(talk)
        stack.redis.kill()
        # As another program would do it, which rings no bell.
        stack.query("UPDATE accounts_technician SET is_active = false WHERE username = 'tina'")
        try:
            await talk.technician.until(lambda: talk.technician.frames[-1]["type"] == "bye", BEAT_EVERY_S + 2)
            # Each group that it leaves is waited for, for a second.
            await asyncio.to_thread(stack.until, lambda: MUST_SIGN_IN in talk.technician.closed_with)
            assert talk.technician.frames[-1]["type"] == "bye"
            assert talk.technician.person.get("/chats/").status == 302
        finally:
            stack.query("UPDATE accounts_technician SET is_active = true WHERE username = 'tina'")


@both
async def test_nobody_reads_a_chat_of_another_device(stack, talking):
    async with talking("PC-1", "GLOBEX-PC-01") as [anns, eves]:
        eve = eves.contact
        eve.follow(anns.chat)
        await eve.until(lambda: any(frame.get("code") == "not_found" for frame in eve.frames))
        key = eve.say(anns.chat, "I am not here")
        await eve.until(lambda: eve.refusals.get(key) == "not_found")
        assert eve.person.get(f"/agent/chats/{anns.chat}/").status == 404
        del eve.lines[anns.chat]
        await heard(anns)
        await hold(stack, anns, eves)


@both
async def test_what_a_hundred_pages_took_is_given_back(stack):
    omar = technician(stack, "omar")
    await come_and_go(stack, omar)
    before = held(stack)
    await come_and_go(stack, omar)
    await come_and_go(stack, omar)
    assert_given_back(stack, before)


@both
async def test_what_pages_took_is_given_back_after_faults(stack, talking):
    async with talking("PC-1", "PC-2") as talks:
        await through_faults(stack, talks)
        before = held(stack)
        await through_faults(stack, talks)
        assert_given_back(stack, before)
        await hold(stack, *talks)


async def through_faults(stack, talks):
    """What is under every line breaks, one after the other, and all pages come back."""
    for fault in faults_of(stack):
        await asyncio.to_thread(fault)
        for talk in talks:
            talk.ask("Is this still on?")
        await asyncio.to_thread(stack.heal)
        await asyncio.gather(*map(heard, talks))


def faults_of(stack):
    faults = [stack.front.cut, stack.front.freeze]
    if isinstance(stack, Stack):
        faults += [lambda: cut(stack.to_web), stack.redis.kill, partial(stack.postgres.stop, signal.SIGINT)]
    return faults


def cut(taps):
    for tap in taps:
        tap.cut()


async def come_and_go(stack, person):
    """A hundred pages are opened and closed; back when nothing waits for them any more."""
    async with many(person, 100):
        assert held(stack)["sockets"] >= 100
    await asyncio.to_thread(stack.until, lambda: is_given_back(stack))
