"""The line to a live page: who it is, how it comes and goes, its groups, its heartbeat, and what it refuses.

What it shows it may show: each frame that comes in passes the gate, and everything is asked again at every beat.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, ParamSpec, TypeVar

from asgiref.typing import WebSocketScope
from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.http import HttpRequest
from django.utils import timezone, translation
from prometheus_client import Gauge
from structlog.contextvars import bind_contextvars, unbind_contextvars

from chat import actions, live
from chat.allowance import Allowance
from chat.events import chat_group
from chat.facts import Facts
from chat.frames import BadFrame, Frame, read_frame, refused
from chat.groups import Groups
from chat.viewers import Side, Viewer
from tickets.events import ticket_group

log = logging.getLogger(__name__)

BEAT_EVERY_S = 15
MAX_FRAME_CHARS = 16 * 1024

HELD_AT_MOST = 1000
COMING_AND_GOING = {"websocket.connect", "websocket.disconnect"}

MUST_SIGN_IN = 4401
TOO_FAST = 4429
TRY_AGAIN = 4503

OPEN = Gauge("helpdesk_sockets", "Open sockets of live pages", ["side"])
for _side in (Side.TECHNICIAN, Side.CONTACT):
    OPEN.labels(_side.value)

P = ParamSpec("P")
T = TypeVar("T")


async def in_db(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that asks the database, in a thread of its own: one slow query holds up no other socket."""
    return await database_sync_to_async(function, thread_sensitive=False)(*args, **kwargs)


