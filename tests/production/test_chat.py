"""A chat through nginx, over two web processes, on PostgreSQL and Redis; and in the embedded default."""

import asyncio

from chat.sockets import BEAT_EVERY_S
from tests.production.invariants import hold, longest_gap
from tests.production.load import heard, marked
from tests.production.where import both


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
        assert max(map(longest_gap, talks)) < BEAT_EVERY_S


@both
async def test_both_sides_know_what_was_read_after_the_line_was_cut_too(stack, talking):
    async with talking("PC-1") as [talk]:
        for fault in (stack.front.cut, stack.front.one_way):
            await heard(talk)
            await asyncio.to_thread(fault)
            talk.ask("Is anybody there?")
            await asyncio.to_thread(stack.front.mend)
            await heard(talk)
            await marked(talk)
        read = "SELECT technician_read_seq, contact_read_seq, last_seq FROM chat_chatsession WHERE id = %s"
        [(by_technician, by_contact, last)] = stack.query(read, talk.chat)
        assert by_technician == by_contact == last == len(stack.log(talk.chat))


async def say_and_hear(talk, number):
    asked = talk.ask(f"Question {number}:\n<b>is it</b> & http://help.example/{number}?")
    answered = talk.answer(f"Answer {number}")
    await talk.technician.until(lambda: asked in talk.technician.keys(talk.chat))
    await talk.contact.until(lambda: answered in talk.contact.keys(talk.chat))


async def test_both_web_processes_carry_pages(stack, talking):
    async with talking("PC-1", "PC-2"):
        # nginx gives each new socket to the process that has fewer.
        assert all(tap.lines for tap in stack.to_web)
