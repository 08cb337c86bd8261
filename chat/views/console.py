"""The console: the list, the chat that is open, and the requests that ring."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from chat import actions
from chat.console import chat_list, unread_counts
from chat.first_day import first_day
from chat.models import ChatSession
from chat.opened import Opened
from chat.rings import rings_for
from chat.viewers import at_desk
from chat.views.desk import DeskRequest, find_chat


@require_GET
def home(request: DeskRequest) -> HttpResponse:
    return redirect("chat:console")


@require_GET
def console(request: DeskRequest) -> HttpResponse:
    """The list, and beside it nothing yet; until the first chat has ended, what is left to do for it."""
    now = timezone.now()
    context = {
        # First: what is overdue is ended by it.
        "list": chat_list(at_desk(request.user), now),
        "first_day": first_day(request.user, request.installation, now),
        "is_part": _wants_part(request),
    }
    return render(request, "chat/_beside.html" if context["is_part"] else "chat/console.html", context)


@require_GET
def chat(request: DeskRequest, pk: int) -> HttpResponse:
    """One chat: the whole page, or for htmx the thread and its context."""
    now = timezone.now()
    opened = Opened(find_chat(request, pk, now), request.user, now)
    if _wants_part(request):
        return render(request, "chat/_open.html", {"open": opened, "is_part": True})
    context = {"open": opened, "list": chat_list(at_desk(request.user), now)}
    return render(request, "chat/console.html", context)


@require_GET
def part_list(request: DeskRequest) -> HttpResponse:
    """The list alone; `?open=7` says which chat is open beside it."""
    beside = request.GET.get("open", "")
    context = {
        "list": chat_list(at_desk(request.user), timezone.now()),
        "open_pk": int(beside) if beside.isdecimal() and len(beside) < 10 else None,
    }
    return render(request, "chat/_list.html", context)


@require_GET
def part_rings(request: DeskRequest) -> HttpResponse:
    """The cards of what rings for this person on every page (S14)."""
    now = timezone.now()
    viewer = at_desk(request.user)
    actions.settle(ChatSession.objects.at_hand(viewer), now)
    context = {"rings": rings_for(request.user, now), "unread": unread_counts(viewer, now)}
    return render(request, "chat/_rings.html", context)


def _wants_part(request: DeskRequest) -> bool:
    return bool(request.htmx) and not request.htmx.history_restore_request
