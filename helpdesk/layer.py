"""The doorbell inside one process: a channel layer whose ends may live in different threads and event loops.

Channels' own in-memory layer is built on `asyncio.Queue`, which belongs to one loop: what a Celery thread sends
there arrives late or never. Messages pass as JSON, so that what works here works through Redis too.
"""

import asyncio
import json
import secrets
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from channels.exceptions import ChannelFull
from channels.layers import BaseChannelLayer

from accounts.live import FAILURES

Waiter = tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"]


@dataclass(slots=True)
class Mailbox:
    """What was sent to one channel and not yet received, the oldest first; and who waits for more."""

    messages: deque[tuple[float, str]] = field(default_factory=deque)
    waiters: list[Waiter] = field(default_factory=list)

    def is_forsaken(self, now: float) -> bool:
        """Whether nobody waits here, and nobody came for the oldest message while it was good."""
        return not self.waiters and bool(self.messages) and self.messages[0][0] < now


class ThreadSafeChannelLayer(BaseChannelLayer):
    """Sends and receives from any thread and any loop. A full channel drops what is new, and counts it."""

    extensions = ("groups", "flush")

    def __init__(self, expiry: float = 600, capacity: int = 1000) -> None:
        super().__init__(expiry=expiry, capacity=capacity)
        self.dropped = 0
        # Re-entrant: the garbage collector may end a forgotten `receive` in the middle of any line below.
        self._lock = RLock()
        self._boxes: dict[str, Mailbox] = {}
        self._groups: dict[str, dict[str, None]] = {}

    async def new_channel(self, prefix: str = "specific") -> str:
        """A fresh name for a channel that one consumer reads."""
        self._clear_forsaken()
        return f"{prefix}.local!{secrets.token_hex(8)}"

    async def send(self, channel: str, message: Mapping[str, Any]) -> None:
        """Put a message of JSON types into a channel; raises ChannelFull when it holds all it may."""
        self.require_valid_channel_name(channel)
        if not self._put(channel, json.dumps(message)):
            raise ChannelFull(channel)

    async def receive(self, channel: str) -> dict[str, Any]:
        """The oldest message of the channel, waiting for one if need be. A cancelled wait loses nothing."""
        self.require_valid_channel_name(channel)
        while True:
            with self._lock:
                box = self._boxes.setdefault(channel, Mailbox())
                if box.messages:
                    return json.loads(self._take(channel, box))
                waiter = _new_waiter()
                box.waiters.append(waiter)
            try:
                await waiter[1]
            finally:
                self._leave(channel, box, waiter)

    async def group_add(self, group: str, channel: str) -> None:
        self.require_valid_group_name(group)
        self.require_valid_channel_name(channel)
        with self._lock:
            self._groups.setdefault(group, {})[channel] = None

    async def group_discard(self, group: str, channel: str) -> None:
        self.require_valid_group_name(group)
        self.require_valid_channel_name(channel)
        with self._lock:
            self._remove(group, channel)

    async def group_send(self, group: str, message: Mapping[str, Any]) -> None:
        """Put a message of JSON types into every channel of the group that has room for it."""
        self.require_valid_group_name(group)
        text = json.dumps(message)
        with self._lock:
            channels = list(self._groups.get(group, ()))
        for channel in channels:
            self._put(channel, text)

    async def flush(self) -> None:
        """Forget every message and group; who waits goes on waiting."""
        with self._lock:
            self._groups.clear()
            for box in self._boxes.values():
                box.messages.clear()

    def _put(self, channel: str, text: str) -> bool:
        with self._lock:
            box = self._boxes.setdefault(channel, Mailbox())
            if len(box.messages) >= self.capacity:
                self.dropped += 1
                FAILURES.labels("full").inc()
                return False
            box.messages.append((time.monotonic() + self.expiry, text))
            box.waiters = [waiter for waiter in box.waiters if _wake(waiter)]
        return True

    def _take(self, channel: str, box: Mailbox) -> str:
        _, text = box.messages.popleft()
        self._close_if_unused(channel, box)
        return text

    def _leave(self, channel: str, box: Mailbox, waiter: Waiter) -> None:
        with self._lock:
            if waiter in box.waiters:
                box.waiters.remove(waiter)
            self._close_if_unused(channel, box)

    def _close_if_unused(self, channel: str, box: Mailbox) -> None:
        if not box.waiters and not box.messages and self._boxes.get(channel) is box:
            del self._boxes[channel]

    def _remove(self, group: str, channel: str) -> None:
        members = self._groups.get(group, {})
        members.pop(channel, None)
        if not members:
            self._groups.pop(group, None)

    def _clear_forsaken(self) -> None:
        """Let go of channels whose reader went without a word, and of their places in groups."""
        now = time.monotonic()
        with self._lock:
            for channel, box in list(self._boxes.items()):
                if box.is_forsaken(now):
                    del self._boxes[channel]
                    for group in list(self._groups):
                        self._remove(group, channel)


def _new_waiter() -> Waiter:
    loop = asyncio.get_running_loop()
    return loop, loop.create_future()


def _wake(waiter: Waiter) -> bool:
    """Let the waiting end look again, in its own loop; false when that loop is closed and the waiter gone."""
    loop, future = waiter
    try:
        loop.call_soon_threadsafe(_set, future)
    except RuntimeError:
        return False
    return True


def _set(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
