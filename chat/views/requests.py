"""Asking for a chat, answering, and ending one."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from chat import actions
from chat.errors import NotAllowed, TooLate
from chat.ladder import ladder_of
from chat.models import ChatSession
from chat.outcomes import standing
from chat.rules import Reason
from chat.viewers import AtDesk, Side, at_desk
from chat.views.desk import TOO_LATE, DeskRequest, done, find_chat, go_to, look_again, too_late
from chat.words import refusal_words
from devices.models import Device
from tickets.models import Ticket

# The element of every page in which the steps of a request are shown.
DIALOG = "dialog"


@require_POST
def accept(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a contact's request; the first one has it (S14)."""
    now = timezone.now()
    find_chat(request, pk, now)
    try:
        actions.accept(pk, at_desk(request.user), now)
    except TooLate:
        found = find_chat(request, pk, now)
        # A double click, or the same person in another tab, finds it taken by itself.
        if not (found.is_open and found.accepted_at and found.technician_id == request.user.pk):
            return too_late(request, standing(found))
    return go_to(request, find_chat(request, pk, now))


@require_POST
def decline(request: DeskRequest, pk: int) -> HttpResponse:
    """Stop the ringing for this person; it goes on for the others."""
    return _do(request, pk, actions.decline)


@require_POST
def cancel(request: DeskRequest, pk: int) -> HttpResponse:
    """Take one's own request back; in the dialog that shows its steps, they show that."""
    answer = _do(request, pk, actions.cancel)
    if request.htmx.target != DIALOG:
        return answer
    return look_again(_asked(request, find_chat(request, pk, timezone.now())))


@require_POST
def end(request: DeskRequest, pk: int) -> HttpResponse:
    """End one's own chat. Asks nothing: it can be started again from where it ended."""
    return _do(request, pk, actions.end)


@require_POST
def keep_open(request: DeskRequest, pk: int) -> HttpResponse:
    """*Keep it open*: counts as activity (D10)."""
    return _do(request, pk, actions.keep_open)


def _do(request: DeskRequest, pk: int, verb: Callable[[int, AtDesk, datetime], object]) -> HttpResponse:
    """Do it, and have the page look again; who comes too late is told how the chat stands."""
    now = timezone.now()
    found = find_chat(request, pk, now)
    try:
        verb(pk, at_desk(request.user), now)
    except TooLate:
        return too_late(request, standing(find_chat(request, pk, now)))
    return done(request, found)


@require_POST
def connect(request: DeskRequest, pk: int) -> HttpResponse:
    """*Connect* on a device (S7): ask, and show the steps; or open the chat that is there already."""
    device = get_object_or_404(Device.objects.shown(), pk=pk)
    try:
        chat = actions.request_chat(device, by=at_desk(request.user), now=timezone.now())
    except NotAllowed as refused:
        return _refused(request, refused, device=device)
    except TooLate:
        return _refused(request, None, device=device)
    return _asked(request, chat)


@require_POST
def start_from_ticket(request: DeskRequest, number: int) -> HttpResponse:
    """*Start chat* on a ticket (S12): go on in its open chat, or ask its contact."""
    ticket = get_object_or_404(Ticket.objects.shown(), number=number)
    try:
        chat = actions.start_from_ticket(ticket, at_desk(request.user), timezone.now())
    except NotAllowed as refused:
        return _refused(request, refused, device=actions.device_of(ticket), ticket=ticket)
    except TooLate:
        return _refused(request, None, device=ticket.device, ticket=ticket)
    return _asked(request, chat)


@require_GET
def connecting(request: DeskRequest, pk: int) -> HttpResponse:
    """The steps of a request of one's own, as the dialog shows them; leads to the chat once it is accepted."""
    return _asked(request, find_chat(request, pk, timezone.now()))


def _asked(request: DeskRequest, chat: ChatSession) -> HttpResponse:
    if chat.accepted_at or not request.htmx:
        return go_to(request, chat)
    return render(
        request, "chat/_connecting.html", {"chat": chat, "ladder": ladder_of(chat, request.user, timezone.now())}
    )


def _refused(
    request: DeskRequest, refused: NotAllowed | None, *, device: Device | None, ticket: Ticket | None = None
) -> HttpResponse:
    """Why no chat can be asked for, in the dialog that would have shown the steps."""
    reason, chat = (refused.reason, refused.chat) if refused else (Reason.OTHER_TECHNICIAN, None)
    context = {
        "refusal": refusal_words(reason, Side.TECHNICIAN, chat, device),
        "chat": chat,
        "device": device,
        "ticket": ticket,
        "is_of_device": reason == Reason.OTHER_PERSON,
    }
    template = "chat/_refused.html" if request.htmx else "chat/refused.html"
    return render(request, template, context, status=TOO_LATE)
