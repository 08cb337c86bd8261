"""Sends what the outbox keeps, as static/js/outbox.js and sender.js do, with their own numbers.

In order, one message of a chat at a time, by the socket when it is up; by POST, one of all chats at a time, when it is
not or when the text is too large for a frame. No chat waits for one whose message the server cannot take.
"""

import json
import time
from uuid import uuid4

LARGEST_FRAME_BYTES = 15_000
ANSWERED_WITHIN_S, ANSWERED_LATE_WITHIN_S = 16, 40
POST_AFTER_S = 1.5
WAIT_AFTER_FAILURE_S = 3
# The server said no, and would again.
FINAL = {"ended", "not_yours", "taken", "empty", "long", "not_found", "bad_frame"}


class Sender:
    """For one page (live.py). `outbox` holds key → (chat, text), the oldest first, until its own event comes back."""

    def __init__(self, page, outbox):
        self.page = page
        self.outbox = dict(outbox)
        self.acknowledged = {}
        self.refusals = {}
        self.said_at = {}
        # Chat → (key, since when, whether by POST).
        self._flying = {}
        # Answered, but its event waits for one before it: not to be sent again.
        self._answered = set()
        # Key of what was not taken → when that was.
        self._failed_at = {}
        self._rest_until = 0

    def say(self, chat, body):
        key = str(uuid4())
        self.outbox[key] = (chat, body)
        self.said_at[key] = time.monotonic()
        self.pump()
        return key

    def settle(self, event):
        """An event is in its place, or came once more."""
        key = event["client_id"]
        if key not in self.outbox:
            return
        self._land(key)
        self._answered.discard(key)
        self._failed_at.pop(key, None)
        self.acknowledged[key] = event
        del self.outbox[key]
        self.pump()

    def refuse(self, key, code):
        self._land(key)
        if key not in self.outbox:
            return
        if code in FINAL:
            self.refusals[key] = code
            del self.outbox[key]
            self.pump()
        else:
            self._fail(key)

    def forget_lost(self):
        """What was on the way over a socket that is gone may never have arrived."""
        self._flying = {chat: flight for chat, flight in self._flying.items() if flight[2]}

    def go_on(self):
        self._rest_until = 0
        self.pump()

    def watch_over(self):
        for chat, (key, since, is_post) in list(self._flying.items()):
            within = ANSWERED_LATE_WITHIN_S if self.page.link.heard_at > since else ANSWERED_WITHIN_S
            if time.monotonic() - since > within and not is_post:
                self._post(chat, key)
        self.pump()

    def pump(self):
        """Those first that did not fail yet, and of the others those first that failed the longest ago."""
        for chat, key, body in sorted(self._next(), key=lambda each: self._failed_at.get(each[1], 0)):
            if chat in self._flying or (key in self._failed_at and time.monotonic() < self._rest_until):
                continue
            frame = {"type": "post", "chat": chat, "client_id": key, "body": body}
            if len(json.dumps(frame)) <= LARGEST_FRAME_BYTES and self.page.link.send(frame):
                self._flying[chat] = (key, time.monotonic(), False)
                self._failed_at.pop(key, None)
            elif self.page.is_up or (not self.page.link.is_opening and self.page.down_for_s > POST_AFTER_S):
                self._post(chat, key)

    def _next(self):
        """The oldest message of each chat that is not answered."""
        first = {}
        for key, (chat, body) in self.outbox.items():
            if key not in self._answered:
                first.setdefault(chat, (chat, key, body))
        return first.values()

    def _post(self, chat, key):
        # One of all chats at a time.
        if any(is_post for _key, _since, is_post in self._flying.values()):
            return
        self._flying[chat] = (key, time.monotonic(), True)
        self.page.do(self._post_it(chat, key, self.outbox[key][1]))

    async def _post_it(self, chat, key, body):
        try:
            status, answer = await self.page.post(f"{chat}/messages/", client_id=key, body=body)
        except OSError:
            status, answer = None, None
        self._land(key)
        if status == 200 and answer:
            self._answered.add(key)
            await self.page.hear(answer)
            self.pump()
        elif status in {404, 409, 422}:
            await self.page.hear({"type": "refused", "code": "not_found"} | (answer or {}) | {"client_id": key})
        else:
            self._fail(key)

    def _fail(self, key):
        self._failed_at[key] = time.monotonic()
        self._rest_until = time.monotonic() + WAIT_AFTER_FAILURE_S

    def _land(self, key):
        self._flying = {chat: flight for chat, flight in self._flying.items() if flight[0] != key}
