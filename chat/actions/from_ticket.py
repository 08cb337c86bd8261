"""*Actions → Start chat* on a ticket (S12, D7)."""

from datetime import datetime

from accounts.models import Contact
from chat.actions.deadlines import settle
from chat.actions.requests import request_chat
from chat.actions.tickets import attach_to_ticket
from chat.errors import NotAllowed
from chat.models import ChatSession
from chat.querysets import ChatQuerySet
from chat.rules import Reason
from chat.viewers import AtDesk
from devices.models import Device
from tickets.actions import adopt_contact
from tickets.models import Ticket


def start_from_ticket(ticket: Ticket, by: AtDesk, now: datetime) -> ChatSession:
    """Go on in the ticket's open chat, or take the technician's own one into it, or ask for a new one.

    A request of the contact that rings, at whatever device, is accepted (D6). Raises NotAllowed: NO_DEVICE or
    NOBODY_KNOWN when there is nobody to ask, OTHER_PERSON when it is somebody else by now; OTHER_TICKET and
    OTHER_TECHNICIAN with the chat.
    """
    settle(_about(ticket), now)
    if there := _open_in(ticket, by):
        return there
    if own := _about(ticket).talking(now).held_by(by).first():
        attach_to_ticket(own.pk, ticket, by, now)
        return ChatSession.objects.shown().get(pk=own.pk)
    ringing = _about(ticket).ringing(now).shown().first()
    device = ringing.device if ringing else device_of(ticket)
    if device is None:
        raise NotAllowed(Reason.NO_DEVICE if ticket.contact_id else Reason.NOBODY_KNOWN)
    # As it is now: somebody may have been assigned since the ticket was read.
    device = Device.objects.shown().get(pk=device.pk)
    _say_whose(ticket, device, now)
    return request_chat(device, by=by, now=now, ticket=ticket)


def _open_in(ticket: Ticket, by: AtDesk) -> ChatSession | None:
    """The technician's own open chat in this ticket; somebody else's is in the way (D3)."""
    there = list(ChatSession.objects.of_ticket(ticket).open().shown())
    for chat in there:
        if chat.technician_id == by.technician_id:
            return chat
    if there:
        raise NotAllowed(Reason.OTHER_TECHNICIAN, there[0])
    return None


def _say_whose(ticket: Ticket, device: Device, now: datetime) -> None:
    """A ticket of nobody known becomes that of who sits at its device, unless a stranger's words may be in it (D5)."""
    if ticket.contact_id is not None or device.contact is None:
        return
    if not _may_read(device.contact, ticket):
        raise NotAllowed(Reason.OTHER_PERSON)
    adopt_contact(ticket, device.contact, now)


def _may_read(contact: Contact, ticket: Ticket) -> bool:
    if ticket.writer_email:
        return ticket.writer_email.casefold() == contact.email.casefold()
    return not ticket.writer_name and not ChatSession.objects.of_ticket(ticket).filter(contact=None).exists()


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
