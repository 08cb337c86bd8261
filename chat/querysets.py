"""The vocabulary of chats: which rows? Time is handed in.

Conditions on the chat's own columns stand in the outer WHERE and other tables only in correlated subqueries: an
UPDATE that waited for another writer then judges the row as it is now, not as it was (PostgreSQL re-checks the
outer WHERE alone). A join would make Django look the rows up first, and two people could win.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from accounts.models import Contact, Technician
from chat.states import OPEN_STATES, SPOKEN, Kind, State
from chat.viewers import AtDesk, Side, Viewer
from devices.models import Device
from tickets.models import Ticket

if TYPE_CHECKING:
    from chat.models import ChatAsk, ChatEvent, ChatSession, Sweep


# Seldom enough to cost nothing where nothing happens.
SIGN_OF_LIFE_EVERY = timedelta(seconds=15)


def _of_chat(name: str) -> models.QuerySet[Any]:
    """The events or asks of the chat of the outer query."""
    return apps.get_model("chat", name)._default_manager.filter(chat=OuterRef("pk"))


class ChatQuerySet(models.QuerySet["ChatSession"]):
    # Who may see.

    def visible_to(self, viewer: Viewer) -> ChatQuerySet:
        """The one gate, for pages, posts, sockets and files: what is not here is 404 (N3).

        Technicians read every chat (D3). A device sees the chats of the contact who is assigned to it now, and
        one without a contact only while it is open (D5).
        """
        if isinstance(viewer, AtDesk):
            return self
        assigned_now = Device.objects.filter(pk=OuterRef("device_id")).values("contact_id")
        own = Q(contact__isnull=False, contact_id=viewer.contact_id) & Q(contact_id=Subquery(assigned_now))
        return self.filter(Q(device_id=viewer.device_id) & (own | Q(contact=None, state__in=OPEN_STATES)))

    def shown(self) -> ChatQuerySet:
        """With what a line about a chat names."""
        return self.select_related("device__customer", "contact__customer", "technician", "ticket")

    def with_people(self) -> ChatQuerySet:
        """With whom and what the facts of a chat name (facts.py)."""
        return self.select_related("device", "contact", "technician", "ticket")

    # Where they stand.

    def open(self) -> ChatQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def waiting(self, now: datetime) -> ChatQuerySet:
        return self.filter(state=State.REQUESTED, answer_due_at__gt=now)

    def talking(self, now: datetime) -> ChatQuerySet:
        return self.filter(state=State.ACTIVE, idle_due_at__gt=now)

    def unanswered(self, now: datetime) -> ChatQuerySet:
        return self.filter(state=State.REQUESTED, answer_due_at__lte=now)

    def gone_quiet(self, now: datetime) -> ChatQuerySet:
        return self.filter(state=State.ACTIVE, idle_due_at__lte=now)

    def overdue(self, now: datetime) -> ChatQuerySet:
        return self.unanswered(now) | self.gone_quiet(now)

    def cut_off(self) -> ChatQuerySet:
        """Open ones whose technician was disabled or whose device was taken away (D2, D4)."""
        disabled = Technician.objects.filter(pk=OuterRef("technician_id"), is_active=False)
        taken = Device.objects.filter(pk=OuterRef("device_id"), cut_off_at__gte=OuterRef("requested_at"))
        return self.open().filter(Q(Exists(disabled)) | Q(Exists(taken)))

    # Who may act.

    def answerable_by(self, viewer: Viewer, now: datetime) -> ChatQuerySet:
        """Requests that this viewer may accept or decline: the other side asked, and there is time."""
        waiting = self.waiting(now).visible_to(viewer)
        if isinstance(viewer, AtDesk):
            return waiting.filter(Exists(_working(viewer)), asked_by=Side.CONTACT)
        return waiting.filter(asked_by=Side.TECHNICIAN)

    def cancellable_by(self, viewer: Viewer, now: datetime) -> ChatQuerySet:
        """Own requests that nobody has answered yet."""
        waiting = self.waiting(now).visible_to(viewer)
        if isinstance(viewer, AtDesk):
            return waiting.filter(asked_by=Side.TECHNICIAN, technician_id=viewer.technician_id)
        return waiting.filter(asked_by=Side.CONTACT)

    def postable_by(self, viewer: Viewer, now: datetime) -> ChatQuerySet:
        """Chats under way in which this viewer may write, and which they may end (D3)."""
        talking = self.talking(now).visible_to(viewer)
        if isinstance(viewer, AtDesk):
            return talking.filter(Exists(_working(viewer)), technician_id=viewer.technician_id)
        return talking

    def without_event(self, client_id: UUID) -> ChatQuerySet:
        """Those in which nothing was said under this client id."""
        return self.filter(~Exists(_of_chat("ChatEvent").filter(client_id=client_id)))

    # Whose they are.

    def held_by(self, viewer: AtDesk) -> ChatQuerySet:
        return self.filter(technician_id=viewer.technician_id)

    def on_device(self, device_id: int) -> ChatQuerySet:
        return self.filter(device_id=device_id)

    def with_contact(self, contact: Contact) -> ChatQuerySet:
        return self.filter(contact=contact)

    def at_hand(self, viewer: AtDesk) -> ChatQuerySet:
        """What a technician's list is made of: one's own chats, and requests that nobody has taken."""
        return self.filter(Q(technician_id=viewer.technician_id) | Q(technician=None))

    def ended_since(self, moment: datetime) -> ChatQuerySet:
        return self.filter(state=State.ENDED, ended_at__gte=moment)

    def talked_out(self) -> ChatQuerySet:
        """Ended ones in which people talked: not requests that came to nothing."""
        return self.filter(state=State.ENDED, accepted_at__isnull=False)

    def of_ticket(self, ticket: Ticket) -> ChatQuerySet:
        return self.filter(ticket=ticket).order_by("requested_at", "pk")

    def of_page(self, viewer: Viewer) -> ChatQuerySet:
        """The open chats that a viewer's page carries live: one's own."""
        return self.visible_to(viewer).filter(_open_of(viewer))

    def carried_by(self, viewer: Viewer, also: Iterable[int], moment: datetime) -> ChatQuerySet:
        """Those, and of `also` what is open or has ended since that moment."""
        recent = Q(ended_at=None) | Q(ended_at__gte=moment)
        carried = _open_of(viewer) | Q(recent, pk__in=also) if also else _open_of(viewer)
        return self.visible_to(viewer).filter(carried)

    # Requests of contacts.

    def ringing(self, now: datetime) -> ChatQuerySet:
        return self.waiting(now).filter(asked_by=Side.CONTACT)

    def ringing_for(self, viewer: AtDesk, now: datetime) -> ChatQuerySet:
        """Requests that this technician has not declined, the oldest first (S14)."""
        declined = _of_chat("ChatAsk").filter(technician_id=viewer.technician_id, declined_at__isnull=False)
        return self.ringing(now).filter(~Exists(declined)).order_by("requested_at", "pk")

    def declined_by_all(self) -> ChatQuerySet:
        """*Chat busy*: someone declined, and of those who are available nobody is left undecided (D1).

        With nobody available at all a request goes on to its limit: somebody may come back.
        """
        declined = _of_chat("ChatAsk").filter(declined_at__isnull=False)
        decided = declined.model._default_manager.filter(
            chat=OuterRef(OuterRef("pk")), technician=OuterRef("pk"), declined_at__isnull=False
        )
        undecided = Technician.objects.available().filter(~Exists(decided))
        return self.filter(
            Exists(declined),
            Exists(Technician.objects.available()),
            ~Exists(undecided),
            state=State.REQUESTED,
            asked_by=Side.CONTACT,
        )

    # Tickets of themselves.

    def due_for_ticket(self, now: datetime) -> ChatQuerySet:
        """S17: two minutes after acceptance, something was said, no ticket yet, and not over before that."""
        return self.filter(
            Q(ended_at=None) | Q(ended_at__gte=F("ticket_due_at")),
            Exists(_of_chat("ChatEvent").filter(kind__in=SPOKEN)),
            ticket=None,
            ticket_due_at__lte=now,
        )

    # What a list says of them.

    def with_unread(self, side: Side) -> ChatQuerySet:
        """Adds `unread`: how many messages of the other side this side has not read; `waiting_since`: the oldest."""
        unread = _unread_by(side)
        count = unread.order_by().values("chat").annotate(n=models.Count("pk")).values("n")
        return self.annotate(
            unread=models.functions.Coalesce(Subquery(count), 0),
            waiting_since=Subquery(unread.order_by("seq").values("created_at")[:1]),
        )

    def with_last_word(self) -> ChatQuerySet:
        """Adds `last_said`, `last_kind`, `last_side` and `last_at`, of the newest word; None where nothing was said."""
        newest = _of_chat("ChatEvent").filter(kind__in=SPOKEN).order_by("-seq")
        return self.annotate(
            last_said=Subquery(newest.values("body")[:1]),
            last_kind=Subquery(newest.values("kind")[:1]),
            last_side=Subquery(newest.values("side")[:1]),
            last_at=Subquery(newest.values("created_at")[:1]),
        )

    def with_message_count(self) -> ChatQuerySet:
        """Adds `messages`: how much was said."""
        said = _of_chat("ChatEvent").filter(kind__in=SPOKEN).order_by().values("chat")
        return self.annotate(
            messages=models.functions.Coalesce(Subquery(said.annotate(n=models.Count("pk")).values("n")), 0)
        )


def _unread_by(side: Side) -> models.QuerySet[Any]:
    other = Side.CONTACT if side == Side.TECHNICIAN else Side.TECHNICIAN
    return _of_chat("ChatEvent").filter(kind__in=SPOKEN, side=other, seq__gt=OuterRef(f"{side.value}_read_seq"))


def _open_of(viewer: Viewer) -> Q:
    """A device's are those that it may see at all."""
    mine = Q(state__in=OPEN_STATES)
    return mine & Q(technician_id=viewer.technician_id) if isinstance(viewer, AtDesk) else mine


