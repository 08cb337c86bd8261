"""What a page reads when the database has not taken what it said: it says it again by itself (P2)."""

from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from django.db import connection

from tests.cast import talking
from tests.sockets import do

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


@asynccontextmanager
async def away(table):
    """The database has lost a table for a while: it fails whoever asks for it."""
    await do(rename, table, f"{table}_away")
    try:
        yield
    finally:
        await do(rename, f"{table}_away", table)


def rename(table, name):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {name}")


async def test_a_message_that_the_database_did_not_take_is_refused_for_now_and_taken_later(desk, now, ann):
    chat, message = await do(talking, desk, now), {"client_id": str(uuid4()), "body": "Kept"}
    async with ann() as page:
        async with away("chat_chatevent"):
            await page.send(type="post", chat=chat.pk, **message)
            refusal = await page.wait("refused", client_id=message["client_id"])
        assert (refusal["chat"], refusal["code"]) == (chat.pk, "later")
        assert refusal["words"] == "Not sent yet: the server could not take it. This page tries again."
        await page.send(type="post", chat=chat.pk, **message)
        assert (await page.wait("event", client_id=message["client_id"]))["seq"] == 3
    assert await do(chat.events.count) == 3


async def test_a_mark_that_the_database_did_not_take_is_to_be_told_again(desk, now, ann):
    chat = await do(talking, desk, now)
    async with ann() as page:
        await page.wait("hello")
        async with away("chat_chatsession"):
            await page.send(type="seen", chat=chat.pk, delivered=2, read=2)
            refusal = await page.wait("refused", chat=chat.pk)
    assert refusal["code"] == "later"
    assert "client_id" not in refusal
