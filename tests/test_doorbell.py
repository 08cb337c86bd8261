"""The bell rests when what carries it is silent, and not when this process is too busy to hear the answer."""

import asyncio
import time

import pytest
from channels.layers import get_channel_layer

from accounts import live
from tests.test_metrics import Growth

RING_WITHIN_S = 0.2


@pytest.fixture
def rung(monkeypatch):
    """The bells that were tried; none is ever answered."""
    bells = []

    async def never_answer(group, message):
        bells.append(group)
        await asyncio.Event().wait()

    monkeypatch.setattr(live, "RING_WITHIN_S", RING_WITHIN_S)
    monkeypatch.setattr(get_channel_layer(), "group_send", never_answer)
    return bells


async def test_after_a_bell_without_an_answer_none_is_tried_for_a_while(rung):
    rested = Growth("helpdesk_channel_layer_failures_total", what="rest")
    await live.ring_async("one", {"type": "x"})
    await live.ring_async("other", {"type": "x"})
    assert rung == ["one"]
    assert rested() == 1


async def test_a_bell_that_this_process_was_too_busy_for_stops_no_other(rung):
    ringing = asyncio.create_task(live.ring_async("one", {"type": "x"}))
    await asyncio.to_thread(asyncio.get_running_loop().call_soon_threadsafe, block)
    await ringing
    await live.ring_async("other", {"type": "x"})
    assert rung == ["one", "other"]


def block():
    """Work that keeps the loop for longer than a bell is waited for."""
    end = time.monotonic() + RING_WITHIN_S + 3 * live.BUSY_S
    while time.monotonic() < end:
        pass
