"""PostgreSQL and Redis fail under a chat (HAZARDS 15, 16)."""

import asyncio
import re
import signal

import pytest

from tests.production.held import figures, is_given_back
from tests.production.invariants import hold
from tests.production.live import Live
from tests.production.load import acknowledged, acknowledged_for, chatting, heard
from tests.production.stack import WEBS

ACKNOWLEDGED_WITHIN_S = 1.5
LIVE_AGAIN_WITHIN_S = 20
GREETED_WITHIN_S = 6
ERRORS = re.compile(r"(?m)^helpdesk_database_errors_total ([\d.]+)$")
# The default of DATABASE_POOL_MAX.
POOL_MAX = 20


@pytest.mark.parametrize(("fault", "lasts_s"), [("killed", 10), ("frozen", 30), ("half-open", 10)])
async def test_posts_go_on_without_redis_and_pages_are_live_again(stack, talking, fault, lasts_s):
    async with talking("PC-1", "PC-2") as talks:
        await asyncio.gather(*map(heard, talks))
        usual = max([await acknowledged(talk, 20) for _ in range(3) for talk in talks])
        break_redis(stack, fault)
        # A machine with other work takes its time for that too.
        await acknowledged_for(lasts_s, talks, ACKNOWLEDGED_WITHIN_S + min(2 * usual, ACKNOWLEDGED_WITHIN_S))
        await asyncio.to_thread(stack.heal)
        took = max(await asyncio.gather(*(heard(talk, LIVE_AGAIN_WITHIN_S) for talk in talks)))
        print(f"Redis {fault}: live again after {took:.1f} s")
        await hold(stack, *talks)


@pytest.mark.parametrize("fault", ["killed", "frozen", "half-open"])
async def test_pages_that_leave_while_redis_is_away_leave_nothing_in_it(stack, talking, fault):
    async with talking("PC-1", "PC-2") as talks:
        await asyncio.gather(*map(heard, talks))
        break_redis(stack, fault)
        await acknowledged(talks[0], 20)
    await asyncio.to_thread(stack.heal)
    await asyncio.to_thread(stack.until, lambda: is_given_back(stack))
    assert stack.in_redis("PUBSUB", "CHANNELS", "helpdesk-*__group__chat*") == []


def break_redis(stack, fault):
    if fault == "killed":
        stack.redis.kill()
    elif fault == "frozen":
        stack.redis.freeze()
    else:
        for tap in stack.to_redis:
            tap.swallow()


async def test_a_page_that_is_opened_without_redis_is_live_at_once_and_hears_when_it_is_back(stack, talking):
    async with talking("PC-1") as [talk]:
        stack.redis.kill()
        async with Live(talk.contact.person, "/agent/ws/") as page:
            page.follow(talk.chat)
            key = page.say(talk.chat, "Is anybody there?")
            await page.until(lambda: key in page.acknowledged)
            await asyncio.to_thread(stack.heal)
            key = talk.answer("I am.")
            await page.until(lambda: key in page.keys(talk.chat), LIVE_AGAIN_WITHIN_S)
            assert page.closed_with == []


async def test_a_technician_with_many_chats_is_greeted_though_redis_says_nothing(stack, talking):
    async with talking("PC-1", "PC-2", "PC-3", "PC-4") as talks:
        stack.redis.freeze()
        async with Live(talks[0].technician.person) as page:
            key = page.say(talks[0].chat, "I can be heard.")
            await page.until(lambda: key in page.acknowledged)
            # Of each of its groups it would have waited for a second.
            assert page.closed_with == []
            assert page.interruptions[0] < GREETED_WITHIN_S


async def test_a_web_process_that_starts_without_redis_carries_chats(stack, talking):
    async with talking("PC-1") as [talk]:
        stack.redis.kill()
        stack.to_web[1].cut()
        # Back when what the unit runs after a start says so.
        await asyncio.to_thread(stack.webs[0].restart)
        await acknowledged(talk, 20)
        await asyncio.to_thread(stack.heal)
        await heard(talk, LIVE_AGAIN_WITHIN_S)
        await hold(stack, talk)


async def test_a_flushed_redis_is_not_noticed(stack, talking):
    async with talking("PC-1") as [talk]:
        stack.in_redis("FLUSHALL")
        assert await heard(talk) < LIVE_AGAIN_WITHIN_S
        await hold(stack, talk)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT], ids=["restarted", "crashed"])
async def test_nothing_acknowledged_is_lost_while_postgresql_is_away(stack, talking, number):
    async with talking("PC-1", "PC-2", "PC-3") as talks:
        async with chatting(*talks):
            await asyncio.gather(*map(heard, talks))
            await asyncio.to_thread(stack.postgres.stop, number)
            status = (await asyncio.to_thread(talks[0].technician.person.get, "/chats/")).status
            await asyncio.to_thread(stack.postgres.start)
            before = errors(stack)
            took = max(await asyncio.gather(*map(heard, talks)))
        print(f"PostgreSQL {number.name}: a page answered {status}; live again after {took:.1f} s")
        assert status == 503
        # Each connection that lay in a pool meanwhile may be met once.
        assert errors(stack) - before <= WEBS * POOL_MAX
        await hold(stack, *talks)


def errors(stack):
    """How many of the database have ended anything in a web process."""
    return sum(sum(map(float, figures(web, ERRORS))) for web in stack.webs)
