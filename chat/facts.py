"""What pages are told: events and the state of a chat as plain JSON facts, the same for push, poll and page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone, translation

from accounts.models import Technician
from chat.models import ChatAsk, ChatEvent, ChatSession, someone_at
from chat.states import State
from chat.viewers import Side

Facts = dict[str, Any]


def told(event: ChatEvent, chat: ChatSession) -> Facts:
    """One event, with every name that showing it needs; `chat` must come `with_people()`.

    Who is not known has no name in it: see `named`.
    """
    return {
        "chat": chat.pk,
        "seq": event.seq,
        "kind": event.kind,
        "side": event.side,
        "author": _author(event, chat),
        "person": _person(event),
        "body": event.body,
        "data": event.data,
        "client_id": str(event.client_id) if event.client_id else None,
        "at": event.created_at.isoformat(),
        "asked_by": chat.asked_by,
        "accepted_at": _iso(chat.accepted_at),
        "technician": chat.technician.name if chat.technician else "",
        "technician_first": chat.technician.first if chat.technician else "",
        "contact": chat.contact.name if chat.contact else "",
        "contact_first": chat.contact.first if chat.contact else "",
        "device_name": chat.device.name,
        "ticket": chat.ticket.number if chat.ticket else None,
    }


def _author(event: ChatEvent, chat: ChatSession) -> str:
    if event.side == Side.TECHNICIAN:
        return event.technician.name if event.technician else ""
    if event.side == Side.CONTACT:
        return event.contact.name if event.contact else ""
    return ""


def named(facts: Facts, language: str) -> Facts:
    """The facts as a reader of this language gets them: who is not known is called by the device."""
    if facts["contact"]:
        return facts
    with translation.override(language):
        someone = someone_at(facts["device_name"])
    author = facts["author"] or (someone if facts["side"] == Side.CONTACT else "")
    return facts | {"contact": someone, "contact_first": someone, "author": author}


def _person(event: ChatEvent) -> str:
    """A key that stays the same for one person: for grouping, and for the tint of the avatar."""
    if event.side == Side.TECHNICIAN:
        return f"t{event.technician_id}"
    return f"c{event.contact_id or 0}" if event.side == Side.CONTACT else ""


def head(chat: ChatSession) -> Facts:
    """How a chat stands: what every page that shows it keeps, and what the heartbeat repeats."""
    return {
        "chat": chat.pk,
        "device": chat.device_id,
        "state": chat.state,
        "asked_by": chat.asked_by,
        "end_reason": chat.end_reason,
        "technician": chat.technician_id,
        "contact": chat.contact_id,
        "last_seq": chat.last_seq,
        "answer_due_at": _iso(chat.answer_due_at),
        "shown_at": _iso(chat.shown_at),
        "accepted_at": _iso(chat.accepted_at),
        "idle_due_at": _iso(chat.idle_due_at),
        "ended_at": _iso(chat.ended_at),
        "delivered": {"technician": chat.technician_delivered_seq, "contact": chat.contact_delivered_seq},
        "read": {"technician": chat.technician_read_seq, "contact": chat.contact_read_seq},
        "ticket": chat.ticket.number if chat.ticket else None,
        "seen_by": _seen_by(chat),
        "pages": _pages(chat, timezone.now()),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _seen_by(chat: ChatSession) -> int:
    """How many technicians' pages show a contact's request; 0 once it is answered."""
    if chat.state != State.REQUESTED or chat.asked_by != Side.CONTACT:
        return 0
    return ChatAsk.objects.seeing(chat.pk).count()


def _pages(chat: ChatSession, now: datetime) -> dict[str, bool]:
    """On which side a page is open."""
    technician: Technician | None = chat.technician
    return {
        "technician": bool(technician and technician.has_page_open(now)),
        "contact": chat.device.has_page_open(now),
    }
