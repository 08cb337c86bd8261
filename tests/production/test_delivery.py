"""What is on its way while lines break arrives once and in order (N1; HAZARDS 1, 3, 5, 6, 7, 8)."""

import asyncio
from contextlib import AsyncExitStack

from tests.production.invariants import hold
from tests.production.lines import LOST
from tests.production.link import DEAD_AFTER_S
from tests.production.live import Live
from tests.production.load import by_turns, heard, marked
from tests.production.where import both, embedded

HEALED_WITHIN_S = 20
EACH = 200
# What one socket may send in the long run is 60 frames a second, and a page asks for what it missed besides.
A_SECOND = 40


async def all_acknowledged(talk):
    await heard(talk)
    for page in talk.pages:
        await page.until(lambda page=page: not page.outbox)


@both
async def test_a_send_whose_answer_was_lost_is_there_once(stack, talking):
    async with talking("PC-1") as [talk]:
        await all_acknowledged(talk)
        stack.front.one_way()
        keys = {page: talk.say(page, "Was it sent?") for page in talk.pages}
        for key in keys.values():
            await asyncio.to_thread(stack.until, lambda key=key: stack.is_stored(key))
        assert not any(key in page.acknowledged for page, key in keys.items())
        # The lines that lost something end, and both pages come back by themselves.
        stack.front.mend()
        for page, key in keys.items():
            await page.until(lambda page=page, key=key: key in page.acknowledged)
        await talk.make_ticket()
        await hold(stack, talk)


@both
async def test_two_people_who_write_at_once_read_the_same(stack, talking):
    async with talking("PC-1") as [talk]:
        await by_turns(talk, EACH, A_SECOND)
        await hold(stack, talk)
        # Nobody was cut off for it.
        assert [page.closed_with for page in talk.pages] == [[], []]
        said = [body for _seq, kind, _key, body in stack.log(talk.chat) if kind == "message"]
        for whose in ("Mine", "Yours"):
            assert [body for body in said if body.startswith(whose)] == [f"{whose} {n}" for n in range(EACH)]


@both
async def test_pages_that_are_opened_while_people_write_show_all_once(stack, talking):
    async with talking("PC-1") as [talk], AsyncExitStack() as pages:
        writing = asyncio.create_task(by_turns(talk, 60, 6))
        opened = []
        while not writing.done():
            for page in talk.pages:
                # What is said now is fetched, pushed, or both.
                opened.append(await pages.enter_async_context(Live(page.person, page.socket)))
                opened[-1].follow(talk.chat)
        await writing
        await hold(stack, talk)
        said = [key for _seq, kind, key, _body in stack.log(talk.chat) if kind == "message"]
        for page in opened:
            await page.until(lambda page=page: page.keys(talk.chat) == said)
        assert len(opened) > 2


@both
async def test_all_arrives_once_while_the_line_comes_and_goes(stack, talking):
    cuts = stack.front.cuts
    async with talking("PC-1") as [talk]:
        with stack.front.flickering(every_s=5, for_s=2):
            await by_turns(talk, 150, 7)
        assert stack.front.cuts - cuts >= 4
        await talk.make_ticket()
        await hold(stack, talk)
        await marked(talk)


@both
async def test_pages_leave_a_line_that_is_half_open_by_themselves(stack, talking):
    async with talking("PC-1") as [talk]:
        await heard(talk)
        # What is open stays so, for ever; what is opened from now on is well.
        stack.front.freeze()
        await heard(talk, DEAD_AFTER_S + HEALED_WITHIN_S)
        assert [page.closed_with for page in talk.pages] == [[LOST], [LOST]]
        await hold(stack, talk)


async def test_without_any_push_all_is_there_by_the_next_beat(stack, talking):
    async with talking("PC-1") as [talk]:
        await heard(talk)
        for tap in stack.to_redis:
            tap.swallow()
        assert await heard(talk, HEALED_WITHIN_S) > 1
        assert [page.closed_with for page in talk.pages] == [[], []]
        await hold(stack, talk)


@embedded
async def test_what_another_program_wrote_is_there_by_the_next_beat(stack, talking):
    """The doorbell of one process rings in that process alone."""
    async with talking("PC-1") as [talk]:
        await heard(talk)
        before = len(talk.contact.lines[talk.chat])
        await asyncio.to_thread(stack.arrange, POST.format(chat=talk.chat))
        for page in talk.pages:
            await page.until(lambda page=page: len(page.lines[talk.chat]) > before, HEALED_WITHIN_S)
        await hold(stack, talk)


POST = """
from uuid import uuid4
from django.utils import timezone
from accounts.models import Technician
from chat.actions import post
from chat.viewers import at_desk
tina = at_desk(Technician.objects.get(username="tina"))
post({chat}, tina, body="From elsewhere", client_id=uuid4(), now=timezone.now())
"""


@both
async def test_what_a_closed_page_left_unsent_is_sent_once_when_it_is_opened_anew(stack, talking):
    async with talking("PC-1") as [talk]:
        await all_acknowledged(talk)
        stack.front.one_way()
        stored = talk.ask("Stored, and not told so")
        await asyncio.to_thread(stack.until, lambda: stack.is_stored(stored))
        stack.front.cut()
        unsent = talk.ask("Not even sent")
        await talk.contact.__aexit__()
        left = talk.contact.outbox
        assert list(left) == [stored, unsent]
        stack.front.mend()
        async with Live(talk.contact.person, "/agent/ws/", left) as again:
            again.follow(talk.chat)
            await again.until(lambda: {stored, unsent} <= set(again.acknowledged))
            talk.pages = (talk.technician, again)
            talk.contact = again
            await hold(stack, talk)
