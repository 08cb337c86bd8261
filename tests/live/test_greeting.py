"""What is said and heard before a page is greeted, and who is told that it came (DESIGN *Live delivery*)."""

import logging
from uuid import uuid4

import pytest

from chat.viewers import at_desk
from tests.cast import say, talking
from tests.sockets import Page, do, portal_cookie

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


async def test_what_is_said_and_heard_before_the_greeting_comes_after_it_and_once(desk, now, ann):
    chat, key = await do(talking, desk, now), str(uuid4())
    page = ann()
    await page.socket.connect()
    await page.send(type="post", chat=chat.pk, client_id=key, body="I cannot wait")
    await do(say, chat, at_desk(desk.tina), "Here I am", now)
    await page.send(type="sync", chats={str(chat.pk): 0})
    lines = (await page.wait("events"))["events"]
    await page.socket.disconnect()
    assert page.frames[0]["type"] == "hello"
    assert sorted(line["text"] for line in lines if line["kind"] == "message") == ["Here I am", "I cannot wait"]
    assert len([frame for frame in page.frames if frame["type"] == "event" and frame["client_id"] == key]) == 1


async def test_what_a_stranger_says_before_the_bye_is_passed_over(desk, caplog):
    async with Page("/ws/") as page:
        for frame in ({"type": "seen", "chat": 1, "delivered": 1, "read": 1}, {"type": "watch", "ticket": 1001}):
            await page.send(**frame)
        assert await page.closed() == 4401
    assert [frame["type"] for frame in page.frames] == ["bye"]
    assert [line for line in caplog.records if line.levelno >= logging.ERROR] == []


async def test_pages_that_open_are_told_of_to_the_other_side_and_to_who_only_reads(desk, now, ann, tina):
    chat = await do(talking, desk, now)
    async with tina() as tinas, Page("/ws/", await do(portal_cookie, desk.omar)) as omars:
        await tinas.wait("hello")
        await omars.send(type="watch", chat=chat.pk)
        await omars.wait("head")
        async with ann() as anns:
            for page in (tinas, omars):
                while not (await page.wait("head"))["head"]["pages"]["contact"]:
                    pass
            # Tina's second page is news for Ann and for Omar, and none for Tina.
            async with tina() as second:
                await second.wait("hello")
                await omars.wait("head")
                await anns.wait("head")
            await do(say, chat, at_desk(desk.tina), "Hello", now)
            before = len(tinas.frames)
            await tinas.wait("event")
    assert [frame["type"] for frame in tinas.frames[before:]] == ["event"]
