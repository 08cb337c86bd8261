"""How many requests are worked on at once, so that pages that come back do not keep their own sockets out."""

import asyncio
from types import SimpleNamespace

import pytest
from django.test import AsyncRequestFactory

from helpdesk.turns import Turns


class Pages:
    """An application whose answers begin, and end, when a test says so."""

    def __init__(self):
        self.begun = asyncio.Queue()

    async def __call__(self, scope, receive, send):
        request = SimpleNamespace(path=scope["path"], begins=asyncio.Event(), ends=asyncio.Event())
        self.begun.put_nowait(request)
        await request.begins.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await request.ends.wait()

    async def next(self):
        async with asyncio.timeout(5):
            return await self.begun.get()


@pytest.fixture
def pages():
    return Pages()


@pytest.fixture
async def ask():
    """`ask(turns, "/a", "/b")` in this order; gives the tasks, each with what it was sent."""
    tasks = []

    async def request(turns, path, language):
        sent = []
        scope = AsyncRequestFactory()._base_scope(path=path)
        scope["headers"] = [*scope["headers"], (b"accept-language", language)]

        async def send(message):
            sent.append(message)

        await turns(scope, None, send)
        return sent

    def begin(turns, *paths, language=b"en"):
        begun = [asyncio.create_task(request(turns, path, language)) for path in paths]
        tasks.extend(begun)
        return begun

    yield begin
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_next_has_its_turn_when_an_answer_begins(pages, ask):
    ask(Turns(pages, at_once=2), "/a", "/b", "/c", "/d")
    a, b = await pages.next(), await pages.next()
    assert (a.path, b.path) == ("/a", "/b")
    assert pages.begun.empty()
    b.begins.set()
    # In the order in which they came, and though b's answer is still being sent.
    assert (await pages.next()).path == "/c"
    assert pages.begun.empty()


async def test_an_answer_that_has_ended_makes_room_for_one(pages, ask):
    ask(Turns(pages, at_once=1), "/a", "/b", "/c")
    a = await pages.next()
    a.begins.set()
    a.ends.set()
    b = await pages.next()
    assert b.path == "/b"
    # Its turn was given up when it began, and not once more when it ended.
    assert pages.begun.empty()


async def test_who_gives_up_leaves_the_turn_to_the_next(pages, ask):
    first, _second = ask(Turns(pages, at_once=1), "/a", "/b")
    await pages.next()
    first.cancel()
    assert (await pages.next()).path == "/b"


@pytest.mark.parametrize(("language", "words"), [(b"en", "Too much at once"), (b"es", "Demasiado a la vez")])
async def test_whose_turn_does_not_come_is_told_so_in_words(pages, ask, language, words):
    turns = Turns(pages, at_once=1, wait_at_most_s=0.05)
    ask(turns, "/a")
    await pages.next()
    [late] = ask(turns, "/b", language=language)
    start, body = await late
    assert start["status"] == 503
    assert dict(start["headers"])[b"retry-after"] == b"3"
    assert words in body["body"].decode()
