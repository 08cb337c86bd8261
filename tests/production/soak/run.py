"""One run: people come, talk while things break, everything is mended, and what became of it is judged."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import psycopg

from tests.production.crowd import Crowd
from tests.production.faults import Tap
from tests.production.live import Live
from tests.production.soak import plan, report, traces
from tests.production.soak.judge import Judge
from tests.production.soak.seats import Seat
from tests.production.soak.trouble import Trouble
from tests.production.soak.watch import OF_PAGES, Watch, standing

# A page that polls holds one for as long as nobody answers.
REQUESTS_AT_ONCE = 300
# Of all chats together, however many: what two cores carry while things break, of which these pages take one.
MESSAGES_A_SECOND = 12
COME_AT_ONCE = 20
CHATS_EACH = 10
# Every so many contacts' line is slow all the time, and so is one technician's; each piece waits so long there.
SLOW_IS_EACH, SLOW_S = 10, 0.2
# What was kept back meanwhile is sent and shown within this, once everything is mended.
MENDED_WITHIN_S = 180
CLOSED_WITHIN_S = 30
# In a longer one tickets are made when it is time.
SHORT_MINUTES = 4
LOOKS_EVERY_S = 0.5
# What everybody who goes takes along.


@dataclass(frozen=True)
class Options:
    seed: int
    minutes: float
    chats: int

    @property
    def seconds(self):
        return self.minutes * 60

    @property
    def desks(self):
        return max(1, self.chats // CHATS_EACH)


async def soak(stack, options, *, say=print):
    """What there is to report (report.py); its `failures` are empty when all is well."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(REQUESTS_AT_ONCE))
    began, since = time.monotonic(), traces.lengths(stack)
    crowd = await asyncio.to_thread(Crowd, stack, chats=options.chats, desks=options.desks, name="soak")
    say(f"{options.chats} chats arranged after {time.monotonic() - began:.0f} s")
    stands = {"before": await asyncio.to_thread(standing, stack)}
    async with Watch(stack) as watch:
        async with _pages(stack, crowd) as (desks, contacts):
            pages = [*desks.values(), *contacts]
            say(f"{len(pages)} pages open after {time.monotonic() - began:.0f} s")
            stands["with all"] = await _until(stack, lambda now: now["sockets"] == len(pages), MENDED_WITHIN_S)
            seats = _seats(options, crowd, desks, contacts)
            trouble = Trouble(stack, pages)
            await _talk(stack, options, seats, trouble)
            say(f"talked for {options.seconds:.0f} s; mending, and reading everything again")
            kept = await _mend(stack, pages)
            stands["mended"] = await _until(stack, lambda now: now["sockets"] == len(pages), MENDED_WITHIN_S)
            judge = Judge(stack, seats, sorted(trouble.happened, key=lambda one: one.began))
            await judge.judge()
        stands["after"] = await _until(stack, lambda now: not any(now[name] for name in OF_PAGES), CLOSED_WITHIN_S)
    found = [*traces.answers(stack, since), *traces.lines(stack, since)]
    return report.made(options, found, seats, trouble, judge, watch, stands, kept)


@asynccontextmanager
async def _pages(stack, crowd):
    """The page of each technician, by person, and of each contact, all of them live; some over slow lines."""
    people = [*crowd.desks, *(person for _chat, person, _desk in crowd.talks)]
    pages = {person: Live(person, "/ws/" if person in crowd.desks else "/agent/ws/") for person in people}
    async with AsyncExitStack() as stack_of_pages:
        slow_line = stack_of_pages.enter_context(Tap(stack.door))
        slow_line.slow(SLOW_S)
        for person in people[len(crowd.desks) - 1 :: SLOW_IS_EACH]:
            person.port = slow_line.port
        for number in range(0, len(people), COME_AT_ONCE):
            coming = people[number : number + COME_AT_ONCE]
            await asyncio.gather(*(stack_of_pages.enter_async_context(pages[person]) for person in coming))
        for chat, person, desk in crowd.talks:
            pages[person].follow(chat)
            pages[desk].follow(chat)
        yield {desk: pages[desk] for desk in crowd.desks}, [pages[person] for _chat, person, _desk in crowd.talks]


def _seats(options, crowd, desks, contacts):
    every_s = 2 * options.chats / MESSAGES_A_SECOND
    return [
        Seat(number, chat, contact, desks[desk], seed=options.seed, seconds=options.seconds, every_s=every_s)
        for number, ((chat, _person, desk), contact) in enumerate(zip(crowd.talks, contacts, strict=True))
    ]


async def _talk(stack, options, seats, trouble):
    of_stack = plan.of_stack(options.seed, seconds=options.seconds)
    of_pages = plan.of_pages(options.seed, seconds=options.seconds, pages=len(trouble.pages))
    async with asyncio.TaskGroup() as group:
        for seat in seats:
            group.create_task(seat.live())
        group.create_task(trouble.befall(of_stack, of_pages, options.seconds))
        group.create_task(_let_tickets_be_due(stack, options))


async def _let_tickets_be_due(stack, options):
    """Two minutes of conversation are more than a short run has."""
    await asyncio.sleep(options.seconds / 2)
    if options.minutes < SHORT_MINUTES:
        # It may be PostgreSQL's turn just now.
        await _first(lambda: _tried(stack.let_pass, "ticket_due_at"), bool, MENDED_WITHIN_S)


def _tried(act, *words):
    try:
        return act(*words) is not None
    except psycopg.OperationalError:
        return False


async def _mend(stack, pages):
    """How many messages were still kept back by their pages when they had all the time they need."""
    await asyncio.to_thread(stack.heal)
    return await _first(lambda: sum(len(page.outbox) for page in pages), lambda kept: not kept, MENDED_WITHIN_S)


async def _until(stack, holds, within):
    """How everything stands when it stands so, or when the time is over."""
    return await _first(lambda: standing(stack), holds, within)


async def _first(look, holds, within):
    """What a look finds when it is as it should be, or when the time is over."""
    give_up_at = time.monotonic() + within
    found = await asyncio.to_thread(look)
    while not holds(found) and time.monotonic() < give_up_at:
        await asyncio.sleep(LOOKS_EVERY_S)
        found = await asyncio.to_thread(look)
    return found
