"""Asking for a chat, and answering: request, accept, decline, cancel."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.actions import start_trial
from accounts.models import Installation, Technician
from accounts.text import clean_text
from chat import events
from chat.actions.deadlines import end_cut_off, settle
from chat.actions.log import append
from chat.actions.tickets import attach_to_ticket, take_over_ticket
from chat.errors import NotAllowed, TooLate
from chat.models import MAX_MESSAGE_CHARS, ChatAsk, ChatEvent, ChatSession
from chat.querysets import ChatQuerySet
from chat.rules import (
    REQUESTS_IN_A_ROW,
    REQUESTS_WITHIN_S,
    Reason,
    refusal_for_contact,
    refusal_for_technician,
)
from chat.states import EndReason, Kind, State
from chat.viewers import AtDesk, AtDevice, Side, Viewer
from devices.models import Device
from tickets.actions import enter_chat
from tickets.models import Ticket


def request_chat(
    device: Device,
    *,
    by: Viewer,
    now: datetime,
    about: str = "",
    client_id: UUID | None = None,
    ticket: Ticket | None = None,
) -> ChatSession:
    """Ask for a chat on a device, or open the one that is there already (D6); `about` is P2a's line.

    Raises NotAllowed with its reason, and TooLate when others were first several times in a row.
    """
    on_device = ChatSession.objects.on_device(device.pk)
    settle(on_device, now)
    end_cut_off(on_device, now)
    # Each turn lost to somebody who was first; who loses this often gives up.
    for _turn in range(5):
        there = on_device.open().first()
        try:
            if there is not None:
                return _join(there, by, ticket, now)
            _check_rules(device, by, now)
            return _create(device, by, about, client_id, ticket, now)
        except (TooLate, IntegrityError):
            continue
    raise TooLate


def _check_rules(device: Device, by: Viewer, now: datetime) -> None:
    installation = Installation.objects.current()
    if isinstance(by, AtDesk):
        reason = refusal_for_technician(installation, device, now)
    else:
        is_somebody = Technician.objects.available().exists()
        reason = refusal_for_contact(installation, device, now, is_somebody_available=is_somebody)
        if reason is None and asks_too_often(device, now):
            reason = Reason.TOO_MANY
    if reason:
        raise NotAllowed(reason)


def asks_too_often(device: Device, now: datetime) -> bool:
    """Whether this device has asked as often lately as it may; it may again when that is ten minutes ago."""
    since = now - timedelta(seconds=REQUESTS_WITHIN_S)
    asked = ChatSession.objects.on_device(device.pk).filter(asked_by=Side.CONTACT, requested_at__gt=since)
    return asked.count() >= REQUESTS_IN_A_ROW


def _join(there: ChatSession, by: Viewer, ticket: Ticket | None, now: datetime) -> ChatSession:
    """What asking means when a chat is open on the device already (D6, D7)."""
    if isinstance(by, AtDevice):
        if not ChatSession.objects.visible_to(by).filter(pk=there.pk).exists():
            # It belonged to the contact who was here before; it is being ended.
            raise NotAllowed(Reason.NOBODY_AVAILABLE, there)
        return there
    if there.state == State.REQUESTED and there.asked_by == Side.CONTACT:
        accept(there.pk, by, now)
    elif there.technician_id != by.technician_id:
        raise NotAllowed(Reason.OTHER_TECHNICIAN, there)
    if ticket is not None:
        attach_to_ticket(there.pk, ticket, by, now)
    return ChatSession.objects.shown().get(pk=there.pk)


@transaction.atomic
def _create(
    device: Device, by: Viewer, about: str, client_id: UUID | None, ticket: Ticket | None, now: datetime
) -> ChatSession:
    about = clean_text(about)[:MAX_MESSAGE_CHARS]
    contact_id = _who_sits_at(device)
    if isinstance(by, AtDevice) and by.contact_id != contact_id:
        # The device was given to somebody else in this moment; who asked has no page any more (D4).
        raise TooLate
    with transaction.atomic():
        chat = ChatSession.objects.create(
            device=device,
            contact_id=contact_id,
            technician_id=by.technician_id if isinstance(by, AtDesk) else None,
            ticket=ticket,
            asked_by=by.side,
            about=about,
            requested_at=now,
            answer_due_at=now + settings.CHAT_ANSWER_WITHIN,
        )
    if ticket is not None:
        enter_chat(ticket, now)
    start_trial(now)
    fresh = ChatSession.objects.open()
    append(fresh, chat.pk, Kind.REQUESTED, by=by, now=now)
    if about:
        append(fresh, chat.pk, Kind.MESSAGE, by=by, now=now, body=about, client_id=client_id)
    chat = ChatSession.objects.shown().get(pk=chat.pk)
    events.opened(chat)
    if chat.asked_by == Side.CONTACT:
        events.rings(chat)
    return chat


def _who_sits_at(device: Device) -> int | None:
    """The contact by now, held until the chat is there: who is assigned after that ends it.

    Rows that only name the device are not held up (`no_key`): two that wait for each other would be a deadlock.
    """
    return Device.objects.select_for_update(no_key=True).values_list("contact_id", flat=True).get(pk=device.pk)


def accept(chat_id: int, viewer: Viewer, now: datetime) -> ChatEvent:
    """Take a request: the first one has it (S14, N2). Raises TooLate."""
    changes: dict[str, Any] = {
        "state": State.ACTIVE,
        "accepted_at": now,
        "idle_due_at": now + settings.CHAT_IDLE_AFTER,
        "ticket_due_at": now + settings.CHAT_TICKET_AFTER,
    }
    if isinstance(viewer, AtDesk):
        changes["technician_id"] = viewer.technician_id
    with transaction.atomic():
        answerable = ChatSession.objects.answerable_by(viewer, now)
        event = append(answerable, chat_id, Kind.ACCEPTED, by=viewer, now=now, **changes)
        take_over_ticket(event.chat, now)
        events.opened(event.chat)
        if event.chat.asked_by == Side.CONTACT:
            events.ring_over(event.chat)
    return event


def decline(chat_id: int, viewer: Viewer, now: datetime) -> None:
    """Say no. A technician's no stops the ringing for that person; the last one's is *Chat busy* (S9, S14).

    Raises TooLate.
    """
    if isinstance(viewer, AtDevice):
        _end_request(ChatSession.objects.answerable_by(viewer, now), chat_id, viewer, now, EndReason.DECLINED)
        return
    with transaction.atomic():
        # Locks the row without changing it, so that the last two who decline see each other's answer.
        if not ChatSession.objects.answerable_by(viewer, now).filter(pk=chat_id).update(state=State.REQUESTED):
            raise TooLate
        ChatAsk.objects.update_or_create(
            chat_id=chat_id, technician_id=viewer.technician_id, defaults={"declined_at": now}
        )
        chat = ChatSession.objects.shown().get(pk=chat_id)
        events.declined(chat, viewer.technician_id)
        if not end_if_busy(chat, now):
            # The contact reads how many see the request; one fewer does.
            events.head_changed(chat)


def end_if_busy(chat: ChatSession, now: datetime) -> bool:
    """*Chat busy* when all that were asked have declined (D1); True when that ended it."""
    busy = ChatSession.objects.waiting(now).declined_by_all()
    if not busy.filter(pk=chat.pk).exists():
        return False
    try:
        _end_request(busy, chat.pk, None, now, EndReason.BUSY)
    except TooLate:
        return False
    return True


def cancel(chat_id: int, viewer: Viewer, now: datetime) -> None:
    """Take one's own request back before it is answered. Raises TooLate."""
    _end_request(ChatSession.objects.cancellable_by(viewer, now), chat_id, viewer, now, EndReason.CANCELLED)


