"""What is to be done: tickets and the line of what happened to them."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import words
from accounts.models import Contact, Customer, Technician
from devices.models import Device
from tickets.attachments.models import Attachment

# Django finds the models of a room here.
__all__ = ["Attachment", "EntryKind", "Priority", "Status", "Ticket", "TicketEntry"]


class Status(models.TextChoices):
    OPEN = "open", _("Open")
    PENDING = "pending", _("Pending")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


# What a ticket is found by, besides its number.
SEARCHED = ("title", "contact__name", "writer_name", "customer__name")

# Tickets that still want something done.
UNFINISHED = (Status.OPEN, Status.PENDING)


class Priority(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class TicketQuerySet(models.QuerySet["Ticket"]):
    def unfinished(self) -> TicketQuerySet:
        return self.filter(status__in=UNFINISHED)

    def of_contact(self, contact: Contact | None) -> TicketQuerySet:
        """What a contact may see: their own, on whatever device (D5). Nobody assigned sees none."""
        return self.filter(contact=contact) if contact else self.none()

    def matching(self, words: str) -> TicketQuerySet:
        """Every one of the words is found in its number, its name, or the names of its contact and customer."""
        found = self
        for word in words.split():
            found = found.filter(_holds(word))
        return found

    def shown(self) -> TicketQuerySet:
        """With what a line about a ticket names, the last touched first."""
        return self.select_related("customer", "contact", "device", "assignee").order_by("-updated_at")


def _holds(word: str) -> Q:
    holds = reduce(or_, (Q(**{f"{name}__icontains": word}) for name in SEARCHED))
    number = word.removeprefix("#")
    if number.isdecimal():
        holds |= Q(number=int(number))
    # Without a title the reader sees the default name, and looks for that.
    return holds | Q(title="") if word.casefold() in default_name().casefold() else holds


def default_name() -> str:
    """What a ticket is called until somebody names it, in the reader's language (S17)."""
    return gettext("New ticket opened from chat")


class Ticket(models.Model):
    """The durable record of a problem."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    # Blank until somebody names it: the default name is said in the reader's language (S17).
    title = models.CharField(_("title"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.OPEN)
    priority = models.CharField(_("priority"), max_length=16, choices=Priority, default=Priority.MEDIUM)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="tickets", verbose_name=words.customer
    )
    contact = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tickets",
        verbose_name=words.contact,
    )
    device = models.ForeignKey(
        Device,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tickets",
        verbose_name=_("device"),
    )
    assignee = models.ForeignKey(
        Technician,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tickets",
        verbose_name=_("assignee"),
    )
    # Who wrote, as typed and never confirmed, when nobody is assigned to the device.
    writer_name = models.CharField(_("name as typed"), max_length=120, blank=True)
    writer_email = models.EmailField(_("e-mail address as typed"), blank=True)
    # What made it, once: "chat:12" or a form's own key. The same origin twice is the same ticket.
    origin = models.CharField(max_length=80, unique=True, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))

    objects: ClassVar[TicketQuerySet] = TicketQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [models.Index(fields=["-updated_at"], name="tickets_last_touched")]
        constraints = [models.CheckConstraint(condition=Q(number__gt=0), name="ticket_number_is_positive")]

    def __str__(self) -> str:
        return f"#{self.number} {self.name}"

    @property
    def name(self) -> str:
        """The title, or the default name in the reader's language."""
        return self.title or default_name()

    @property
    def person(self) -> str:
        """Whom it is for: the contact, or the writer's name as typed; blank when nobody is known."""
        return self.contact.name if self.contact else self.writer_name

    @property
    def answered_to(self) -> str:
        """The address that replies are mailed to: the contact's, or the one that a writer typed; blank without one."""
        return self.contact.email if self.contact else self.writer_email

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED


class EntryKind(models.TextChoices):
    OPENED = "opened", _("opened")
    MESSAGE = "message", _("message")
    RENAMED = "renamed", _("renamed")
    STATUS = "status", _("status")
    ASSIGNED = "assigned", _("assigned")
    # Where the chats of a ticket stand among what happened; written with the first of them.
    CHAT = "chat", _("chat")


# What a contact reads of a ticket; any other line is the technicians' own (D13).
PUBLIC_KINDS = (EntryKind.MESSAGE, EntryKind.STATUS)


class TicketEntryQuerySet(models.QuerySet["TicketEntry"]):
    def public(self) -> TicketEntryQuerySet:
        """What the contact of the ticket may read too."""
        return self.filter(kind__in=PUBLIC_KINDS)

    def shown(self) -> TicketEntryQuerySet:
        """With who wrote each, and the files that came with it."""
        files = Prefetch("attachments", queryset=Attachment.objects.readable())
        return self.select_related("technician", "contact").prefetch_related(files)


class TicketEntry(models.Model):
    """One line of a ticket: what was written, or what happened. Facts, never HTML."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=16, choices=EntryKind)
    technician = models.ForeignKey(Technician, null=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    body = models.TextField(blank=True)
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    # Of the form that a reply came with: the same form twice is the same reply.
    client_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    objects: ClassVar[TicketEntryQuerySet] = TicketEntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [models.UniqueConstraint(fields=["ticket", "client_id"], name="one_reply_for_each_form")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.ticket_id}"

    @property
    def author(self) -> str:
        """Who did it, a writer's name as typed; blank when it happened by itself, or that person is gone."""
        if who := self.technician or self.contact:
            return who.name
        return self.ticket.writer_name if self.is_from_writer else ""

    @property
    def is_from_writer(self) -> bool:
        """It came from somebody who typed a name and was never confirmed."""
        is_writing = self.kind in (EntryKind.OPENED, EntryKind.MESSAGE)
        return is_writing and not (self.technician or self.contact) and bool(self.ticket.writer_name)
