"""Tells the server what a page got and what was read on it, as static/js/seen.js does, with its own numbers."""

import asyncio
from dataclasses import dataclass

APART_S = 0.25
POST_AFTER_S = 5


@dataclass
class Mark:
    delivered: int = 0
    read: int = 0
    told_delivered: int = 0
    told_read: int = 0

    @property
    def is_news(self):
        return self.delivered > self.told_delivered or self.read > self.told_read


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
        """The server knows best what it was told."""
        if mark := self._marks.get(head["chat"]):
            mark.told_delivered = head["delivered"][self.page.side]
            mark.told_read = head["read"][self.page.side]

    def soon(self):
        if not self._is_about_to:
            self._is_about_to = True
            self.page.do(self._tell())

    async def _tell(self):
        await asyncio.sleep(APART_S)
        self._is_about_to = False
        for chat, mark in self._marks.items():
            if mark.is_news:
                self.page.do(self._tell_of(chat, mark))

    async def _tell_of(self, chat, mark):
        told = {"delivered": mark.delivered, "read": mark.read}
        if self.page.link.send({"type": "seen", "chat": chat} | told) or await self._post(chat, told):
            mark.told_delivered = max(mark.told_delivered, told["delivered"])
            mark.told_read = max(mark.told_read, told["read"])

    async def _post(self, chat, told):
        # What cannot be told now is told at the next poll.
        if chat in self._posting or self.page.down_for_s < POST_AFTER_S:
            return False
        self._posting.add(chat)
        try:
            return (await self.page.post(f"{chat}/seen/", **told))[0] == 204
        except OSError:
            return False
        finally:
            self._posting.discard(chat)
