"""What live pages ask of the database: the same reading for first load, socket, poll and recovery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import Technician
from chat import actions
from chat.errors import ClientIdTaken, TooLate
from chat.facts import Facts, head, told
from chat.frames import Frame, event_frame, refused
from chat.models import ChatEvent, ChatSession
from chat.querysets import ChatQuerySet
from chat.rules import MESSAGES_IN_A_ROW, MESSAGES_WITHIN_S
from chat.viewers import AtDesk, Viewer

AT_MOST_EVENTS = 200
AT_MOST_CHATS = 100
# How long an ended chat goes on being told about: its ticket may open or be named after the end.
AFTERWARDS = timedelta(minutes=10)


@dataclass(frozen=True)
class Snapshot:
    """How everything stands that one page carries."""

    heads: list[Facts] = field(default_factory=list)
    rings: list[int] = field(default_factory=list)
    is_available: bool = False

    @property
    def chats(self) -> set[int]:
        return {head["chat"] for head in self.heads}

    def frame(self, kind: str, viewer: Viewer, now: datetime) -> Frame:
        """`hello`, `beat` or `poll`."""
        frame: Frame = {"type": kind, "now": now.isoformat(), "heads": self.heads, "rings": self.rings}
        if isinstance(viewer, AtDesk):
            frame["me"] = {"is_available": self.is_available}
        return frame


def snapshot(viewer: Viewer, also: Iterable[int], now: datetime) -> Snapshot:
    """The viewer's own open chats and those of `also` that it may see, overdue ones ended first."""
    carried = ChatSession.objects.carried_by(viewer, set(also), now - AFTERWARDS)
    heads = [head(chat) for chat in _settled(carried.order_by("pk")[:AT_MOST_CHATS], now)]
    if not isinstance(viewer, AtDesk):
        return Snapshot(heads)
    is_available = _is_available(viewer)
    return Snapshot(heads, _ringing(viewer, now) if is_available else [], is_available)


def _settled(chats: ChatQuerySet, now: datetime) -> list[ChatSession]:
    """The chats with their people, overdue ones ended first: read once, and once more only where one was overdue."""
    found = list(chats.with_people())
    if late := [chat.pk for chat in found if chat.is_overdue(now)]:
        actions.settle(ChatSession.objects.filter(pk__in=late), now)
        found = list(chats.with_people())
    return found


def rings(viewer: AtDesk, now: datetime) -> list[int]:
    """The requests that ring for this technician: none for one who is not available (S14)."""
    return _ringing(viewer, now) if _is_available(viewer) else []


def _ringing(viewer: AtDesk, now: datetime) -> list[int]:
    return list(ChatSession.objects.ringing_for(viewer, now).values_list("pk", flat=True))


def _is_available(viewer: AtDesk) -> bool:
    return Technician.objects.available().filter(pk=viewer.technician_id).exists()


def heads_of(viewer: Viewer, chats: Iterable[int], now: datetime) -> list[Facts]:
    """How these chats stand, as far as the viewer may see them."""
    visible = ChatSession.objects.visible_to(viewer).filter(pk__in=set(chats))
    return [head(chat) for chat in _settled(visible, now)]


def catch_up(viewer: Viewer, since: Mapping[int, int], language: str, now: datetime) -> list[Frame]:
    """For each chat that the viewer may see: what came after the place it knows, in order."""
    visible = ChatSession.objects.visible_to(viewer).filter(pk__in=list(since)[:AT_MOST_CHATS])
    return [_events_frame(chat, since[chat.pk], viewer, language) for chat in _settled(visible, now)]


def _events_frame(chat: ChatSession, after: int, viewer: Viewer, language: str) -> Frame:
    people = chat.events.after(after).select_related("technician", "contact")
    # Most of what is asked after has nothing new.
    events = list(people[: AT_MOST_EVENTS + 1]) if chat.last_seq > after else []
    frames = [
        event_frame(told(event, chat), None, side=viewer.side, language=language) for event in events[:AT_MOST_EVENTS]
    ]
    return {
        "type": "events",
        "chat": chat.pk,
        "events": frames,
        "head": head(chat),
        "more": len(events) > AT_MOST_EVENTS,
    }


