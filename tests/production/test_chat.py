"""A chat through nginx, over two web processes, on PostgreSQL and Redis; and in the embedded default."""

import asyncio

from tests.production.invariants import hold, longest_gap
from tests.production.where import both

BEAT_S = 15


@both
async def test_a_chat_goes_on_and_its_ticket_holds_it(stack, talking):
    async with talking("PC-1", "PC-2") as talks:
        # More than a page shows at once.
        for number in range(30):
            await asyncio.gather(*(say_and_hear(talk, number) for talk in talks))
            if number == 15:
                await talks[0].make_ticket()
        await hold(stack, *talks)
        assert stack.ticket_of(talks[0].chat)
        # Pushed, and not heard by the next beat.
        assert max(map(longest_gap, talks)) < BEAT_S


async def say_and_hear(talk, number):
    asked = talk.ask(f"Question {number}:\n<b>is it</b> & http://help.example/{number}?")
    answered = talk.answer(f"Answer {number}")
    await talk.technician.until(lambda: asked in talk.technician.keys(talk.chat))
    await talk.contact.until(lambda: answered in talk.contact.keys(talk.chat))


async def test_both_web_processes_carry_pages(stack, talking):
    async with talking("PC-1", "PC-2"):
        # nginx gives each new socket to the process that has fewer.
        assert all(tap.lines for tap in stack.to_web)
