"""Who must go, and what is given back, across two web processes (N3; HAZARDS 22, 25)."""

import asyncio
import re
from pathlib import Path

from tests.production.invariants import hold
from tests.production.live import MUST_SIGN_IN, many
from tests.production.load import heard
from tests.production.people import technician
from tests.production.stack import WEBS

BEAT_S = 15
# The default of DATABASE_POOL_MAX; worker, PostgreSQL's own processes and this question.
POOL_MAX, OTHERS = 20, 15
MEGABYTE = 1024 * 1024


async def test_a_technician_who_is_disabled_is_gone_without_redis_too(stack, talking):
    async with talking("PC-1") as [talk]:
        await heard(talk)
        stack.redis.kill()
        # As another program would do it, which rings no bell.
        stack.query("UPDATE accounts_technician SET is_active = false WHERE username = 'tina'")
        try:
            await talk.technician.until(lambda: talk.technician.frames[-1]["type"] == "bye", BEAT_S + 2)
            # Each group that it leaves is waited for, for a second.
            await asyncio.to_thread(stack.until, lambda: MUST_SIGN_IN in talk.technician.closed_with)
            assert talk.technician.frames[-1]["type"] == "bye"
            assert talk.technician.person.get("/chats/").status == 302
        finally:
            stack.query("UPDATE accounts_technician SET is_active = true WHERE username = 'tina'")


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


async def test_what_a_hundred_pages_took_is_given_back(stack):
    omar = technician(stack, "omar")
    await come_and_go(stack, omar)
    before = held(stack)
    await come_and_go(stack, omar)
    await come_and_go(stack, omar)
    after = held(stack)
    # A pool grows by and by to what it may hold; pages have none of their own.
    assert after["connections"] <= WEBS * POOL_MAX + OTHERS
    assert after["memory"] - before["memory"] < 16 * MEGABYTE


async def come_and_go(stack, person):
    """A hundred pages are opened and closed; back when nothing waits for them any more."""
    async with many(person, 100):
        assert held(stack)["channels"] >= 100
    await asyncio.to_thread(stack.until, lambda: held(stack)["lines"] == held(stack)["channels"] == 0)


def held(stack):
    """What pages can hold: lines to web processes, channels in Redis, connections to PostgreSQL, memory."""
    sizes = [Path(f"/proc/{web.process.pid}/status").read_text() for web in stack.webs]
    return {
        "lines": sum(tap.lines for tap in stack.to_web),
        "channels": len(stack.in_redis("PUBSUB", "CHANNELS", "helpdesk-*specific*")),
        "connections": stack.query("SELECT count(*) FROM pg_stat_activity")[0][0],
        "memory": sum(int(re.search(r"VmRSS:\s+(\d+)", size)[1]) for size in sizes) * 1024,
    }
