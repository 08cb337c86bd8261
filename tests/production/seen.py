"""Tells the server what a page got and what was read on it, as static/js/seen.js does, with its own numbers."""

import asyncio
import time
from dataclasses import dataclass

APART_S = 0.25
POST_AFTER_S = 5
TELL_AGAIN_S = 20
WAIT_AFTER_REFUSAL_S = 3
NEVER = float("-inf")


@dataclass
class Mark:
    delivered: int = 0
    read: int = 0
    told_delivered: int = 0
    told_read: int = 0
    told_at: float = NEVER
    rest_until: float = NEVER

    @property
    def is_news(self):
        return self.delivered > self.told_delivered or self.read > self.told_read

    @property
    def may_be_told(self):
        return time.monotonic() >= self.rest_until


class Seen:
    """For one page (live.py): of its person's own chats, only forward, by POST while the socket is down."""

    def __init__(self, page):
        self.page = page
        self._marks = {}
        self._posting = set()
        self._is_about_to = False

    def note(self, chat, *, delivered, read=0):
        if not self.page.is_mine(chat):
            return
        mark = self._marks.setdefault(chat, Mark())
        mark.delivered = max(mark.delivered, delivered)
        mark.read = max(mark.read, read)
        self.soon()

    def trust(self, head):
        """The server knows best what it was told, but for what is on its way."""
        if mark := self._marks.get(head["chat"]):
            is_on_its_way = time.monotonic() - mark.told_at < TELL_AGAIN_S
            known = (mark.told_delivered, mark.told_read) if is_on_its_way else (0, 0)
            mark.told_delivered = max(head["delivered"][self.page.side], known[0])
            mark.told_read = max(head["read"][self.page.side], known[1])

    def forget_what_is_on_its_way(self):
        """It may never have arrived over the old socket."""
        for mark in self._marks.values():
            mark.told_at = NEVER

    def tell_later(self, refusal):
        """The server could not take it now: nothing was told."""
        mark = self._marks.get(refusal.get("chat"))
        if refusal["code"] == "later" and "client_id" not in refusal and mark:
            mark.told_delivered, mark.told_read, mark.told_at = 0, 0, NEVER
            mark.rest_until = time.monotonic() + WAIT_AFTER_REFUSAL_S
            self.page.do(self._tell_after(WAIT_AFTER_REFUSAL_S))

    async def _tell_after(self, wait):
        await asyncio.sleep(wait)
        self.soon()

    def soon(self):
        if not self._is_about_to:
            self._is_about_to = True
            self.page.do(self._tell())

    async def _tell(self):
        await asyncio.sleep(APART_S)
        self._is_about_to = False
        for chat, mark in self._marks.items():
            if mark.is_news and mark.may_be_told:
                self.page.do(self._tell_of(chat, mark))

    async def _tell_of(self, chat, mark):
        told = {"delivered": mark.delivered, "read": mark.read}
        if self.page.link.send({"type": "seen", "chat": chat} | told) or await self._post(chat, told):
            mark.told_delivered = max(mark.told_delivered, told["delivered"])
            mark.told_read = max(mark.told_read, told["read"])
            mark.told_at = time.monotonic()

    async def _post(self, chat, told):
        # What cannot be told now is told at the next poll.
        if chat in self._posting or self.page.link.is_opening or self.page.down_for_s < POST_AFTER_S:
            return False
        self._posting.add(chat)
        try:
            return (await self.page.post(f"{chat}/seen/", **told))[0] == 204
        except OSError:
            return False
        finally:
            self._posting.discard(chat)
