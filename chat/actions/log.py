"""The one door to a chat's log: every line gets its place by a conditional update of the chat's row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from chat import events
from chat.errors import TooLate
from chat.models import ChatEvent, ChatSession
from chat.querysets import ChatQuerySet
from chat.states import Kind, may_precede
from chat.viewers import AtDesk, Side, Viewer
from tickets.attachments.models import Attachment


def append(
    chats: ChatQuerySet,
    chat_id: int,
    kind: Kind,
    *,
    by: Viewer | None,
    now: datetime,
    body: str = "",
    data: dict[str, Any] | None = None,
    client_id: UUID | None = None,
    attachment: Attachment | None = None,
    **changes: Any,
) -> ChatEvent:
    """Add a line to a chat that is still among `chats`, together with `changes` of its columns.

    The update proves the right, takes the next place and moves the clock in one statement. Raises TooLate when the
    chat is not among them any more or holds this client id, and IntegrityError when both came in one moment.
    """
    if client_id:
        # A repeat is usual after a line was cut. PostgreSQL's log would quote what it refuses, the words included.
        chats = chats.without_event(client_id)
    if "state" in changes:
        chats = chats.filter(state__in=may_precede(changes["state"]))
    with transaction.atomic():
        if not chats.filter(pk=chat_id).update(last_seq=F("last_seq") + 1, **changes):
            raise TooLate
        chat = ChatSession.objects.shown().get(pk=chat_id)
        event = ChatEvent.objects.create(
            chat=chat,
            seq=chat.last_seq,
            kind=kind,
            body=body,
            data=data or {},
            client_id=client_id,
            attachment=attachment,
            created_at=now,
            **_author(chat, by),
        )
        events.happened(chat, event)
    return event


def _author(chat: ChatSession, by: Viewer | None) -> dict[str, Any]:
    if by is None:
        return {"side": Side.SYSTEM}
    if isinstance(by, AtDesk):
        return {"side": Side.TECHNICIAN, "technician_id": by.technician_id}
    return {"side": Side.CONTACT, "contact_id": chat.contact_id}
