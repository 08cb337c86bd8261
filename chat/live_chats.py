"""What every live page sends and hears of its chats. Who it is, the subclasses in `consumers.py` say."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from prometheus_client import Histogram
from structlog.contextvars import unbind_contextvars

from chat import actions, live
from chat.allowance import Allowance
from chat.events import chat_group
from chat.facts import Facts
from chat.frames import BadFrame, Frame, event_frame, text_of, uuid_of, whole
from chat.sockets import PageSocket, in_db
from chat.states import SPOKEN

log = logging.getLogger(__name__)

WATCHED_AT_MOST = 200
PAGES_TOLD_AFTER_S = 0.3

DELIVERY = Histogram(
    "helpdesk_delivery_seconds",
    "From when a message came in to when it was pushed to the other side",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


class LiveConsumer(PageSocket):
    """A page that carries chats: its own, and those it watches."""

    frames: ClassVar[dict[str, str]] = {
        "sync": "on_sync",
        "post": "on_post",
        "typing": "on_typing",
        "seen": "on_seen",
        "shown": "on_shown",
        "watch": "on_watch",
        "unwatch": "on_unwatch",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What was posted here and answered at once: (chat, seq), until the doorbell tells of it too.
        self.answered: set[tuple[int, int]] = set()
        self.typing = Allowance(burst=5, a_second=1)
        # The chats of which pages opened or closed, until that is told.
        self.pages_changed: set[int] = set()
        self.telling: asyncio.Task[None] | None = None

    def stop_working(self) -> None:
        super().stop_working()
        if self.telling:
            self.telling.cancel()

    # What the page sends.

    async def on_sync(self, frame: Frame) -> None:
        chats = frame.get("chats")
        if not isinstance(chats, dict) or len(chats) > live.AT_MOST_CHATS:
            raise BadFrame
        if not all(isinstance(key, str) and key.isdecimal() for key in chats):
            raise BadFrame
        since = {whole(int(key[:12])): whole(seq) for key, seq in chats.items()}
        answers = await in_db(live.catch_up, self.viewer, since, self.language, timezone.now())
        for answer in answers:
            await self.say(answer)
        for unknown in since.keys() - {answer["chat"] for answer in answers}:
            await self.say_refused("not_found", chat=unknown)

    async def on_post(self, frame: Frame) -> None:
        chat, client_id, body = whole(frame.get("chat")), uuid_of(frame, "client_id"), text_of(frame, "body")
        async with self._or_later(chat=chat, client_id=client_id):
            answer = await in_db(
                live.post,
                self.viewer,
                chat,
                body=body,
                client_id=client_id,
                language=self.language,
                now=timezone.now(),
            )
        if answer["type"] == "event":
            # Answered from the database, not by the doorbell, which may be broken; heard from it, it is passed over.
            self.answered.add((chat, answer["seq"]))
        await self.say(answer)

    async def on_typing(self, frame: Frame) -> None:
        chat = whole(frame.get("chat"))
        if chat in self.chats and self.typing.take():
            await in_db(actions.tell_typing, chat, self.viewer)

    async def on_seen(self, frame: Frame) -> None:
        chat, delivered, read = (whole(frame.get(name)) for name in ("chat", "delivered", "read"))
        async with self._or_later(chat=chat):
            await in_db(actions.seen, chat, self.viewer, delivered=delivered, read=read)

    @asynccontextmanager
    async def _or_later(self, **what: Any) -> AsyncIterator[None]:
        """Ask the page to say again what failed: one that hears nothing waits for long."""
        try:
            yield
        except Exception:
            await self.say_refused("later", **what)
            raise

    async def on_shown(self, frame: Frame) -> None:
        await in_db(actions.shown, whole(frame.get("chat")), self.viewer, timezone.now())

    async def on_watch(self, frame: Frame) -> None:
        """Show a chat live that this page does not carry: somebody else's, or one of a ticket."""
        chat = whole(frame.get("chat"))
        if len(self.watched) >= WATCHED_AT_MOST:
            raise BadFrame
        if chat in self.chats and chat_group(chat) in self.hearing.joined:
            return
        heads = await in_db(live.heads_of, self.viewer, [chat], timezone.now())
        if not heads:
            await self.say_refused("not_found", chat=chat)
            return
        if chat not in self.chats:
            self.watched.add(chat)
        await self.hearing.join(chat_group(chat))
        await self.say({"type": "head", "head": heads[0]})

    async def on_unwatch(self, frame: Frame) -> None:
        chat = whole(frame.get("chat"))
        self.watched.discard(chat)
        if chat not in self.chats:
            await self.hearing.leave({chat_group(chat)})

    # What it hears.

    async def chat_event(self, message: dict[str, Any]) -> None:
        facts, head = message["facts"], message["head"]
        place = (facts["chat"], facts["seq"])
        if place in self.answered:
            self.answered.discard(place)
            return
        if self.may_show(head):
            await self.say(event_frame(facts, head, side=self.viewer.side, language=self.language))
            if facts["kind"] in SPOKEN and facts["side"] != self.viewer.side:
                DELIVERY.observe(max(0.0, time.time() - datetime.fromisoformat(facts["at"]).timestamp()))
            await self.hear_ticket(head)

    async def hear_ticket(self, head: Facts) -> None:
        """A chat that got its ticket meanwhile brings the ticket's news too."""
        for group in self.groups_of(head) - self.hearing.joined:
            await self.hearing.join(group)

    def may_show(self, head: Facts) -> bool:
        """Whether what is announced about a chat is for this page; asked of what it knows, without the database."""
        return head["chat"] in self.chats or head["chat"] in self.watched

    async def chat_head(self, message: dict[str, Any]) -> None:
        if self.may_show(message["head"]):
            await self.say({"type": "head", "head": message["head"]})

    async def chat_pages(self, message: dict[str, Any]) -> None:
        """Pages of one side opened or closed: told to the other, and to who only reads."""
        if message.get("side") == self.viewer.side and message["chat"] not in self.watched:
            return
        self.pages_changed.add(message["chat"])
        if self.telling is None:
            self.telling = asyncio.create_task(self._tell_pages())

    async def _tell_pages(self) -> None:
        """Where a server is back, all the pages of all one's chats open in one moment: they are read about together."""
        # It is about several chats, and begun by the news of one.
        unbind_contextvars("chat")
        try:
            while self.pages_changed:
                await asyncio.sleep(PAGES_TOLD_AFTER_S)
                chats, self.pages_changed = self.pages_changed, set()
                for head in await in_db(live.heads_of, self.viewer, chats, timezone.now()):
                    await self.chat_head({"head": head})
        except Exception:
            log.exception("A live page could not be told whose pages are open")
        finally:
            self.telling = None

    async def chat_typing(self, message: dict[str, Any]) -> None:
        chat = message["chat"]
        if message["side"] != self.viewer.side and (chat in self.chats or chat in self.watched):
            await self.say({"type": "typing", "chat": chat, "side": message["side"]})

    async def chat_opened(self, message: dict[str, Any]) -> None:
        """A chat is now this page's own: hear it from here on, and ask how it stands since."""
        found = await self._look_around()
        for head in found.heads if found else ():
            if head["chat"] == message["chat"]:
                await self.say({"type": "opened", "head": head})

    async def ticket_changed(self, message: dict[str, Any]) -> None:
        await self.say({"type": "ticket", "number": message["number"]})

    async def page_closed(self, message: dict[str, Any]) -> None:
        """Another page of the same person went; this one is still here, and says so."""
        await in_db(self.page_is_here)
        await self.announce_page()
