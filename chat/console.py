"""What the console shows beside a thread: who waits, my chats in their order, and what ended today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chat import actions
from chat.models import ChatSession
from chat.outcomes import outcome
from chat.querysets import ChatQuerySet
from chat.states import Kind, State
from chat.viewers import AtDesk, Side

ENDED_AT_MOST = 50


@dataclass(frozen=True)
class Row:
    """One chat of mine, as a line of the list."""

    chat: ChatSession
    # Annotated by the QuerySet: the other side's words that nobody has read, and the last word of all.
    unread: int
    waiting_since: datetime | None
    last_said: str
    is_last_mine: bool
    is_last_file: bool
    last_at: datetime

    @property
    def is_asking(self) -> bool:
        return self.chat.state == State.REQUESTED

    @property
    def is_page_open(self) -> bool:
        return self.chat.device.has_page_open(timezone.now())

    @property
    def has_page_shown_it(self) -> bool:
        return bool(self.chat.shown_at or self.chat.contact_delivered_seq)

    @property
    def last_words(self) -> str:
        """What was said last, in the words of a line: a file by its name."""
        return _("Sent %(name)s") % {"name": self.last_said} if self.is_last_file else self.last_said

    @property
    def outcome(self) -> str:
        return outcome(self.chat)


@dataclass(frozen=True)
class ChatList:
    waiting: list[ChatSession]
    mine: list[Row]
    ended: list[Row]

    @property
    def under_way(self) -> int:
        """How many of mine go on; the others ended with something unread."""
        return sum(row.chat.is_open for row in self.mine)


def chat_list(viewer: AtDesk, now: datetime) -> ChatList:
    """Everything the list names, in four queries however long it is; what is overdue is ended first."""
    actions.settle(ChatSession.objects.at_hand(viewer), now)
    at_hand = ChatSession.objects.at_hand(viewer).shown()
    open_rows = [_row(chat) for chat in _with_words(at_hand.held_by(viewer).open())]
    ended_today = at_hand.ended_since(_midnight(now)).order_by("-ended_at")[:ENDED_AT_MOST]
    ended_rows = [_row(chat) for chat in _with_words(ended_today)]
    # What was said last in a chat that ended meanwhile must not be overlooked in a folded list.
    unread_rows = [row for row in ended_rows if row.unread]
    return ChatList(
        waiting=list(ChatSession.objects.ringing_for(viewer, now).shown()),
        mine=sorted(open_rows + unread_rows, key=_place),
        ended=[row for row in ended_rows if row not in unread_rows],
    )


def unread_counts(viewer: AtDesk, now: datetime) -> list[tuple[int, int, int]]:
    """Of each of this person's chats with something unread: its number, its last line, and how many messages."""
    own = ChatSession.objects.held_by(viewer)
    # The annotation is not known to the type checker.
    recent: Any = (own.open() | own.ended_since(_midnight(now))).with_unread(Side.TECHNICIAN)
    return list(recent.filter(unread__gt=0).values_list("pk", "last_seq", "unread"))


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _with_words(chats: ChatQuerySet) -> ChatQuerySet:
    return chats.with_unread(Side.TECHNICIAN).with_last_word()


def _row(chat: Any) -> Row:
    # The annotations of the two QuerySet methods above are not known to the type checker.
    return Row(
        chat=chat,
        # What nobody took was never one person's to read.
        unread=chat.unread if chat.technician_id else 0,
        waiting_since=chat.waiting_since,
        last_said=chat.last_said or "",
        is_last_mine=chat.last_side == Side.TECHNICIAN,
        is_last_file=chat.last_kind == Kind.FILE,
        last_at=chat.last_at or chat.accepted_at or chat.requested_at,
    )


def _place(row: Row) -> tuple[bool, float]:
    """Unread ones first, who waits longest on top; then the latest activity."""
    if row.unread and row.waiting_since:
        return (False, row.waiting_since.timestamp())
    return (True, -row.last_at.timestamp())
