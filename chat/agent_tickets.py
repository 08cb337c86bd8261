"""What is left on the contact's page: a ticket (S19), and a reply in one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from accounts.models import Contact
from devices.models import Device, PageSession
from tickets.actions import NewTicket, open_ticket, reply
from tickets.attachments.enclosed import Enclosed
from tickets.forms import ReplyForm
from tickets.models import EntryKind, Ticket, TicketEntry

TICKETS_AN_HOUR = 10
REPLIES_AN_HOUR = 60
# What begins the origin of every ticket that is left on a page.
ORIGIN = "page:"


class TooManyTickets(Exception):
    """This device has left so many within an hour that nobody could mean them."""


class TooManyReplies(Exception):
    """This contact has replied so often within an hour that nobody could mean it."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What was typed; `key` is the form's. Name and address are given where nobody is known."""

    key: UUID
    title: str
    enclosed: Enclosed
    description: str = ""
    name: str = ""
    email: str = ""

    @property
    def digest(self) -> UUID:
        """The same form with the same words and files is the same ticket; with others it is another."""
        words = (self.title, self.description, self.name, self.email)
        return uuid5(self.key, "\0".join([*words, *map(str, self.enclosed.keys)]))


def leave_ticket(page: PageSession, letter: Letter, now: datetime) -> Ticket:
    """Open the ticket, or return the one that the same form has opened before.

    Raises TooManyTickets, and Refused when a file is not there any more.
    """
    device = page.device
    origin = f"{ORIGIN}{page.pk}:{letter.digest}"
    new = NewTicket(
        customer=device.contact.customer if device.contact else device.customer,
        contact=device.contact,
        device=device,
        title=letter.title,
        description=letter.description,
        files=letter.enclosed,
        writer_name=letter.name,
        writer_email=letter.email,
        origin=origin,
    )
    with transaction.atomic():
        # One at a time for each device, so that the count below is true.
        Device.objects.select_for_update(no_key=True).get(pk=device.pk)
        if before := Ticket.objects.filter(origin=origin).first():
            return before
        if _left_since(device, now - timedelta(hours=1)) >= TICKETS_AN_HOUR:
            raise TooManyTickets
        ticket, _is_new = open_ticket(new, by=device.contact, now=now, how="page")
    return ticket


def _left_since(device: Device, moment: datetime) -> int:
    return Ticket.objects.filter(device=device, origin__startswith=ORIGIN, created_at__gt=moment).count()


def leave_reply(ticket: Ticket, form: ReplyForm, *, by: Contact, now: datetime) -> TicketEntry:
    """Add to a ticket of this contact what is in the form, or return what it has added before.

    Raises TooManyReplies, TicketClosed, and Refused when a file is not there any more.
    """
    with transaction.atomic():
        # One at a time for each contact, so that the count below is true.
        Contact.objects.select_for_update(no_key=True).get(pk=by.pk)
        is_known = ticket.entries.filter(client_id=form.client_id).exists()
        if not is_known and _written_since(by, now - timedelta(hours=1)) >= REPLIES_AN_HOUR:
            raise TooManyReplies
        body = form.cleaned_data["body"]
        return reply(ticket, body, files=form.enclosed, by=by, client_id=form.client_id, now=now)


def _written_since(contact: Contact, moment: datetime) -> int:
    return TicketEntry.objects.filter(contact=contact, kind=EntryKind.MESSAGE, created_at__gt=moment).count()
