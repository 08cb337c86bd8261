"""One stack at a time for all tests here: each finds it whole, and leaves nothing open.

A test runs on the production stack. One that is marked `both` (tests/production/where.py) runs on the embedded default
too, and one that is marked `embedded` there alone.
"""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.production.held import MEGABYTE, assert_given_back, held, is_given_back
from tests.production.live import Live
from tests.production.people import contact, start_chat, technician
from tests.production.where import KINDS

FOLDER = Path(__file__).parent
HANGS_AFTER_S = 300
# What a process has seen for the first time it keeps ready; nothing of it grows with the number of tests.
GROWTH_OF_A_TEST = 64 * MEGABYTE


class Talk:
    """A chat under way, and the two pages that show it."""

    def __init__(self, chat, technician, contact):
        self.chat = chat
        self.technician = technician
        self.contact = contact
        self.pages = (technician, contact)
        self.own = [chat]
        # What was said, by its key.
        self.said = {}

    def say(self, page, body):
        key = page.say(self.chat, body)
        self.said[key] = body
        return key

    def ask(self, body="It does not print."):
        return self.say(self.contact, body)

    def answer(self, body="Have you tried it again?"):
        return self.say(self.technician, body)

    def press_create_ticket(self):
        """The status of the answer."""
        return self.technician.person.past_the_tap().post(f"/chats/{self.chat}/ticket/").status

    async def make_ticket(self):
        """So that what is said from now on must come into it too."""
        assert await asyncio.to_thread(self.press_create_ticket) == 302


def pytest_collection_modifyitems(items):
    """The first test of a stack waits until all of it has begun, and no limit here is meant to find what hangs."""
    for item in items:
        if FOLDER in item.path.parents and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(HANGS_AFTER_S))


def pytest_generate_tests(metafunc):
    is_told = any(mark.args[0] == "whole" for mark in metafunc.definition.iter_markers("parametrize"))
    if "whole" in metafunc.fixturenames and not is_told:
        metafunc.parametrize("whole", ["production"], indirect=True)


@pytest.fixture(scope="session")
def whole(request):
    with KINDS[request.param]() as stack:
        yield stack


@pytest.fixture
def stack(whole):
    """The stack, whole, with nobody talking."""
    whole.heal()
    # The jobs end what is over.
    whole.let_pass("idle_due_at", "answer_due_at")
    whole.wait("SELECT count(*) = 0 FROM chat_chatsession WHERE state <> 'ended'")
    whole.forget_requests()
    before = held(whole)
    yield whole
    whole.heal()
    whole.until(lambda: is_given_back(whole))
    assert_given_back(whole, before, growth=GROWTH_OF_A_TEST)


@pytest.fixture
def talking(stack):
    """`async with talking("PC-1", "PC-2") as talks`: a chat on each device, all held by Tina."""

    @asynccontextmanager
    async def open_pages(*devices):
        async with AsyncExitStack() as pages:
            tina = technician(stack, "tina")
            desk = await pages.enter_async_context(Live(tina))
            talks = []
            for device in devices or ("PC-1",):
                person = contact(stack, device)
                chat = start_chat(person, tina)
                page = await pages.enter_async_context(Live(person, "/agent/ws/"))
                talks.append(Talk(chat, desk, page))
                for side in (desk, page):
                    side.follow(chat)
            yield talks

    return open_pages
