"""Who talks now: chat sessions, the log of their events, and who was asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import words
from accounts.models import Contact, Technician
from chat.querysets import ChatAskQuerySet, ChatEventQuerySet, ChatQuerySet, SweepQuerySet
from chat.states import OPEN_STATES, EndReason, Kind, State
from chat.viewers import Side
from devices.models import Device
from tickets.attachments.models import Attachment
from tickets.models import Ticket

MAX_MESSAGE_CHARS = 4000


class ChatSession(models.Model):
    """One attempt to talk: requested, then active, then ended. Its columns are the deadlines (N4)."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="chats", verbose_name=_("device"))
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="chats", verbose_name=words.contact
    )
    ticket = models.ForeignKey(
        Ticket, null=True, on_delete=models.SET_NULL, related_name="chats", verbose_name=_("ticket")
    )
    # Who asked, when a technician did; who accepted, when a contact asked.
    technician = models.ForeignKey(
        Technician,
        null=True,
        on_delete=models.PROTECT,
        related_name="chats",
        verbose_name=_("technician"),
    )
    asked_by = models.CharField(_("asked by"), max_length=12, choices=Side)
    # What the contact wrote when asking (P2a); it is the first message of the log too.
    about = models.TextField(_("about"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.REQUESTED)
    end_reason = models.CharField(_("end reason"), max_length=16, choices=EndReason, blank=True)
    requested_at = models.DateTimeField(_("requested"))
    answer_due_at = models.DateTimeField(_("answer due"))
    shown_at = models.DateTimeField(_("first shown to the other side"), null=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    idle_due_at = models.DateTimeField(_("ends unless something happens"), null=True)
    ticket_due_at = models.DateTimeField(_("ticket due"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    last_seq = models.PositiveIntegerField(default=0)
    technician_delivered_seq = models.PositiveIntegerField(default=0)
    technician_read_seq = models.PositiveIntegerField(default=0)
    contact_delivered_seq = models.PositiveIntegerField(default=0)
    contact_read_seq = models.PositiveIntegerField(default=0)

    objects: ClassVar[ChatQuerySet] = ChatQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("chat")
        verbose_name_plural = _("chats")
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(state__in=OPEN_STATES), name="one_open_chat_per_device"
            ),
            models.CheckConstraint(condition=Q(state=State.ENDED) ^ Q(end_reason=""), name="an_end_has_its_reason"),
        ]
        indexes = [
            models.Index(fields=["technician", "state"], name="chats_of_technician"),
            models.Index(fields=["ticket"], name="chats_of_ticket"),
            models.Index(fields=["answer_due_at"], condition=Q(state=State.REQUESTED), name="chats_to_answer"),
            models.Index(fields=["idle_due_at"], condition=Q(state=State.ACTIVE), name="chats_going_idle"),
            models.Index(fields=["ticket_due_at"], condition=Q(ticket=None), name="chats_due_a_ticket"),
        ]

    def __str__(self) -> str:
        return f"chat {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def is_overdue(self, now: datetime) -> bool:
        """Whether a limit has passed that nobody has written down yet: among `overdue(now)`."""
        due_at = {State.REQUESTED: self.answer_due_at, State.ACTIVE: self.idle_due_at}.get(State(self.state))
        return due_at is not None and due_at <= now

    @property
    def ticket_of_contact(self) -> Ticket | None:
        """Its ticket where the contact may read that: one begun before anybody was known is not theirs (D5)."""
        if self.ticket is None or self.contact_id is None or self.ticket.contact_id != self.contact_id:
            return None
        return self.ticket

    @property
    def contact_name(self) -> str:
        """The contact's name, or where the person sits who is not known yet (D4)."""
        if self.contact:
            return self.contact.name
        return someone_at(self.device.name)

    @property
    def contact_first(self) -> str:
        return self.contact.first if self.contact else self.contact_name


def someone_at(device: str) -> str:
    """What a person is called of whom only the name of the device is known (D4)."""
    return gettext("Someone at %(device)s") % {"device": device}


class ChatEvent(models.Model):
    """One line of a chat that both sides see, in its place: what was said, or what happened."""

    chat = models.ForeignKey(ChatSession, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind)
    side = models.CharField(max_length=12, choices=Side)
    technician = models.ForeignKey(Technician, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    # What was said; of a file, its name.
    body = models.TextField(blank=True)
    attachment = models.OneToOneField(Attachment, null=True, on_delete=models.PROTECT, related_name="event")
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    # Made by the sender's browser, so that a repeat is recognised; null for what the system writes.
    client_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    objects: ClassVar[ChatEventQuerySet] = ChatEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["chat", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["chat", "seq"], name="one_event_per_place"),
            models.UniqueConstraint(fields=["chat", "client_id"], name="one_event_per_client_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seq} of chat {self.chat_id}"


class ChatAsk(models.Model):
    """That one technician was asked: their page showed the request, and perhaps they declined it (S14, D1)."""

    chat = models.ForeignKey(ChatSession, on_delete=models.CASCADE, related_name="asks")
    technician = models.ForeignKey(Technician, on_delete=models.CASCADE, related_name="+")
    shown_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    objects: ClassVar[ChatAskQuerySet] = ChatAskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chat", "technician"], name="one_ask_per_technician")]

    def __str__(self) -> str:
        return f"chat {self.chat_id} asked of {self.technician_id}"


class Sweep(models.Model):
    """The sign of life of the jobs, for processes that do not run them: when a sweep last came to its end."""

    ended_at = models.DateTimeField()

    objects: ClassVar[SweepQuerySet] = SweepQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_sweep")]

    def __str__(self) -> str:
        return f"sweep at {self.ended_at}"