def _working(viewer: AtDesk) -> models.QuerySet[Technician]:
    return Technician.objects.working().filter(pk=viewer.technician_id)


class ChatEventQuerySet(models.QuerySet["ChatEvent"]):
    def after(self, seq: int) -> ChatEventQuerySet:
        return self.filter(seq__gt=seq).order_by("seq")

    def told(self) -> ChatEventQuerySet:
        """With everything that telling an event names."""
        return self.select_related(
            "technician", "contact", "chat__technician", "chat__contact", "chat__device", "chat__ticket"
        )

    def files(self) -> ChatEventQuerySet:
        """The lines that bring a file, the newest first."""
        return self.filter(kind=Kind.FILE).order_by("-created_at", "-pk")

    def spoken(self) -> ChatEventQuerySet:
        return self.filter(kind__in=SPOKEN)

    def said_since(self, moment: datetime, side: Side) -> ChatEventQuerySet:
        return self.spoken().filter(created_at__gt=moment, side=side)


class ChatAskQuerySet(models.QuerySet["ChatAsk"]):
    def seeing(self, chat_id: int) -> ChatAskQuerySet:
        """Whose pages show the request: they have shown it, and the technician has not declined it."""
        return self.filter(chat_id=chat_id, shown_at__isnull=False, declined_at=None)


class SweepQuerySet(models.QuerySet["Sweep"]):
    def stale(self, now: datetime) -> SweepQuerySet:
        """The sign of life, when it is older than it may get, or from a clock that was ahead."""
        return self.exclude(ended_at__range=(now - SIGN_OF_LIFE_EVERY, now))
