"""Asking for a chat, answering one, talking and ending."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chat import actions
from chat.agent_access import PageRequest, for_page
from chat.agent_forms import AskForm, problem_of
from chat.agent_views.identity import ask_identity
from chat.agent_views.screens import find_chat, show_chat, show_gone, show_home, show_reading
from chat.agent_views.tickets import show_new_ticket
from chat.errors import NotAllowed, TooLate
from chat.rules import Reason
from chat.states import EndReason
from chat.viewers import AtDevice

Verb = Callable[[int, AtDevice, datetime], Any]


@require_GET
@for_page
def chat(request: PageRequest, pk: int) -> HttpResponse:
    """The chat as it stands; `?read=1` shows what was said in one that has ended."""
    now = timezone.now()
    found = find_chat(request, pk, now)
    if found is None:
        return show_gone(request)
    if "read" in request.GET and not found.is_open:
        return show_reading(request, found, now)
    return show_chat(request, found, now)


@require_POST
@for_page
def start(request: PageRequest) -> HttpResponse:
    """*Start chat*. Who is not known yet says so first, and then it starts by itself (S15)."""
    now = timezone.now()
    form = AskForm(request.POST)
    given = form.given
    if problem := problem_of(form, "about"):
        return show_home(request, now, problem=problem, about=form.data["about"], status=422)
    words = {name: given[name] for name in ("about", "client_id")}
    try:
        asked = actions.request_chat(request.page.device, by=request.viewer, now=now, **words)
    except NotAllowed as refused:
        if refused.reason == Reason.IDENTITY:
            return ask_identity(request, now, given | {"then": "chat"})
        return show_home(request, now, refusal=refused.reason, about=given["about"], status=409)
    except TooLate:
        problem = _("Somebody else was faster. Please try again.")
        return show_home(request, now, problem=problem, about=given["about"], status=409)
    return show_chat(request, asked, now) if request.htmx else redirect("agent:chat", asked.pk)


@require_POST
@for_page
def accept(request: PageRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.accept)


@require_POST
@for_page
def decline(request: PageRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.decline, over=EndReason.DECLINED)


@require_POST
@for_page
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """*Cancel*, or *Create a ticket instead* with what was written."""
    response = _do(request, pk, actions.cancel, over=EndReason.CANCELLED)
    is_done = response.status_code < 400
    return show_new_ticket(request, pk) if is_done and request.POST.get("then") == "ticket" else response


@require_POST
@for_page
def end(request: PageRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.end, over=EndReason.BY_CONTACT)


@require_POST
@for_page
def keep_open(request: PageRequest, pk: int) -> HttpResponse:
    """*Keep it open*: the new limit comes live; only where it was too late the screen changes."""
    now = timezone.now()
    try:
        actions.keep_open(pk, request.viewer, now)
    except TooLate:
        found = find_chat(request, pk, now)
        return show_chat(request, found, now, status=409) if found else show_gone(request)
    return HttpResponse(status=204)


def _do(request: PageRequest, pk: int, verb: Verb, *, over: str = "") -> HttpResponse:
    """Do it and show how the chat stands then; 409 when somebody or the clock was first."""
    now = timezone.now()
    if find_chat(request, pk, now) is None:
        return show_gone(request)
    status = 200
    try:
        verb(pk, request.viewer, now)
    except TooLate:
        status = 409
    found = find_chat(request, pk, now)
    if found is None and status == 200:
        # Nobody is known here, so the chat is out of sight the moment it ends (D5).
        return show_home(request, now, over=over)
    if found is None:
        return show_gone(request)
    if status == 200 and not request.htmx:
        return redirect("agent:chat", pk)
    return show_chat(request, found, now, status=status)