def post(viewer: Viewer, chat_id: int, *, body: str, client_id: UUID, language: str, now: datetime) -> Frame:
    """Post, and answer with the event's frame or with a refusal in words."""
    try:
        event = actions.post(chat_id, viewer, body=body, client_id=client_id, now=now)
    except (TooLate, ClientIdTaken, actions.EmptyMessage, actions.LongMessage) as error:
        return refusal_of(error, viewer, chat_id, now, client_id=client_id)
    return frame_of(event, viewer, language)


def frame_of(event: ChatEvent, viewer: Viewer, language: str) -> Frame:
    """One event with its chat's head, as this viewer's page gets it."""
    chat = event.chat
    return event_frame(told(event, chat), head(chat), side=viewer.side, language=language)


def refusal_of(
    error: Exception, viewer: Viewer, chat_id: int, now: datetime, *, client_id: UUID | None = None
) -> Frame:
    """Why it was not posted, in words for whom it was refused to."""
    return refused(_code(error, viewer, chat_id, now), chat=chat_id, client_id=client_id)


def _code(error: Exception, viewer: Viewer, chat_id: int, now: datetime) -> str:
    codes: dict[type[Any], str] = {
        ClientIdTaken: "taken",
        actions.EmptyMessage: "empty",
        actions.LongMessage: "long",
    }
    if type(error) in codes:
        return codes[type(error)]
    there = ChatSession.objects.visible_to(viewer).filter(pk=chat_id)
    actions.settle(there, now)
    if there.talking(now).exists():
        return "not_yours"
    return "ended" if there.exists() else "not_found"


def is_too_fast(viewer: Viewer, chat_id: int, now: datetime) -> bool:
    """Whether this side has said more in this chat than anybody types."""
    since = now - timedelta(seconds=MESSAGES_WITHIN_S)
    return ChatEvent.objects.filter(chat=chat_id).said_since(since, viewer.side).count() >= MESSAGES_IN_A_ROW


@dataclass(frozen=True)
class Thread:
    """A stretch of conversation, the oldest line first; `more` says whether there is something before it."""

    events: list[Facts]
    more: bool


def read_thread(chats: ChatQuerySet, *, before: tuple[int, int] | None = None, count: int = 50) -> Thread:
    """The newest `count` lines of these chats as one thread, or those before a place (chat, seq) in it."""
    # Their numbers, and no subquery: asked for both at once, PostgreSQL walks through every event there ever was.
    events = ChatEvent.objects.told().filter(chat__in=list(chats.order_by().values_list("pk", flat=True)))
    if before:
        chat_id, seq = before
        asked_at = ChatSession.objects.filter(pk=chat_id).values("requested_at")[:1]
        earlier = Q(chat__requested_at__lt=asked_at) | Q(chat__requested_at=asked_at, chat_id__lt=chat_id)
        events = events.filter(earlier | Q(chat_id=chat_id, seq__lt=seq))
    newest = list(events.order_by("-chat__requested_at", "-chat_id", "-seq")[: count + 1])
    return Thread([told(event, event.chat) for event in reversed(newest[:count])], len(newest) > count)


def thread_of(chat: ChatSession, viewer: Viewer) -> ChatQuerySet:
    """The chats that are shown as one thread with this one: the earlier ones of its ticket (S12)."""
    visible = ChatSession.objects.visible_to(viewer)
    if chat.ticket_id is None:
        return visible.filter(pk=chat.pk)
    earlier = Q(ticket_id=chat.ticket_id, requested_at__lt=chat.requested_at)
    return visible.filter(earlier | Q(pk=chat.pk))
