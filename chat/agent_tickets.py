"""The ticket that is left on the contact's page (S19)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from devices.models import Device, PageSession
from tickets.actions import NewTicket, open_ticket
from tickets.models import Ticket

TICKETS_AN_HOUR = 10
# What begins the origin of every ticket that is left on a page.
ORIGIN = "page:"


class TooManyTickets(Exception):
    """This device has left so many within an hour that nobody could mean them."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What was typed; `key` is the form's. Name and address are given where nobody is known."""

    key: UUID
    title: str
    description: str = ""
    name: str = ""
    email: str = ""

    @property
    def digest(self) -> UUID:
        """The same form with the same words is the same ticket; with other words it is another."""
        return uuid5(self.key, f"{self.title}\0{self.description}\0{self.name}\0{self.email}")


def leave_ticket(page: PageSession, letter: Letter, now: datetime) -> Ticket:
    """Open the ticket, or return the one that the same form has opened before. Raises TooManyTickets."""
    device = page.device
    origin = f"{ORIGIN}{page.pk}:{letter.digest}"
    new = NewTicket(
        customer=device.contact.customer if device.contact else device.customer,
        contact=device.contact,
        device=device,
        title=letter.title,
        description=letter.description,
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
