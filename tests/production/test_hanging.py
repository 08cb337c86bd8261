"""A process that hangs keeps nothing from the others: no page, no row, no connection (N2)."""

import asyncio

import pytest

from tests.production.invariants import hold
from tests.production.load import chatting, heard

NOTICED_WITHIN_S = 10


def a_process(stack):
    stack.webs[0].freeze()


def its_database(stack):
    """Nothing comes back from it any more, and nobody says so."""
    stack.to_postgres[0].freeze()


@pytest.mark.parametrize("hangs", [a_process, its_database])
async def test_pages_of_one_process_do_not_notice_that_another_hangs(stack, talking, hangs):
    stack.to_web[1].refuse()
    async with talking("PC-1", "PC-2") as at_the_first:
        stack.to_web[1].mend()
        stack.to_web[0].refuse()
        async with talking("PC-3", "PC-4", "PC-5") as at_the_second:
            stack.to_web[0].mend()
            talks = [*at_the_first, *at_the_second]
            async with chatting(*talks):
                await asyncio.gather(*map(heard, talks))
                # In the middle of whatever it does just now.
                hangs(stack)
                took = max(await asyncio.gather(*(heard(talk, NOTICED_WITHIN_S) for talk in at_the_second)))
                await asyncio.to_thread(stack.heal)
                await asyncio.gather(*map(heard, talks))
            print(f"Longest on its way at a process beside one that hung: {took:.1f} s")
            assert all(page.closed_with == [] for talk in at_the_second for page in talk.pages)
            await hold(stack, *talks)


async def test_what_hangs_in_the_middle_of_a_change_gives_its_rows_to_the_others(stack, talking):
    async with talking("PC-1", "PC-2") as talks:
        one, other = talks
        await asyncio.gather(*map(heard, talks))
        hung = await asyncio.to_thread(stack.beside, HANGS.format(chat=one.chat))
        waited, went_on = await asyncio.gather(heard(one), heard(other))
        # Every ticket goes through a row that was held too.
        await one.make_ticket()
        hung.kill()
        print(f"A chat whose row was held went on after {waited:.1f} s, the other after {went_on:.1f} s")
        await hold(stack, *talks)


HANGS = """
import time
from django.db import transaction
from django.db.models import F
from accounts.models import Installation
from chat.models import ChatSession
with transaction.atomic():
    Installation.objects.update(last_ticket_number=F("last_ticket_number"))
    ChatSession.objects.filter(pk={chat}).update(last_seq=F("last_seq"))
    print("It hangs")
    time.sleep(120)
"""
