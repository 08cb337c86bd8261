"""The one door to a chat's log: every line gets its place by a conditional update of the chat's row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, PositiveIntegerField, When

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
        if not chats.filter(pk=chat_id).update(last_seq=F("last_seq") + 1, **_marks_of(by), **changes):
            raise TooLate
        chat = ChatSession.objects.with_people().get(pk=chat_id)
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


def _marks_of(by: Viewer | None) -> dict[str, Case]:
    """Who had got, or read, all that came before has their own line too: their page need not say so."""
    if by is None:
        return {}
    # A colleague who names the ticket has read nothing.
    holder = {"technician_id": by.technician_id} if isinstance(by, AtDesk) else {}
    names = (f"{by.side.value}_delivered_seq", f"{by.side.value}_read_seq")
    return {name: _one_further(name, holder) for name in names}


def _one_further(name: str, holder: dict[str, int]) -> Case:
    had_all = When(**{name: F("last_seq")}, **holder, then=F("last_seq") + 1)
    return Case(had_all, default=F(name), output_field=PositiveIntegerField())


def _author(chat: ChatSession, by: Viewer | None) -> dict[str, Any]:
    if by is None:
        return {"side": Side.SYSTEM}
    if isinstance(by, AtDesk):
        # Who was read with the chat need not be read again to be named.
        is_own = chat.technician_id == by.technician_id
        known = {"technician": chat.technician} if is_own else {"technician_id": by.technician_id}
        return {"side": Side.TECHNICIAN} | known
    return {"side": Side.CONTACT, "contact": chat.contact}
