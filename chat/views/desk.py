"""What the console's views begin and end with: who asks, which chat, and what is shown after it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect, HttpResponseLocation, trigger_client_event
from django_htmx.middleware import HtmxDetails

from accounts.models import Installation, Technician
from chat import actions
from chat.models import ChatSession
from chat.viewers import at_desk

TOO_LATE = 409


class DeskRequest(HttpRequest):
    """A request that SignInRequiredMiddleware has let through."""

    user: Technician
    htmx: HtmxDetails
    installation: Installation


def find_chat(request: DeskRequest, pk: int, now: datetime) -> ChatSession:
    """The chat as it stands at this moment; 404 when this technician may not see it."""
    chats = ChatSession.objects.visible_to(at_desk(request.user)).filter(pk=pk)
    actions.settle(chats, now)
    return get_object_or_404(chats.shown())


def go_to(request: DeskRequest, chat: ChatSession) -> HttpResponse:
    """Open a chat: in the console or in its ticket where that is on the screen, else as a page of its own."""
    address = reverse("chat:chat", args=[chat.pk])
    if not request.htmx:
        return redirect(address)
    page = request.htmx.current_url_abs_path or ""
    if page.startswith(reverse("chat:console")):
        return look_again(HttpResponseLocation(address, target="#main", swap="outerHTML"))
    if chat.ticket and page.startswith(reverse("tickets:ticket", args=[chat.ticket.number])):
        # S12: the chat goes on right there.
        return trigger_client_event(HttpResponse(status=204), "hd:goes-on", {"chat": chat.pk})
    return HttpResponseClientRedirect(address)


def done(request: DeskRequest, chat: ChatSession) -> HttpResponse:
    """It happened: the page looks again; without a script the chat is shown."""
    return look_again(HttpResponse(status=204)) if request.htmx else go_to(request, chat)


def too_late(request: DeskRequest, standing: str) -> HttpResponse:
    """409: somebody or the clock was first. Says how it stands, and has the lists looked at again."""
    if not request.htmx:
        return render(request, "chat/late.html", {"standing": standing}, status=TOO_LATE)
    response = render(request, "chat/_notice.html", {"standing": standing}, status=TOO_LATE)
    response["HX-Retarget"] = "#notices"
    response["HX-Reswap"] = "beforeend"
    return look_again(response)


def look_again(response: HttpResponse) -> HttpResponse:
    """Have the page fetch its list and its ring cards anew."""
    return trigger_client_event(response, "hd:look", {})
