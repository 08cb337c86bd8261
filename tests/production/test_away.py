"""Who was away while a chat changed finds, back again, what a page shows that is opened now (P2; HAZARDS 4)."""

import asyncio
import re
from uuid import uuid4

import pytest

from tests.production.live import Live
from tests.production.load import heard
from tests.production.people import contact, technician
from tests.production.threads import lines_of
from tests.production.where import both

pytestmark = both


async def is_as_fresh(page, chat, home):
    """Wait until a page shows of a chat what one shows that is opened now, and what its HTML says."""
    async with Live(page.person, page.socket) as fresh:
        fresh.follow(chat)
        await fresh.until(lambda: fresh.lines[chat] and chat in fresh.heads)
        await page.until(lambda: told(page, chat) == told(fresh, chat))
        await page.until(lambda: stands(page.heads[chat]) == stands(fresh.heads[chat]))
    html = await asyncio.to_thread(page.person.get, home)
    assert [line[1:4] for line in lines_of(html.body.decode())] == [
        (event["seq"], event["kind"], event["client_id"]) for event in page.lines[chat]
    ]


def told(page, chat):
    """The lines of a chat; one that was pushed brought along how the chat stood then."""
    return [{name: value for name, value in event.items() if name != "head"} for event in page.lines[chat]]


def stands(head):
    """How a chat stands, but for who has its page open at this moment."""
    return {name: value for name, value in head.items() if name not in {"pages", "seen_by"}}


def end(stack, talk):
    return talk.technician.person.past_the_tap().post(f"/chats/{talk.chat}/end/").status == 302


def expire(stack, talk):
    return stack.let_pass("idle_due_at")


def open_ticket(stack, talk):
    return talk.technician.person.past_the_tap().post(f"/chats/{talk.chat}/ticket/").status == 302


@pytest.mark.parametrize("change", [end, expire, open_ticket], ids=["ended", "expired", "ticket opened"])
async def test_what_changed_meanwhile_is_there_on_return(stack, talking, change):
    async with talking("PC-1") as [talk]:
        await heard(talk)
        before = len(stack.log(talk.chat))
        stack.front.cut()
        assert await asyncio.to_thread(change, stack, talk)
        await asyncio.to_thread(stack.until, lambda: len(stack.log(talk.chat)) > before)
        stack.front.mend()
        for page in talk.pages:
            await page.until(lambda page=page: len(page.lines[talk.chat]) > before)
        await is_as_fresh(talk.technician, talk.chat, f"/chats/{talk.chat}/")
        await is_as_fresh(talk.contact, talk.chat, f"/agent/chats/{talk.chat}/?read=1")


async def test_that_it_was_accepted_meanwhile_is_there_on_return(stack):
    ann, tina = contact(stack, "PC-1"), technician(stack, "tina")
    asked = ann.post("/agent/start/", about="Help", client_id=str(uuid4()))
    chat = int(re.search(r"/chats/(\d+)/", asked.headers["Location"])[1])
    async with Live(ann, "/agent/ws/") as page:
        page.follow(chat)
        await page.until(lambda: page.lines[chat])
        stack.front.cut()
        accepted = await asyncio.to_thread(tina.past_the_tap().post, f"/chats/{chat}/accept/")
        assert accepted.status == 302
        stack.front.mend()
        await page.until(lambda: page.heads[chat]["state"] == "active")
        await is_as_fresh(page, chat, f"/agent/chats/{chat}/")