def _end_request(chats: ChatQuerySet, chat_id: int, by: Viewer | None, now: datetime, reason: EndReason) -> None:
    with transaction.atomic():
        event = append(
            chats,
            chat_id,
            Kind.ENDED,
            by=by,
            now=now,
            data={"reason": reason.value},
            state=State.ENDED,
            end_reason=reason,
            ended_at=now,
        )
        if event.chat.asked_by == Side.CONTACT:
            events.ring_over(event.chat)


def shown(chat_id: int, viewer: Viewer, now: datetime) -> None:
    """A page of the asked side has shown the request: the asker reads it (N5). Says nothing when it is too late."""
    with transaction.atomic():
        # Locks the row first, as `decline` does: in another order the two could wait for each other.
        if not ChatSession.objects.answerable_by(viewer, now).filter(pk=chat_id).update(state=State.REQUESTED):
            return
        if isinstance(viewer, AtDesk):
            ask: dict[str, Any] = {"chat_id": chat_id, "technician_id": viewer.technician_id}
            ChatAsk.objects.get_or_create(**ask)
            is_new = ChatAsk.objects.filter(**ask, shown_at=None).update(shown_at=now)
        else:
            is_new = 0
        is_first = ChatSession.objects.waiting(now).filter(pk=chat_id, shown_at=None).update(shown_at=now)
        if is_new or is_first:
            events.head_changed(ChatSession.objects.shown().get(pk=chat_id))