class PageSocket(AsyncWebsocketConsumer):
    """One page's socket: how it comes, stays and goes. Subclasses say who it is and which other groups it hears."""

    scope: WebSocketScope
    viewer: Viewer
    language: str
    # What a page may send: the type of a frame → the method that takes it. Nothing else is called by name.
    frames: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hearing = Groups(self)
        self.chats: set[int] = set()
        self.watched: set[int] = set()
        self.allowance = Allowance(burst=300, a_second=60)
        self.coming: asyncio.Task[None] | None = None
        self.beating: asyncio.Task[None] | None = None
        self.counted: Gauge | None = None
        # What was said and heard before the greeting, which comes first.
        self.held: deque[dict[str, Any]] = deque()
        self.is_greeted = False
        self.is_closed = False
        self.has_left = False

    # What subclasses say.

    def find_viewer(self) -> Viewer | None:
        """Who this is by now, None when they may not be here; in a database thread."""
        raise NotImplementedError

    def own_groups(self) -> set[str]:
        raise NotImplementedError

    def is_own(self, head: Facts) -> bool:
        """Whether it is this viewer who talks in that chat, and does not only look at it."""
        raise NotImplementedError

    def groups_of(self, head: Facts) -> set[str]:
        """What a page hears that carries this chat."""
        groups = {chat_group(head["chat"])}
        return groups | {ticket_group(head["ticket"])} if head["ticket"] else groups

    def page_is_here(self) -> None:
        """Write down that this page is open; in a database thread."""
        raise NotImplementedError

    def page_is_gone(self) -> None:
        raise NotImplementedError

    # Coming and going.

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels' own, without its hop to a thread that closes database connections around every event."""
        if self.is_greeted or message["type"] in COMING_AND_GOING:
            await self._do(message)
        elif len(self.held) < HELD_AT_MOST:
            self.held.append(message)
        else:
            await self.go(TOO_FAST)

    async def _do(self, message: dict[str, Any]) -> None:
        _name_chat(message.get("facts") or message.get("head") or message)
        if hasattr(self, "viewer"):
            # It was found in another task, and a task binds for its own lines only.
            bind_contextvars(**self.viewer.log_fields)
        handler = getattr(self, get_handler_name(message), None)
        if handler is None or (self.is_closed and message["type"] != "websocket.disconnect"):
            return
        try:
            await handler(message)
        except StopConsumer:
            raise
        except Exception:
            # The page learns of it by the next beat; a closed socket would only come back into the same fault.
            log.exception("A live page could not be told of %s", message["type"])

    async def websocket_connect(self, message: dict[str, Any]) -> None:
        # Accepted first: a browser cannot read why a handshake was refused.
        await self.accept()
        self.request = _as_request(self.scope)
        self.language = translation.get_language_from_request(self.request)
        self.coming = asyncio.create_task(self._come())

    async def _come(self) -> None:
        """Greet the page, and do what was said and heard meanwhile.

        In a task of its own, which ends when the page goes: a server that is late would else greet pages that have
        gone, and be later still with the others.
        """
        try:
            if not await self.look("hello"):
                return
            self.counted = OPEN.labels(self.viewer.side.value)
            self.counted.inc()
            self.beating = asyncio.create_task(self._beat())
            await self._catch_up()
            await self.announce_page()
        except Exception:
            log.exception("A live page could not be let in")
            await self.go(TRY_AGAIN)

    async def _catch_up(self) -> None:
        while self.held:
            await self._do(self.held.popleft())
        self.is_greeted = True

    async def announce_page(self) -> None:
        """Tell the other side of every chat here that this page is open."""
        await in_db(self._tell_pages_changed)

    def _tell_pages_changed(self) -> None:
        for chat_id in self.chats:
            actions.tell_pages_changed(chat_id, self.viewer)

    async def __call__(self, *channels: Any) -> None:
        try:
            await super().__call__(*channels)
        finally:
            # One that was busy for long when its page went is killed, and is never told of it.
            await self.take_leave()

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        await self.take_leave()
        raise StopConsumer

    async def take_leave(self) -> None:
        """Stop beating and hearing, and write down that the page is gone; the second time nothing is left to do."""
        if self.has_left:
            return
        self.has_left = self.is_closed = True
        if self.counted:
            self.counted.dec()
        self.stop_working()
        await self.hearing.leave(self.hearing.joined)
        if hasattr(self, "viewer"):
            with contextlib.suppress(Exception):
                await in_db(self.page_is_gone)
                await self.announce_page()

    def stop_working(self) -> None:
        """End what it does beside what it is told to."""
        for task in (self.coming, self.beating):
            if task:
                task.cancel()

    async def _beat(self) -> None:
        while not self.is_closed:
            await asyncio.sleep(BEAT_EVERY_S)
            try:
                await self.look("beat")
            except Exception:
                log.exception("A heartbeat failed")

    async def look(self, kind: str) -> bool:
        """Ask again who this is and how everything stands, and tell the page; False when it has to go."""
        found = await self._look_around()
        if found is None:
            return False
        await self.say(found.frame(kind, self.viewer, timezone.now()))
        return True

    async def _look_around(self) -> live.Snapshot | None:
        """How everything stands, and the groups of it joined; None, and closed, when this page has to go."""
        found = await in_db(self._look)
        if found is not None and await self._hear(found):
            # What happened between the reading and the joining was announced to nobody here.
            found = await in_db(self._look)
        if found is None:
            await self.say_bye()
        else:
            # When it hears: another page of this person that closes says so, and who hears it is still here.
            await in_db(self._be_here)
        return found

    def _be_here(self) -> None:
        self.page_is_here()
        if self.has_left:
            # It went while this was on its way, and has said so already.
            self.page_is_gone()

    def _look(self) -> live.Snapshot | None:
        viewer = self.find_viewer()
        if viewer is None:
            return None
        if getattr(self, "viewer", viewer) != viewer:
            # Another person sits here now: nothing of the one before is carried on.
            self.chats.clear()
            self.watched.clear()
        self.viewer = viewer
        return live.snapshot(viewer, self.chats | self.watched, timezone.now())

    async def _hear(self, found: live.Snapshot) -> bool:
        """Join the groups of what the page carries by now, and leave the others; whether any is new."""
        # What was watched while it rang, and is one's own by now, is carried like any other.
        self.watched -= {head["chat"] for head in found.heads if self.is_own(head)}
        self.chats = found.chats - self.watched
        wanted = self.own_groups().union(*(self.groups_of(head) for head in found.heads))
        await self.hearing.leave(self.hearing.joined - wanted - self.watched_groups())
        new = wanted - self.hearing.joined
        await self.hearing.join_all(new)
        return bool(new)

    def watched_groups(self) -> set[str]:
        return {chat_group(chat) for chat in self.watched}

    async def say(self, frame: Frame) -> None:
        if not self.is_closed:
            await self.send(text_data=json.dumps(frame))

    async def say_refused(self, code: str, **where: Any) -> None:
        with translation.override(self.language):
            await self.say(refused(code, **where))

    async def say_bye(self) -> None:
        with translation.override(self.language):
            await self.say({"type": "bye"} | self.bye())
        await self.go(MUST_SIGN_IN)

    def bye(self) -> Frame:
        raise NotImplementedError

    async def go(self, code: int) -> None:
        self.is_closed = True
        # A beat that finds that the page has to go would end itself before it has closed the socket.
        if self.beating and self.beating is not asyncio.current_task():
            self.beating.cancel()
        # First, because without Redis each group that is left takes its second.
        await self.close(code)
        await self.hearing.leave(self.hearing.joined)

    # What the page sends.

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        if not self.allowance.take():
            await self.say_refused("too_fast")
            await self.go(TOO_FAST)
            return
        try:
            text = message.get("text")
            frame = read_frame(text if text and len(text) <= MAX_FRAME_CHARS else None)
            _name_chat(frame)
            name = self.frames.get(frame["type"])
            if name is None:
                raise BadFrame
            await getattr(self, name)(frame)
        except BadFrame:
            await self.say_refused("bad_frame")


def _name_chat(told: Mapping[str, Any]) -> None:
    """Has what is logged from here on say which chat it is about, where it is about one."""
    if isinstance(chat := told.get("chat"), int):
        bind_contextvars(chat=chat)
    else:
        unbind_contextvars("chat")


def _as_request(scope: Any) -> HttpRequest:
    """The handshake as a request, for what Django knows to read of one: its language and its session."""
    request = HttpRequest()
    headers = {name.decode("latin1").lower(): value.decode("latin1") for name, value in scope["headers"]}
    request.META["HTTP_ACCEPT_LANGUAGE"] = headers.get("accept-language", "")
    # PostgreSQL refuses to look for a null character.
    request.COOKIES = {name: value for name, value in scope.get("cookies", {}).items() if "\0" not in value}
    return request
