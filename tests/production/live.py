"""A page that is open, as static/js plays it: live.js here; link, feeds, sender and seen in files of these names.

async with Live(person, "/ws/") as page:
    key = page.say(chat, "Hello")          kept and sent again until its own event comes back
    await page.until(lambda: key in page.acknowledged)
    page.lines[chat]                       the events of a chat, in order, each once

Waits and limits are those of the scripts. What differs: every chat that a page hears of it keeps from the beginning
on, for good; what it follows is on the screen, in sight and read as it comes; nobody types, and no page is hidden.
"""

import asyncio
import json
import time
from contextlib import asynccontextmanager
from datetime import datetime

from tests.production.feeds import Feeds
from tests.production.link import MUST_SIGN_IN, RESTARTING, Link
from tests.production.people import HURRIED_WITHIN_S
from tests.production.seen import Seen
from tests.production.sender import Sender

__all__ = ["MUST_SIGN_IN", "RESTARTING", "Live", "many"]

POLL_AFTER_S, POLL_EVERY_S = 2, 3
TICK_S = 1
# An event and the news that there is one travel by different ways, and either may be first.
GRACE_S = 0.25
STATES = ("requested", "active", "ended")
COME_AT_ONCE = 20


class Live:
    def __init__(self, person, socket="/ws/", outbox=()):
        """`outbox` is what a page before this one left there, as the browser keeps it."""
        self.person = person
        self.socket = socket
        self.side = "contact" if socket.startswith("/agent/") else "technician"
        self.chats_at = "/agent/chats/" if self.side == "contact" else "/chats/"
        self.sync_at = "/agent/sync/" if self.side == "contact" else "/chats/sync/"
        self.link = Link(person, socket, heard=self.hear, lost=self._lost)
        self.feeds = Feeds(told=self._told, ask=self._ask)
        self.sender = Sender(self, outbox)
        self.seen = Seen(self)
        self.lines = self.feeds.lines
        self.closed_with, self.interruptions = self.link.closed_with, self.link.interruptions
        self.outbox, self.said_at = self.sender.outbox, self.sender.said_at
        self.acknowledged, self.refusals = self.sender.acknowledged, self.sender.refusals
        self.heads = {}
        self.frames = []
        self.arrived_at = {}
        self._shown = set()
        self._poll_due_at = 0
        self._is_polling = self._is_to_look = False
        self._changed = asyncio.Condition()
        self._tasks = set()

    async def __aenter__(self):
        self.do(self.link.stay())
        self.do(self._tick())
        await self.until(lambda: self.is_up, 30)
        return self

    async def __aexit__(self, *_error):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # What is known.

    @property
    def is_up(self):
        return self.link.is_up

    @property
    def down_for_s(self):
        return time.monotonic() - self.link.down_since

    def keys(self, chat):
        """Which messages this page shows, by their keys."""
        return [event["client_id"] for event in self.lines.get(chat, []) if event["kind"] == "message"]

    def is_mine(self, chat):
        """Whether what happens in a chat is delivered to and read by this person."""
        return self.side == "contact" or self.heads.get(chat, {}).get("technician") == self.person.technician

    async def until(self, holds, within=20):
        """Wait for something that a frame brings about."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(holds)

    # What is done.

    def drop(self):
        """The connection is gone; the page comes back by itself."""
        self.link.drop()

    def stall(self):
        """The page is busy and reads nothing from its line, until what is returned is called."""
        return self.link.pause()

    def say(self, chat, body):
        """Its key; a message waits its turn behind the ones before it."""
        return self.sender.say(chat, body)

    def follow(self, chat):
        """Show a chat."""
        self._shown.add(chat)
        self._watch(chat)
        self.feeds.follow(chat)
        self.feeds.catch_up(everything=True)
        self._read(chat)

    # Asked by its parts.

    def do(self, work):
        """Let it go on until it is done or the page is closed."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def post(self, path, **fields):
        """`(status, JSON or None)`. Raises OSError when nobody answers within ten seconds."""
        return await _answered(self.person.hurried().post_json, f"{self.chats_at}{path}", **fields)

    async def hear(self, frame):
        """A frame, wherever it came from."""
        async with self._changed:
            self._take(frame)
            self._changed.notify_all()

    # What is heard.

    def _lost(self):
        self.sender.forget_lost()
        self.seen.forget_what_is_on_its_way()

    def _take(self, frame):
        kind = frame["type"]
        self.frames.append(frame)
        if kind == "hello":
            self.seen.forget_what_is_on_its_way()
            for chat in self._shown:
                self._watch(chat)
        for head in frame.get("heads", []):
            self._head(head)
        for event in [frame] if kind == "event" else frame.get("events", []):
            self.feeds.take(event)
        if frame.get("head"):
            self._head(frame["head"])
        if frame.get("more"):
            self.feeds.catch_up()
        if kind in {"hello", "poll"}:
            self._come_back(frame)
        elif kind == "refused":
            self.sender.refuse(frame.get("client_id"), frame["code"])
            self.seen.tell_later(frame)
        elif kind == "bye":
            self.link.end()
        self._look_soon()

    def _come_back(self, frame):
        for part in frame.get("chats", []):
            self._take(part)
        if frame["type"] == "hello":
            self.feeds.catch_up(everything=True, told={head["chat"] for head in frame.get("heads", [])})
        self.sender.go_on()
        self.seen.soon()

    def _head(self, head):
        chat = head["chat"]
        if _is_newer(head, self.heads.get(chat)):
            self.heads[chat] = head
            self.feeds.expect(chat, head["last_seq"])
            self.seen.trust(head)

    def _told(self, event, *, is_new):
        self.sender.settle(event)
        if is_new:
            self.arrived_at.setdefault(event["client_id"], time.monotonic())
            self.seen.note(event["chat"], delivered=event["seq"])
            self._read(event["chat"])

    def _read(self, chat):
        if chat in self._shown:
            place = len(self.lines.get(chat, []))
            self.seen.note(chat, delivered=place, read=place)

    # What is asked.

    def _watch(self, chat):
        """Hear about a chat that is shown even when it is over, or another's."""
        self.link.send({"type": "watch", "chat": chat})

    async def _tick(self):
        while True:
            await asyncio.sleep(TICK_S)
            if self.is_up:
                self.feeds.catch_up()
            elif not self.link.is_opening and self.down_for_s > POLL_AFTER_S and time.monotonic() >= self._poll_due_at:
                self._poll()
            self.sender.watch_over()
            for chat in self._shown:
                self._read(chat)

    def _look_soon(self):
        if self.feeds.is_behind and not self._is_to_look:
            self._is_to_look = True
            self.do(self._look())

    async def _look(self):
        await asyncio.sleep(GRACE_S)
        self._is_to_look = False
        self.feeds.catch_up()

    def _ask(self, places):
        frame = {"type": "sync", "chats": {str(chat): place for chat, place in places.items()}}
        # A greeting asks for all that is missing.
        if not self.link.send(frame) and not self.link.is_opening:
            self._poll()

    def _poll(self):
        # One at a time: on a busy server each would else make the next one slower.
        if not self._is_polling and not self.link.is_over:
            self._is_polling = True
            self.do(self._poll_once())

    async def _poll_once(self):
        polled_at = time.monotonic()
        since = ",".join(f"{chat}:{place}" for chat, place in self.feeds.places().items())
        try:
            status, body = await _answered(self.person.hurried().get, f"{self.sync_at}?since={since}")
        except OSError:
            return
        finally:
            self._is_polling = False
            self._poll_due_at = polled_at + max(POLL_EVERY_S, 2 * (time.monotonic() - polled_at))
        # Whoever may not be here any more is told so in the same way as by the socket.
        if body and (status == 200 or body.get("type") == "bye"):
            await self.hear(body)


