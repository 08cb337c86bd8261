"""What the pages of lower rooms show of chats: they fetch it by its address."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Contact, Installation
from chat import actions
from chat.models import ChatSession
from chat.opened import Opened
from chat.outcomes import Past, past, summary
from chat.querysets import ChatQuerySet
from chat.readiness import readiness_of
from chat.viewers import at_desk
from chat.views.desk import DeskRequest
from devices.models import Device
from tickets.models import Ticket

RECENT = 5


@require_GET
def of_device(request: DeskRequest, pk: int) -> HttpResponse:
    """Whether one can chat here and why, and the chats there were."""
    device = get_object_or_404(Device.objects.shown(), pk=pk)
    now = timezone.now()
    chats = ChatSession.objects.visible_to(at_desk(request.user)).on_device(device.pk)
    actions.settle(chats, now)
    context = {
        "device": device,
        "readiness": readiness_of(device, Installation.objects.current(), now),
        "pasts": _recent(chats),
        "place": "device-chats",
    }
    return render(request, "chat/of_device.html", context)


@require_GET
def of_contact(request: DeskRequest, pk: int) -> HttpResponse:
    """The chats that there were with a contact, on whatever device."""
    contact = get_object_or_404(Contact, pk=pk)
    chats = ChatSession.objects.visible_to(at_desk(request.user)).with_contact(contact)
    actions.settle(chats, timezone.now())
    return render(request, "chat/_recent.html", {"pasts": _recent(chats), "place": "contact-chats"})


def _recent(chats: ChatQuerySet) -> list[Past]:
    recent: Any = chats.shown().with_message_count().order_by("-requested_at")[:RECENT]
    return [past(chat, chat.messages) for chat in recent]


@require_GET
def of_ticket(request: DeskRequest, number: int) -> HttpResponse:
    """The chats of a ticket in full, as one thread that goes on live."""
    ticket = get_object_or_404(Ticket, number=number)
    now = timezone.now()
    chats = ChatSession.objects.visible_to(at_desk(request.user)).of_ticket(ticket)
    actions.settle(chats, now)
    latest: Any = chats.shown().with_message_count().last()
    context: dict[str, Any] = {"ticket": ticket}
    if latest:
        context |= {"open": Opened(latest, request.user, now), "summary": summary(latest, latest.messages)}
    return render(request, "chat/of_ticket.html", context)
