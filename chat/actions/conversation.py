"""Talking: post, keep open, what was seen, end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from accounts.text import clean_text
from chat import events
from chat.actions.log import append
from chat.errors import ClientIdTaken, TooLate
from chat.models import MAX_MESSAGE_CHARS, ChatEvent, ChatSession
from chat.states import EndReason, Kind, State
from chat.viewers import AtDesk, Viewer


class EmptyMessage(Exception):
    """Nothing is left of the text once it is cleaned."""


class LongMessage(Exception):
    """More than MAX_MESSAGE_CHARS characters."""


def post(chat_id: int, viewer: Viewer, *, body: str, client_id: UUID, now: datetime) -> ChatEvent:
    """Say something; the same `client_id` again returns the first event and adds nothing.

    Raises EmptyMessage, LongMessage, ClientIdTaken, or TooLate when the chat is over or not this viewer's.
    """
    body = clean_text(body)
    if not body:
        raise EmptyMessage
    if len(body) > MAX_MESSAGE_CHARS:
        raise LongMessage
    try:
        return append(
            ChatSession.objects.postable_by(viewer, now),
            chat_id,
            Kind.MESSAGE,
            by=viewer,
            now=now,
            body=body,
            client_id=client_id,
            idle_due_at=now + settings.CHAT_IDLE_AFTER,
        )
    except (TooLate, IntegrityError):
        return said_before(chat_id, viewer, body, client_id)


def said_before(chat_id: int, viewer: Viewer, body: str, client_id: UUID) -> ChatEvent:
    """The event that this client id made, when it is the same author's and says the same (cases 1 and 2).

    Raises ClientIdTaken when it is not, TooLate when there is none.
    """
    visible = ChatSession.objects.visible_to(viewer).filter(pk=chat_id)
    event = ChatEvent.objects.told().filter(chat__in=visible, client_id=client_id).first()
    if event is None:
        raise TooLate
    is_own = event.side == viewer.side and (
        not isinstance(viewer, AtDesk) or event.technician_id == viewer.technician_id
    )
    if not is_own or event.body != body:
        raise ClientIdTaken
    return event


def keep_open(chat_id: int, viewer: Viewer, now: datetime) -> ChatSession:
    """*Keep it open*: counts as activity (D10). Raises TooLate."""
    with transaction.atomic():
        mine = ChatSession.objects.postable_by(viewer, now).filter(pk=chat_id)
        if not mine.update(idle_due_at=now + settings.CHAT_IDLE_AFTER):
            raise TooLate
        chat = ChatSession.objects.with_people().get(pk=chat_id)
        events.head_changed(chat)
    return chat


def end(chat_id: int, viewer: Viewer, now: datetime) -> ChatEvent:
    """End a chat that is under way; either side may (S18). Raises TooLate."""
    reason = EndReason.BY_TECHNICIAN if isinstance(viewer, AtDesk) else EndReason.BY_CONTACT
    return append(
        ChatSession.objects.postable_by(viewer, now),
        chat_id,
        Kind.ENDED,
        by=viewer,
        now=now,
        data={"reason": reason.value},
        state=State.ENDED,
        end_reason=reason,
        ended_at=now,
    )


def seen(chat_id: int, viewer: Viewer, *, delivered: int, read: int) -> None:
    """The viewer's page has got, and the viewer has read, the chat up to these places. Only ever forward.

    What a technician reads counts only in a chat of their own; anything else is passed over.
    """
    side = viewer.side.value
    chats = ChatSession.objects.visible_to(viewer).filter(pk=chat_id)
    if isinstance(viewer, AtDesk):
        chats = chats.held_by(viewer)
    names = {f"{side}_delivered_seq": max(delivered, read), f"{side}_read_seq": read}
    # Never past the log's end, whatever a page says.
    forward = {name: Greatest(F(name), Least(F("last_seq"), seq)) for name, seq in names.items()}
    with transaction.atomic():
        if chats.filter(_behind(names)).update(**forward):
            events.head_changed(ChatSession.objects.with_people().get(pk=chat_id))


def _behind(names: dict[str, Any]) -> Q:
    behind = Q()
    for name, seq in names.items():
        behind |= Q(**{f"{name}__lt": seq}) & Q(**{f"{name}__lt": F("last_seq")})
    return behind
