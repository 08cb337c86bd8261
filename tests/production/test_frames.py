"""What no page sends: a fixed answer, then the end of that socket, and nothing for anybody else (HAZARDS 24)."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from chat.sockets import BEAT_EVERY_S
from tests.production.held import GROWTH, held
from tests.production.invariants import hold, longest_gap
from tests.production.lines import BINARY, LOST, Closed, Line
from tests.production.load import chatting, heard
from tests.production.people import contact
from tests.production.where import both

pytestmark = both

TOO_FAST = 4429
MEGABYTE = 1024 * 1024
DEEP = 7000
FLOODERS, A_FLOOD = 5, 1000


@pytest.fixture
def eve(stack):
    return contact(stack, "GLOBEX-PC-01")


@asynccontextmanager
async def opened(person):
    """A socket of the contact's page that was let in."""
    line = await Line.open(person, "/agent/ws/")
    try:
        await until(line, "hello")
        yield line
    finally:
        line.drop()


async def until(line, kind):
    async with asyncio.timeout(10):
        while (frame := await line.receive())["type"] != kind:
            pass
    return frame


async def closed_with(line):
    """The code, and the last that was said before it."""
    frame = None
    try:
        async with asyncio.timeout(10):
            while True:
                frame = await line.receive()
    except Closed as closed:
        return closed.code, frame


NONSENSE = {
    "no JSON": b"{",
    "a list": b"[]",
    "no type": b'{"chat": 1}',
    "a type that is none": b'{"type": ["post"]}',
    "a method's name": b'{"type": "chat_event", "facts": {}}',
    "deep": b"[" * DEEP,
    "deep inside": b'{"type":"sync","chats":' + b'{"1":' * (DEEP // 3) + b"1" + b"}" * (DEEP // 3) + b"}",
    "no number": b'{"type": "post", "chat": 1e400, "client_id": "x", "body": "x"}',
    "a half letter": b'{"type": "post", "chat": 1, "client_id": "\\ud800", "body": "\\ud800"}',
}


async def test_nonsense_is_answered_with_one_sentence_and_the_page_goes_on(eve):
    async with opened(eve) as line:
        for name, payload in NONSENSE.items():
            line.send_raw(payload)
            assert (await until(line, "refused"))["code"] == "bad_frame", name
        line.send_raw(b"\x00\xff\xfe", BINARY)
        assert (await until(line, "refused"))["code"] == "bad_frame"
        line.send({"type": "sync", "chats": {"999999": 0}})
        assert (await until(line, "refused"))["code"] == "not_found"


@pytest.mark.parametrize("size", [17 * 1024, MEGABYTE])
async def test_a_frame_that_is_too_large_ends_its_socket(stack, eve, size):
    before = held(stack)["memory"]
    for _ in range(10):
        async with opened(eve) as line:
            line.send_raw(json.dumps({"type": "post", "body": "x" * size}).encode())
            # Cut off, without a word that whoever sends it would read.
            assert (await closed_with(line))[0] == LOST
    assert held(stack)["memory"] - before < GROWTH


async def test_a_flood_ends_its_socket_and_other_chats_do_not_notice(stack, talking, eve):
    async with talking("PC-1", "PC-2") as talks:
        before = held(stack)["memory"]
        async with chatting(*talks):
            await asyncio.gather(*map(heard, talks))
            for _ in range(FLOODERS):
                assert await flood(eve) == TOO_FAST
            await asyncio.gather(*map(heard, talks))
        await hold(stack, *talks)
        assert max(map(longest_gap, talks)) < BEAT_EVERY_S
        assert all(page.closed_with == [] for talk in talks for page in talk.pages)
        assert held(stack)["memory"] - before < GROWTH


async def flood(person):
    """A thousand frames within the second, sense and nonsense; the code that it ends with."""
    async with opened(person) as line:
        for number in range(A_FLOOD):
            line.send_raw(b'{"type": "typing", "chat": 1}' if number % 2 else b"[]")
        code, last = await closed_with(line)
        assert last["code"] == "too_fast"
        return code
