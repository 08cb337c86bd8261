"""*Actions → Start chat* on a ticket (S12, D7)."""

from datetime import datetime

from chat.actions.deadlines import settle
from chat.actions.requests import request_chat
from chat.actions.tickets import attach_to_ticket
from chat.errors import NotAllowed
from chat.models import ChatSession
from chat.querysets import ChatQuerySet
from chat.rules import Reason
from chat.viewers import AtDesk
from devices.models import Device
from tickets.models import Ticket


def start_from_ticket(ticket: Ticket, by: AtDesk, now: datetime) -> ChatSession:
    """Go on in the ticket's open chat, or take the technician's own one into it, or ask for a new one.

    Raises NotAllowed: NO_DEVICE or NOBODY_KNOWN when there is nobody to ask, OTHER_TICKET or OTHER_TECHNICIAN with
    the chat that is in the way.
    """
    settle(_about(ticket), now)
    for chat in _about(ticket).open().shown():
        if chat.ticket_id == ticket.pk and chat.technician_id == by.technician_id:
            return chat
    if own := _about(ticket).talking(now).held_by(by).first():
        attach_to_ticket(own.pk, ticket, by, now)
        return ChatSession.objects.shown().get(pk=own.pk)
    device = device_of(ticket)
    if device is None:
        raise NotAllowed(Reason.NO_DEVICE if ticket.contact_id else Reason.NOBODY_KNOWN)
    return request_chat(device, by=by, now=now, ticket=ticket)


def device_of(ticket: Ticket) -> Device | None:
    """Where the ticket's contact can be reached: its device, else the contact's device that was seen last.

    A device that somebody else uses by now is none: a ticket is not talked about with a stranger.
    """
    device: Device | None = ticket.device
    if device is not None and (ticket.contact_id is None or device.contact_id == ticket.contact_id):
        return device
    if ticket.contact is None:
        return None
    return Device.objects.shown().of_contact(ticket.contact).seen_last_first().first()


def _about(ticket: Ticket) -> ChatQuerySet:
    chats = ChatSession.objects.filter(ticket=ticket)
    if ticket.contact_id:
        chats = chats | ChatSession.objects.filter(contact_id=ticket.contact_id)
    return chats
