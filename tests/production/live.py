"""A page that is open, as static/js plays it (live.js, link.js, outbox.js, sender.js) with its own numbers.

async with Live(person, "/ws/") as page:
    key = page.say(chat, "Hello")          kept and sent again until its own event comes back
    await page.until(lambda: key in page.acknowledged)
    page.lines[chat]                       the events of a chat, in order, each once
"""

import asyncio
import json
import random
import time
from contextlib import asynccontextmanager
from uuid import uuid4

from tests.production.lines import Closed, Line

FIRST_WAIT_S, LONGEST_WAIT_S, RESTART_WAIT_S = 0.4, 10, 1.5
POLL_AFTER_S, POLL_EVERY_S, POST_AFTER_S = 2, 3, 1.5
ANSWERED_WITHIN_S = 8
ASK_AGAIN_S = 3
WAIT_AFTER_FAILURE_S = 3
RESTARTING, MUST_SIGN_IN = 4012, 4401
TICK_S = 0.25


class Live:
    def __init__(self, person, socket="/ws/", outbox=()):
        """`outbox` is what a page before this one left there, as the browser keeps it."""
        self.person = person
        self.socket = socket
        base = "/agent/" if socket.startswith("/agent/") else "/"
        self.sync_at = f"{base}sync/" if base == "/agent/" else "/chats/sync/"
        self.chats_at = f"{base}chats/"
        self.lines = {}
        self.heads = {}
        self.frames = []
        self.acknowledged = {}
        self.refusals = {}
        self.said_at = {}
        self.arrived_at = {}
        self.closed_with = []
        # How long each time from the loss of the socket until the page was live again.
        self.interruptions = []
        self.outbox = dict(outbox)
        self._flying = {}
        self._asked_at = {}
        self._line = None
        self._tries = 0
        self._down_since = self._polled_at = time.monotonic()
        self._rest_until = 0
        self._polling = None
        self._changed = asyncio.Condition()
        self._tasks = set()

    async def __aenter__(self):
        self._do(self._link())
        self._do(self._tick())
        await self.until(lambda: self.is_up, 30)
        return self

    async def __aexit__(self, *_error):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._line:
            self._line.drop()

    def drop(self):
        """The connection is gone; the page comes back by itself."""
        line, self._line, self._down_since = self._line, None, time.monotonic()
        line.drop()

    def stall(self):
        """The page is busy and reads nothing from its line, until what is returned is called."""
        self._line.pause()
        return self._line.resume

    @property
    def is_up(self):
        return self._line is not None

    def say(self, chat, body):
        """Its key; a message waits its turn behind the ones before it."""
        key = str(uuid4())
        self.outbox[key] = (chat, body)
        self.said_at[key] = time.monotonic()
        self._pump()
        return key

    def follow(self, chat):
        self.lines.setdefault(chat, [])
        self._ask()

    async def until(self, holds, within=20):
        """Wait for something that a frame brings about."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(holds)

    def keys(self, chat):
        """Which messages this page shows, by their keys."""
        return [event["client_id"] for event in self.lines.get(chat, []) if event["kind"] == "message"]

    def _do(self, work):
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # The line.

    async def _link(self):
        while True:
            self._tries += 1
            code = await self._be_linked()
            self.closed_with.append(code)
            if code == MUST_SIGN_IN:
                return
            wait = RESTART_WAIT_S if code == RESTARTING else FIRST_WAIT_S * 2 ** min(self._tries, 6)
            await asyncio.sleep(min(wait, LONGEST_WAIT_S) * random.uniform(0.5, 1.5))

    async def _be_linked(self):
        """Until it is over; the code that it was closed with."""
        line = None
        try:
            line = await Line.open(self.person, self.socket)
            while True:
                await self._hear(await line.receive(), line)
        except Closed as closed:
            return closed.code
        finally:
            if line:
                line.drop()
            if self._line is not None:
                self._line, self._down_since = None, time.monotonic()

    async def _hear(self, frame, line=None):
        async with self._changed:
            if frame["type"] == "hello":
                self.interruptions.append(time.monotonic() - self._down_since)
                self._line, self._tries = line, 0
            self._take(frame)
            self._changed.notify_all()

    async def _tick(self):
        while True:
            await asyncio.sleep(TICK_S)
            now = time.monotonic()
            if self.is_up:
                self._ask(only_behind=True)
            elif now - self._down_since > POLL_AFTER_S and now - self._polled_at >= POLL_EVERY_S:
                self._start_poll(now)
            for chat, (key, sent_at, is_post) in list(self._flying.items()):
                if now - sent_at > ANSWERED_WITHIN_S and not is_post:
                    self._post(chat, key)
            self._pump()

    def _start_poll(self, now):
        # One at a time, as a page does: on a busy server each would else make the next one slower.
        if self._polling is None or self._polling.done():
            self._polled_at = now
            self._polling = self._do(self._poll())

    async def _poll(self):
        since = ",".join(f"{chat}:{len(lines)}" for chat, lines in self.lines.items())
        try:
            answer = await asyncio.to_thread(self.person.get, f"{self.sync_at}?since={since}")
        except OSError:
            return
        if answer.status == 200:
            await self._hear(json.loads(answer.body))

    # What is heard.

    def _take(self, frame):
        kind = frame["type"]
        self.frames.append(frame)
        for head in frame.get("heads", []):
            self._head(head)
        for part in frame.get("chats", []) if kind == "poll" else []:
            self._take(part)
        if kind == "event":
            self._event(frame)
        elif kind == "events":
            for event in frame["events"]:
                self._event(event)
        elif kind == "refused" and frame.get("client_id"):
            self._refused(frame)
        if frame.get("head"):
            self._head(frame["head"])
        if kind in {"hello", "poll"}:
            self._flying = {chat: flight for chat, flight in self._flying.items() if flight[2]}
            self._rest_until = 0
            self._ask()
            self._pump()

    def _head(self, head):
        self.heads[head["chat"]] = head
        self.lines.setdefault(head["chat"], [])
        self._ask(only_behind=True)

    def _event(self, event):
        lines = self.lines.setdefault(event["chat"], [])
        if event["seq"] == len(lines) + 1:
            lines.append(event)
            self._asked_at.pop(event["chat"], None)
            self.arrived_at.setdefault(event["client_id"], time.monotonic())
        elif event["seq"] > len(lines):
            # The head that comes with it makes it ask.
            return
        if event["client_id"] in self.outbox:
            self.acknowledged[event["client_id"]] = event
            self._land(event["client_id"])
            del self.outbox[event["client_id"]]
            self._pump()

    def _ask(self, *, only_behind=False):
        """What came after the places that are known."""
        known = {chat: len(lines) for chat, lines in self.lines.items()}
        if only_behind:
            known = {chat: n for chat, n in known.items() if self._is_to_ask(chat, n)}
        if known and self.is_up:
            self._asked_at |= dict.fromkeys(known, time.monotonic())
            self._line.send({"type": "sync", "chats": {str(chat): n for chat, n in known.items()}})

    def _is_to_ask(self, chat, known):
        is_behind = self.heads.get(chat, {}).get("last_seq", 0) > known
        return is_behind and time.monotonic() - self._asked_at.get(chat, -ASK_AGAIN_S) >= ASK_AGAIN_S

    # What is sent.

    def _pump(self):
        for key, (chat, body) in list(self.outbox.items()):
            if chat in self._flying or time.monotonic() < self._rest_until:
                continue
            if self.is_up:
                self._flying[chat] = (key, time.monotonic(), False)
                self._line.send({"type": "post", "chat": chat, "client_id": key, "body": body})
            elif time.monotonic() - self._down_since > POST_AFTER_S:
                self._post(chat, key)

    def _post(self, chat, key):
        self._flying[chat] = (key, time.monotonic(), True)
        self._do(self._post_it(chat, key, self.outbox[key][1]))

    async def _post_it(self, chat, key, body):
        try:
            answer = await asyncio.to_thread(
                self.person.post_json, f"{self.chats_at}{chat}/messages/", client_id=key, body=body
            )
        except OSError:
            answer = None
        self._land(key)
        if answer and answer.status in {200, 404, 409, 422}:
            await self._hear({"client_id": key, "chat": chat} | json.loads(answer.body))
        else:
            self._rest_until = time.monotonic() + WAIT_AFTER_FAILURE_S

    def _refused(self, frame):
        self._land(frame["client_id"])
        if frame["code"] == "too_fast":
            self._rest_until = time.monotonic() + WAIT_AFTER_FAILURE_S
        else:
            self.refusals[frame["client_id"]] = frame["code"]
            self.outbox.pop(frame["client_id"], None)

    def _land(self, key):
        self._flying = {chat: flight for chat, flight in self._flying.items() if flight[0] != key}


@asynccontextmanager
async def many(person, count):
    """So many pages of one person."""
    pages = [Live(person) for _ in range(count)]
    try:
        await asyncio.gather(*(page.__aenter__() for page in pages))
        yield pages
    finally:
        await asyncio.gather(*(page.__aexit__() for page in pages))
