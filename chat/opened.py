"""What the console shows of one chat: its thread, what can be done in it, and what is good to know beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from accounts.models import Technician
from accounts.text import clean_line
from chat.live import Thread, read_thread, thread_of
from chat.models import ChatEvent, ChatSession
from chat.outcomes import outcome
from chat.states import Kind, State
from chat.viewers import Side, at_desk
from tickets.models import Ticket

OTHER_TICKETS_AT_MOST = 6
FILES_AT_MOST = 50
SUGGESTION_CHARS = 60


@dataclass
class Opened:
    """One chat, as this technician sees it. `chat` comes with its people (`shown()`)."""

    chat: ChatSession
    technician: Technician
    now: datetime

    @property
    def is_mine(self) -> bool:
        return self.chat.technician_id == self.technician.pk

    @property
    def foot(self) -> str:
        """What stands under the thread: composer, asking, ringing, held, or ended (D3)."""
        if not self.chat.is_open:
            return "ended"
        if self.chat.state == State.ACTIVE:
            return "composer" if self.is_mine else "held"
        if self.chat.asked_by == Side.CONTACT:
            return "ringing"
        return "asking" if self.is_mine else "held"

    @property
    def outcome(self) -> str:
        return outcome(self.chat, reader=self.technician)

    @property
    def may_make_ticket(self) -> bool:
        return self.is_mine and self.chat.accepted_at is not None and self.chat.ticket is None

    @property
    def wants_name(self) -> bool:
        """S18: the chat is over and nobody has named its ticket yet."""
        ticket = self.chat.ticket
        return ticket is not None and not ticket.title and not self.chat.is_open

    @property
    def is_page_open(self) -> bool:
        return self.chat.device.has_page_open(self.now)

    @property
    def is_device_online(self) -> bool:
        return self.chat.device.is_online(self.now)

    @cached_property
    def thread(self) -> Thread:
        return read_thread(thread_of(self.chat, at_desk(self.technician)))

    @cached_property
    def files(self) -> list[ChatEvent]:
        """The files of its thread, the newest first."""
        chats = list(thread_of(self.chat, at_desk(self.technician)).values_list("pk", flat=True))
        sent = ChatEvent.objects.files().filter(chat__in=chats)
        return list(sent.select_related("technician", "contact")[:FILES_AT_MOST])

    @cached_property
    def suggested_name(self) -> str:
        """A name for a ticket that has none: the first words of the contact, cut at a word."""
        ticket = self.chat.ticket
        if ticket is None or ticket.title:
            return ""
        return _shortened(clean_line(self.chat.about or self._first_words()))

    def _first_words(self) -> str:
        said = ChatEvent.objects.filter(chat__ticket=self.chat.ticket, side=Side.CONTACT, kind=Kind.MESSAGE)
        return said.order_by("chat", "seq").values_list("body", flat=True).first() or ""

    @cached_property
    def other_tickets(self) -> list[Ticket]:
        unfinished = Ticket.objects.unfinished().of_contact(self.chat.contact).shown()
        return list(unfinished.exclude(pk=self.chat.ticket_id or 0)[:OTHER_TICKETS_AT_MOST])


def _shortened(line: str) -> str:
    if len(line) <= SUGGESTION_CHARS:
        return line
    return line[:SUGGESTION_CHARS].rsplit(" ", 1)[0].rstrip(".,;:") + "…"
