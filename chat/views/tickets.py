"""The ticket of a chat: make it, name it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from chat import actions
from chat.errors import TooLate
from chat.forms import TicketNameForm
from chat.opened import Opened
from chat.outcomes import standing
from chat.viewers import at_desk
from chat.views.desk import DeskRequest, done, find_chat, go_to, too_late


@require_POST
def make_ticket(request: DeskRequest, pk: int) -> HttpResponse:
    """*Create ticket*: one click; the one that is there already when it is pressed twice (S17)."""
    now = timezone.now()
    found = find_chat(request, pk, now)
    try:
        actions.make_ticket(found.pk, at_desk(request.user), now)
    except TooLate:
        return too_late(request, standing(found))
    return done(request, found)


@require_POST
def name_ticket(request: DeskRequest, pk: int) -> HttpResponse:
    """Name the chat's ticket, at its end or at any time (S18)."""
    now = timezone.now()
    found = find_chat(request, pk, now)
    form = TicketNameForm(request.POST)
    status = 200 if form.is_valid() else 422
    if form.is_valid():
        try:
            actions.name_ticket(found.pk, form.cleaned_data["title"], request.user, now)
        except actions.NoTicket:
            return too_late(request, standing(found))
    if not request.htmx:
        return go_to(request, found)
    context = {"open": Opened(find_chat(request, pk, now), request.user, now), "form": form, "is_saved": status == 200}
    return render(request, "chat/_ticket.html", context, status=status)
