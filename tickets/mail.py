"""What is written by e-mail about a ticket: a technician's reply goes to whom the ticket is for (P5)."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.mail import write_mail
from accounts.models import Installation
from tickets.models import Ticket, TicketEntry

MAX_SUBJECT_CHARS = 200


def write_reply_mail(ticket: Ticket, entry: TicketEntry, now: datetime) -> None:
    """Tell what a technician replied, in the reader's language; in the transaction of the reply.

    Whoever typed an address that was never confirmed gets it there: the page promised so. Without any address nothing
    is written.
    """
    if not ticket.answered_to:
        return
    with translation.override((ticket.contact and ticket.contact.language) or settings.LANGUAGE_CODE):
        subject = Truncator(f"#{ticket.number} {ticket.name}").chars(MAX_SUBJECT_CHARS)
        write_mail(ticket.answered_to, subject, _body(ticket, entry), now=now)


def _body(ticket: Ticket, entry: TicketEntry) -> str:
    """What was written, the names of its files, and where to read and answer it; no address that opens anything."""
    names = {"author": entry.author, "number": ticket.number, "help_desk": Installation.objects.current().shown_name}
    said = _("%(author)s of %(help_desk)s wrote in your ticket #%(number)s:") % names
    parts = [said, entry.body, _files(ticket, entry), _where(ticket)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _files(ticket: Ticket, entry: TicketEntry) -> str:
    files = [attachment.name for attachment in entry.attachments.all()]
    if not files:
        return ""
    heading = _("Files, kept with the ticket:")
    return "\n".join([heading, *(f"- {name}" for name in files)])


def _where(ticket: Ticket) -> str:
    if ticket.contact is None:
        return _("Answers to this mail do not arrive. Write a new ticket with the HelpDesk Agent on your computer.")
    return _(
        "Answers to this mail do not arrive. Open the HelpDesk Agent on your computer: the ticket stands under My"
        " tickets, where you can read all of it and reply."
    )
