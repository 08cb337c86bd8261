"""Chats become tickets: by themselves, by click, and from the ticket's page (S12, S17, S18, D7)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import Technician
from accounts.text import clean_line
from chat import events
from chat.actions.log import append
from chat.errors import NotAllowed, TooLate
from chat.models import ChatSession
from chat.querysets import ChatQuerySet
from chat.rules import Reason
from chat.states import Kind
from chat.viewers import AtDesk
from tickets import actions as ticket_actions
from tickets.actions import NewTicket, open_ticket, rename_ticket, set_assignee, set_status
from tickets.models import Status, Ticket

# One sweep opens this many at the most; the next one goes on.
AT_ONCE = 500


class NoTicket(Exception):
    """This chat has no ticket to name."""


def make_ticket(chat_id: int, by: AtDesk, now: datetime) -> Ticket:
    """*Create ticket*, one click, at any time; the one that is there already when there is one.

    Raises TooLate when the chat is not this technician's.
    """
    mine = ChatSession.objects.held_by(by)
    if not mine.filter(pk=chat_id, accepted_at__isnull=False).exists():
        raise TooLate
    return _open(mine, chat_id, by, now, how="chat")


def open_due_tickets(now: datetime) -> int:
    """Open the tickets that are due by themselves (S17); returns how many."""
    due = ChatSession.objects.due_for_ticket(now)
    opened = 0
    for pk in list(due.order_by("ticket_due_at").values_list("pk", flat=True)[:AT_ONCE]):
        try:
            _open(ChatSession.objects.due_for_ticket(now), pk, None, now, how="itself")
            opened += 1
        except TooLate:
            continue
    return opened


@transaction.atomic
def _open(chats: ChatQuerySet, chat_id: int, by: AtDesk | None, now: datetime, *, how: str) -> Ticket:
    # Locks the chat's row: of a click, a job and an ending at once, one opens the ticket (case 13).
    if not chats.filter(pk=chat_id).update(ticket_due_at=now):
        raise TooLate
    chat = ChatSession.objects.shown().get(pk=chat_id)
    if chat.ticket is not None:
        return chat.ticket
    new = NewTicket(
        customer=chat.contact.customer if chat.contact else chat.device.customer,
        contact=chat.contact,
        device=chat.device,
        assignee=chat.technician,
        origin=f"chat:{chat.pk}",
    )
    author = chat.technician if by else None
    ticket, _ = open_ticket(new, by=author, now=now, how=how)
    _link(chat.pk, ticket, by, now, how)
    return ticket


def _link(chat_id: int, ticket: Ticket, by: AtDesk | None, now: datetime, how: str) -> None:
    """Make it the chat's ticket, and say so in the log. Raises TooLate when the chat has one."""
    event = append(
        ChatSession.objects.filter(ticket=None),
        chat_id,
        Kind.TICKET_OPENED,
        by=by,
        now=now,
        data={"number": ticket.number, "how": how},
        ticket=ticket,
    )
    ticket_actions.enter_chat(ticket, now)
    events.opened(event.chat)


def attach_to_ticket(chat_id: int, ticket: Ticket, by: AtDesk, now: datetime) -> None:
    """D7: an open chat without a ticket becomes this ticket's; one of another ticket refuses it.

    Raises NotAllowed with the chat that is in the way.
    """
    with transaction.atomic():
        chat = ChatSession.objects.shown().get(pk=chat_id)
        if chat.ticket_id == ticket.pk:
            return
        try:
            _link(chat_id, ticket, by, now, "linked")
        except TooLate:
            raise NotAllowed(Reason.OTHER_TICKET, ChatSession.objects.shown().get(pk=chat_id)) from None
        take_over_ticket(ChatSession.objects.shown().get(pk=chat_id), now)


def take_over_ticket(chat: ChatSession, now: datetime) -> None:
    """A chat that is accepted in a ticket reopens it, and the ticket is its technician's (D7)."""
    if chat.ticket is None or chat.accepted_at is None:
        return
    ticket: Ticket = chat.ticket
    if not ticket.is_unfinished:
        set_status(ticket, Status.OPEN, by=chat.technician, now=now)
    set_assignee(ticket, chat.technician, by=chat.technician, now=now)
    ticket_actions.touch(ticket, now)


def name_ticket(chat_id: int, title: str, by: Technician, now: datetime) -> Ticket:
    """Name the ticket of a chat, at its end or at any time (S18). An empty title changes nothing.

    Raises NoTicket.
    """
    title = clean_line(title)[:200]
    with transaction.atomic():
        # The chat's row is locked before its ticket's, as whoever accepts or attaches does.
        ChatSession.objects.filter(pk=chat_id).update(last_seq=F("last_seq"))
        chat = ChatSession.objects.shown().get(pk=chat_id)
        if chat.ticket is None:
            raise NoTicket
        if title and rename_ticket(chat.ticket, title, by=by, now=now):
            append(
                ChatSession.objects.filter(ticket=chat.ticket),
                chat_id,
                Kind.TICKET_RENAMED,
                by=AtDesk(by.pk),
                now=now,
                data={"number": chat.ticket.number, "title": title},
            )
    return chat.ticket
