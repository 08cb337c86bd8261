"""What the page shows: one screen at a time, by itself where htmx asks for it, else with the page around it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import replace_url, reswap, retarget

from accounts.models import Installation, Technician
from chat import actions, live
from chat.agent_access import PageRequest, form_token
from chat.facts import head
from chat.models import ChatSession
from chat.outcomes import in_words, length_in_words, quiet_in_words
from chat.rules import Reason, refusal_for_contact
from chat.states import EndReason, State
from chat.viewers import Side
from chat.words import refusal_words
from tickets.models import Ticket

MISSED_IS_TOLD_FOR = timedelta(hours=12)


def show(request: PageRequest, screen: str, needs: dict[str, Any], *, address: str, status: int = 200) -> HttpResponse:
    """Show a screen at its own address. For htmx it takes the place of the one before, whatever was asked for."""
    context = {
        "viewer_key": f"p{request.page.pk}",
        # In the place of Django's own, for the forms and for what htmx sends.
        "csrf_token": form_token(request),
        "device": request.page.device,
        "contact": request.page.device.contact,
        "is_part": bool(request.htmx),
    }
    response = render(request, f"agent/{screen}.html", context | needs, status=status)
    if request.htmx:
        # "global": what was pressed may have left the page meanwhile, with the screen that a push took away.
        replace_url(retarget(reswap(response, "outerHTML"), "global #screen"), address)
    return response


def show_home(
    request: PageRequest,
    now: datetime,
    *,
    refusal: Reason | None = None,
    problem: str = "",
    about: str = "",
    over: str = "",
    status: int = 200,
) -> HttpResponse:
    """Home, or the open chat when there is one.

    `refusal` says why a chat was refused just now, `problem` what else went wrong, `over` how one ended that this
    page may not show any more.
    """
    if status == 200 and (chat := open_chat(request, now)):
        return show_chat(request, chat, now)
    device = request.page.device
    refusal = refusal or refusal_here(request, now)
    needs = {
        "refusal": refusal_words(refusal, Side.CONTACT, device=device) if refusal else "",
        "reason": refusal or "",
        "problem": problem,
        "about": about,
        "client_id": uuid4(),
        "missed": missed_request(request, now),
        "over": over if over in EndReason.values else "",
        "unfinished": Ticket.objects.of_contact(device.contact).unfinished().count(),
    }
    return show(request, "home", needs, address=reverse("agent:home"), status=status)


def refusal_here(request: PageRequest, now: datetime) -> Reason | None:
    """Why no chat can be started from this page now. Who it is will be asked when it is (D8)."""
    device = request.page.device
    is_somebody = Technician.objects.available().exists()
    refusal = refusal_for_contact(Installation.objects.current(), device, now, is_somebody_available=is_somebody)
    if refusal is None or refusal == Reason.IDENTITY:
        return Reason.TOO_MANY if actions.asks_too_often(device, now) else None
    return refusal


def _refusal_in_words(request: PageRequest, now: datetime) -> str:
    """The same as a sentence, blank when a chat can be started; the screens show it in the place of the button."""
    refusal = refusal_here(request, now)
    return refusal_words(refusal, Side.CONTACT, device=request.page.device) if refusal else ""


def open_chat(request: PageRequest, now: datetime) -> ChatSession | None:
    """The open chat of this page, overdue ones ended first."""
    own = ChatSession.objects.of_page(request.viewer)
    actions.settle(own, now)
    return own.shown().first()


def find_chat(request: PageRequest, pk: int, now: datetime) -> ChatSession | None:
    """A chat that this page may see, ended first when it is overdue."""
    visible = ChatSession.objects.visible_to(request.viewer).filter(pk=pk)
    actions.settle(visible, now)
    return visible.shown().first()


def missed_request(request: PageRequest, now: datetime) -> ChatSession | None:
    """A technician's request of today that nobody here answered, as long as nothing came after it."""
    last = ChatSession.objects.visible_to(request.viewer).shown().order_by("requested_at", "pk").last()
    return last if last and was_missed(last) and last.requested_at > now - MISSED_IS_TOLD_FOR else None


def was_missed(chat: ChatSession) -> bool:
    is_unanswered = chat.end_reason in {EndReason.NO_ANSWER, EndReason.CANCELLED, EndReason.REVOKED}
    return is_unanswered and chat.asked_by == Side.TECHNICIAN and chat.accepted_at is None


def show_chat(request: PageRequest, chat: ChatSession, now: datetime, *, status: int = 200) -> HttpResponse:
    """The screen for how a chat stands; a request that was missed is told at home."""
    if was_missed(chat):
        return show_home(request, now, status=status)
    screen, needs = _screen_of(request, chat, now)
    return show(request, screen, needs, address=reverse("agent:chat", args=[chat.pk]), status=status)


def _screen_of(request: PageRequest, chat: ChatSession, now: datetime) -> tuple[str, dict[str, Any]]:
    if chat.state == State.REQUESTED:
        screen = "waiting" if chat.asked_by == Side.CONTACT else "asked"
        return screen, {
            "chat": chat,
            "seen_by": head(chat)["seen_by"],
            "within_s": settings.CHAT_ANSWER_WITHIN.total_seconds(),
        }
    if chat.state == State.ACTIVE:
        return "chat", thread(request, chat) | {"chat": chat, "is_page_open": head(chat)["pages"]["technician"]}
    needs = {"chat": chat, "client_id": uuid4(), "refusal": _refusal_in_words(request, now)}
    if chat.accepted_at is None or chat.ended_at is None:
        return "unanswered", needs | {"answer_within": in_words(settings.CHAT_ANSWER_WITHIN)}
    return "ended", needs | {
        "said": chat.events.spoken().count(),
        "lasted": length_in_words(chat.ended_at - chat.accepted_at),
        "quiet": quiet_in_words(settings.CHAT_IDLE_AFTER),
    }


def thread(request: PageRequest, chat: ChatSession) -> dict[str, Any]:
    """What the templates of a conversation need."""
    return {
        "thread": live.read_thread(live.thread_of(chat, request.viewer)),
        "viewer_side": request.viewer.side.value,
    }


def show_gone(request: PageRequest) -> HttpResponse:
    """What this page may not see, or what is not there: both are the same to it (N3)."""
    return show(request, "gone", {}, address=request.path, status=404)


def show_reading(request: PageRequest, chat: ChatSession, now: datetime) -> HttpResponse:
    """What was said in a chat that has ended."""
    needs = {"chat": chat, "refusal": _refusal_in_words(request, now)} | thread(request, chat)
    address = f"{reverse('agent:chat', args=[chat.pk])}?read=1"
    return show(request, "reading", needs, address=address)
