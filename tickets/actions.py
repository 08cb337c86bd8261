"""What can happen to tickets: the only writer of their rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actions import next_ticket_number
from accounts.models import Contact, Customer, Technician
from devices.models import Device
from tickets import events
from tickets.attachments.enclosed import Enclosed
from tickets.mail import write_reply_mail
from tickets.models import EntryKind, Priority, Status, Ticket, TicketEntry


class TicketClosed(Exception):
    """Its contact cannot write in it any more."""


@dataclass(frozen=True, kw_only=True)
class NewTicket:
    """What a ticket is opened with. `origin` names what made it, so that it is made once.

    The files belong to its first message, beside the description or in its place.
    """

    customer: Customer
    contact: Contact | None = None
    device: Device | None = None
    title: str = ""
    description: str = ""
    files: Enclosed | None = None
    priority: str = Priority.MEDIUM
    assignee: Technician | None = None
    writer_name: str = ""
    writer_email: str = ""
    origin: str | None = None


def open_ticket(
    new: NewTicket, *, by: Technician | Contact | None, now: datetime, how: str = ""
) -> tuple[Ticket, bool]:
    """Open a ticket; returns it, and False when the same origin had opened it before.

    `by` is None when it opens by itself or the writer is not known; `how` ("itself", "chat", "page") is for the
    timeline. Raises Refused when a file is not there any more; then there is no ticket either.
    """
    try:
        with transaction.atomic():
            return _create(new, by, now, how), True
    except IntegrityError:
        before = Ticket.objects.filter(origin=new.origin).first() if new.origin else None
        if before is None:
            raise
        return before, False


def _create(new: NewTicket, by: Technician | Contact | None, now: datetime, how: str) -> Ticket:
    ticket = Ticket.objects.create(
        number=next_ticket_number(),
        title=new.title,
        priority=new.priority,
        customer=new.customer,
        contact=new.contact,
        device=new.device,
        assignee=new.assignee,
        writer_name=new.writer_name,
        writer_email=new.writer_email,
        origin=new.origin,
        created_at=now,
        updated_at=now,
    )
    _enter(ticket, EntryKind.OPENED, by, now, data={"how": how})
    if new.description or (new.files and new.files.keys):
        entry = _enter(ticket, EntryKind.MESSAGE, by, now, body=new.description)
        if new.files:
            new.files.send(entry, now)
    return ticket


@transaction.atomic
def reply(
    ticket: Ticket, body: str, *, files: Enclosed, by: Technician | Contact, client_id: UUID, now: datetime
) -> TicketEntry:
    """Add to what is written in a ticket, or return what the same form had added before.

    A technician's reply is mailed (P5); a contact's opens the ticket again where it waited or was resolved. Raises
    Refused when a file is not there any more, and TicketClosed for a contact.
    """
    # Locked, so that of the same form sent twice at once the second finds what the first wrote.
    now_it_is = Ticket.objects.select_for_update(no_key=True, of=("self",)).select_related("contact").get(pk=ticket.pk)
    if before := ticket.entries.filter(client_id=client_id).first():
        return before
    if isinstance(by, Contact) and now_it_is.status == Status.CLOSED:
        raise TicketClosed
    entry = _enter(ticket, EntryKind.MESSAGE, by, now, body=body, client_id=client_id)
    files.send(entry, now)
    if isinstance(by, Contact):
        set_status(ticket, Status.OPEN, by=by, now=now)
    else:
        write_reply_mail(now_it_is, entry, now)
    touch(ticket, now)
    return entry


def rename_ticket(ticket: Ticket, title: str, *, by: Technician, now: datetime) -> bool:
    """Name a ticket; False when it has that name already. The title is one clean line, not empty."""
    return _change(ticket, EntryKind.RENAMED, by, now, {"title": title}, title=title)


def set_status(ticket: Ticket, status: Status, *, by: Technician | Contact | None, now: datetime) -> bool:
    """Open, wait for, resolve or close a ticket; False when it stands so already."""
    return _change(ticket, EntryKind.STATUS, by, now, {"status": status.value}, status=status)


def set_assignee(ticket: Ticket, assignee: Technician | None, *, by: Technician | None, now: datetime) -> bool:
    """Say whose work it is; False when it is that person's already."""
    data = {"name": assignee.name if assignee else ""}
    return _change(ticket, EntryKind.ASSIGNED, by, now, data, assignee=assignee)


def adopt_contact(ticket: Ticket, contact: Contact, now: datetime) -> None:
    """A ticket without a contact gets the one who confirmed an identity meanwhile (D4)."""
    if Ticket.objects.filter(pk=ticket.pk, contact=None).update(contact=contact, updated_at=now):
        events.ticket_changed(ticket.number)


def enter_chat(ticket: Ticket, now: datetime) -> None:
    """A chat belongs to this ticket from now on: the first one marks where chats stand in the timeline."""
    if not ticket.entries.filter(kind=EntryKind.CHAT).exists():
        _enter(ticket, EntryKind.CHAT, None, now)


def touch(ticket: Ticket, now: datetime) -> None:
    """Something was added to what this ticket shows."""
    Ticket.objects.filter(pk=ticket.pk).update(updated_at=now)
    events.ticket_changed(ticket.number)


def _change(
    ticket: Ticket,
    kind: EntryKind,
    by: Technician | Contact | None,
    now: datetime,
    data: dict[str, Any],
    **field: Any,
) -> bool:
    [(name, value)] = field.items()
    with transaction.atomic():
        same = {f"{name}__isnull": True} if value is None else {name: value}
        if not Ticket.objects.filter(pk=ticket.pk).exclude(**same).update(updated_at=now, **field):
            return False
        _enter(ticket, kind, by, now, data=data)
        events.ticket_changed(ticket.number)
    setattr(ticket, name, value)
    return True


def _enter(
    ticket: Ticket,
    kind: EntryKind,
    by: Technician | Contact | None,
    now: datetime,
    *,
    body: str = "",
    data: dict[str, Any] | None = None,
    client_id: UUID | None = None,
) -> TicketEntry:
    return TicketEntry.objects.create(
        ticket=ticket,
        kind=kind,
        technician=by if isinstance(by, Technician) else None,
        contact=by if isinstance(by, Contact) else None,
        body=body,
        data=data or {},
        client_id=client_id,
        created_at=now,
    )
