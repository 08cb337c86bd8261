"""What rings for a technician: one card for each contact who waits, on every page of the portal (S14)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Technician
from chat.models import ChatAsk, ChatSession
from chat.viewers import at_desk
from tickets.models import Ticket

CARDS_AT_MOST = 3
NAMES_AT_MOST = 2


@dataclass(frozen=True)
class Ring:
    """One card."""

    chat: ChatSession
    # Who else is asked, as a sentence; blank when nobody is.
    others: str
    tickets: list[Ticket]
    is_page_open: bool


@dataclass(frozen=True)
class Rings:
    cards: list[Ring]
    more: int

    @property
    def total_s(self) -> float:
        """How long a request rings altogether."""
        return settings.CHAT_ANSWER_WITHIN.total_seconds()


def rings_for(technician: Technician, now: datetime) -> Rings:
    """The oldest requests that wait for this person; none while *Unavailable*: they stand in Chats only."""
    if not technician.is_available:
        return Rings([], 0)
    waiting = list(ChatSession.objects.ringing_for(at_desk(technician), now).shown())
    chats = waiting[:CARDS_AT_MOST]
    tickets, undecided = _tickets_of(chats), _undecided(chats, technician)
    cards = [
        Ring(
            chat,
            others=_see_it_too(undecided[chat.pk]),
            tickets=tickets[chat.contact_id],
            is_page_open=chat.device.has_page_open(now),
        )
        for chat in chats
    ]
    return Rings(cards, len(waiting) - len(chats))


def _tickets_of(chats: list[ChatSession]) -> dict[int | None, list[Ticket]]:
    """The unfinished tickets of each contact, the last touched first."""
    found = defaultdict(list)
    contacts = {chat.contact_id for chat in chats if chat.contact_id}
    if contacts:
        for ticket in Ticket.objects.unfinished().filter(contact__in=contacts).order_by("-updated_at"):
            found[ticket.contact_id].append(ticket)
    return found


def _undecided(chats: list[ChatSession], me: Technician) -> dict[int, list[str]]:
    """For each chat the first names of the others who are available and have not declined it."""
    if not chats:
        return {}
    others = list(Technician.objects.available().exclude(pk=me.pk).order_by("first_name", "username"))
    asks = ChatAsk.objects.filter(chat__in=[chat.pk for chat in chats], declined_at__isnull=False)
    declined = set(asks.values_list("chat_id", "technician_id"))
    return {chat.pk: [other.first for other in others if (chat.pk, other.pk) not in declined] for chat in chats}


def _see_it_too(names: list[str]) -> str:
    if not names:
        return ""
    if len(names) == 1:
        return _("%(name)s sees it too") % {"name": names[0]}
    if len(names) == NAMES_AT_MOST:
        return _("%(name)s and %(other)s see it too") % {"name": names[0], "other": names[1]}
    more = len(names) - 1
    words = ngettext("%(name)s and %(count)s more see it too", "%(name)s and %(count)s more see it too", more)
    return words % {"name": names[0], "count": more}
