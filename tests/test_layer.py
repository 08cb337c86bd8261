"""The doorbell inside one process rings across threads and event loops."""

import asyncio
import time
from threading import Thread

import pytest
from asgiref.sync import async_to_sync
from channels.exceptions import ChannelFull

from helpdesk.layer import ThreadSafeChannelLayer

HELLO = {"type": "hello", "to": ["Ann", {"n": 1}]}


@pytest.fixture
def layer():
    return ThreadSafeChannelLayer(capacity=5)


async def soon(awaitable):
    return await asyncio.wait_for(awaitable, 2)


async def others_turn():
    """Let every task that can go on do so."""
    turn = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(turn.set_result, None)
    await turn


def in_thread(work):
    """Run blocking work in a thread of its own, as a Celery task does."""
    return asyncio.get_running_loop().run_in_executor(None, work)


async def test_a_message_reaches_every_channel_of_the_group_and_no_other(layer):
    tina, omar, eve = [await layer.new_channel() for _ in range(3)]
    for channel in (tina, omar):
        await layer.group_add("technicians", channel)
    await layer.group_discard("technicians", eve)
    await layer.group_send("technicians", HELLO)
    assert await soon(layer.receive(tina)) == await soon(layer.receive(omar)) == HELLO
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(layer.receive(eve), 0.02)


async def test_what_was_received_belongs_to_its_receiver_alone(layer):
    for channel in ("a", "b"):
        await layer.group_add("all", channel)
    await layer.group_send("all", HELLO)
    first = await soon(layer.receive("a"))
    first["to"].append("Eve")
    assert await soon(layer.receive("b")) == HELLO


async def test_a_ring_from_another_thread_wakes_the_waiting_loop_at_once(layer):
    await layer.group_add("technicians", "tina")
    waiting = asyncio.create_task(layer.receive("tina"))
    await others_turn()
    rung_at = time.monotonic()
    await in_thread(lambda: async_to_sync(layer.group_send)("technicians", HELLO))
    assert await soon(waiting) == HELLO
    assert time.monotonic() - rung_at < 0.5


async def test_many_threads_lose_nothing_and_keep_their_own_order():
    layer, count, threads = ThreadSafeChannelLayer(), 100, 4

    def ring(number):
        for turn in range(count):
            async_to_sync(layer.send)("tina", {"from": number, "turn": turn})

    ringing = [Thread(target=ring, args=[number]) for number in range(threads)]
    for thread in ringing:
        thread.start()
    heard = [await soon(layer.receive("tina")) for _ in range(count * threads)]
    for number in range(threads):
        assert [message["turn"] for message in heard if message["from"] == number] == list(range(count))


async def test_a_cancelled_wait_loses_nothing(layer):
    waiting = asyncio.create_task(layer.receive("tina"))
    await others_turn()
    await layer.send("tina", HELLO)
    waiting.cancel()
    await asyncio.wait([waiting])
    if waiting.cancelled():
        assert await soon(layer.receive("tina")) == HELLO


async def test_a_full_channel_drops_what_is_new_and_counts_it(layer):
    await layer.group_add("all", "full")
    for turn in range(7):
        await layer.group_send("all", {"turn": turn})
    with pytest.raises(ChannelFull):
        await layer.send("full", HELLO)
    assert [(await soon(layer.receive("full")))["turn"] for _ in range(5)] == [0, 1, 2, 3, 4]
    assert layer.dropped == 3


def test_a_loop_that_is_closed_takes_nobody_down(layer):
    async def wait_in_vain():
        await layer.group_add("all", "gone")
        task = asyncio.ensure_future(layer.receive("gone"))
        await others_turn()
        # Nobody will ever end it, and it must not complain of that.
        task._log_destroy_pending = False
        return task

    loop = asyncio.new_event_loop()
    forgotten = loop.run_until_complete(wait_in_vain())
    loop.close()
    async_to_sync(layer.group_send)("all", HELLO)
    assert async_to_sync(layer.receive)("gone") == HELLO
    del forgotten


async def test_a_reader_that_went_without_a_word_is_forgotten():
    layer = ThreadSafeChannelLayer(expiry=-1)
    await layer.group_add("all", "gone")
    await layer.group_send("all", HELLO)
    await layer.new_channel()
    await layer.group_send("all", HELLO)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(layer.receive("gone"), 0.02)


async def test_what_redis_could_not_carry_is_refused_here_too(layer):
    with pytest.raises(TypeError):
        await layer.send("tina", {"type": "hello", "at": object()})


async def test_nothing_is_kept_of_channels_that_were_read(layer):
    await layer.send("tina", HELLO)
    await soon(layer.receive("tina"))
    assert not layer._boxes