async def _answered(ask, *words, **fields):
    async with asyncio.timeout(HURRIED_WITHIN_S):
        answer = await asyncio.to_thread(ask, *words, **fields)
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    return answer.status, json.loads(answer.body) if is_json else None


def _is_newer(head, known):
    """Heads travel by several ways, and an older one may come later (heads.js)."""
    if known is None:
        return True
    one, other = (STATES.index(each["state"]) for each in (head, known))
    if (one, head["last_seq"]) != (other, known["last_seq"]):
        return (one, head["last_seq"]) > (other, known["last_seq"])
    if any(head[mark][side] < known[mark][side] for mark in ("delivered", "read") for side in known[mark]):
        return False
    dues = [each["idle_due_at"] and datetime.fromisoformat(each["idle_due_at"]) for each in (head, known)]
    return not (all(dues) and dues[0] < dues[1])


@asynccontextmanager
async def many(person, count):
    """So many pages of one person."""
    pages = [Live(person) for _ in range(count)]
    try:
        # Not all in one moment: a page gives up a line that takes 10 seconds to be greeted.
        for number in range(0, count, COME_AT_ONCE):
            await asyncio.gather(*(page.__aenter__() for page in pages[number : number + COME_AT_ONCE]))
        yield pages
    finally:
        await asyncio.gather(*(page.__aexit__() for page in pages))
