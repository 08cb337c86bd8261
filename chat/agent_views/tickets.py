"""*Create new ticket*, *My tickets* and one of them, to read."""

from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chat import actions, live
from chat.agent_access import PageRequest, for_page
from chat.agent_forms import StrangerTicketForm, TicketForm
from chat.agent_tickets import Letter, TooManyTickets, leave_ticket
from chat.agent_views.screens import find_chat, open_chat, show, show_gone
from chat.models import ChatSession
from tickets.models import EntryKind, Ticket

A_PAGE = 25
# What a contact reads of a ticket's line; any other kind is the technicians' own (D13).
PUBLIC = (EntryKind.MESSAGE, EntryKind.STATUS)
MAX_SUGGESTED_CHARS = 80


@require_GET
@for_page
def tickets(request: PageRequest) -> HttpResponse:
    """*My tickets*: those of the contact who is assigned to this device now (D5)."""
    own = Ticket.objects.of_contact(request.page.device.contact).shown()
    page = Paginator(own, A_PAGE).get_page(request.GET.get("page"))
    return show(request, "tickets", {"page": page}, address=request.get_full_path())


@require_GET
@for_page
def ticket(request: PageRequest, number: int) -> HttpResponse:
    found = Ticket.objects.of_contact(request.page.device.contact).shown().filter(number=number).first()
    return show_ticket(request, found) if found else show_gone(request)


@require_http_methods(["GET", "POST"])
@for_page
def new_ticket(request: PageRequest) -> HttpResponse:
    """*Create new ticket*; `?chat=` brings what was written when nobody could answer (P2a)."""
    if request.method == "GET":
        chat = request.GET.get("chat", "")
        return show_new_ticket(request, int(chat) if chat.isdecimal() and len(chat) < 10 else None)
    now = timezone.now()
    form = _form(request)(request.POST)
    if not form.is_valid():
        return _show_form(request, form, status=422)
    try:
        left = leave_ticket(request.page, Letter(**form.cleaned_data), now)
    except TooManyTickets:
        form.add_error(
            None, _("That was a lot of tickets in a short time. Try again in an hour. Your words stay here.")
        )
        return _show_form(request, form, status=422)
    if left.contact_id is None:
        return show(request, "created", {"ticket": left}, address=reverse("agent:home"))
    if not request.htmx:
        return redirect(_address(left) + "?new=1")
    return show_ticket(request, left, is_new=True)


def show_new_ticket(request: PageRequest, chat_id: int | None = None) -> HttpResponse:
    """The empty form, with the words of a chat that did not come about."""
    chat = find_chat(request, chat_id, timezone.now()) if chat_id else None
    about = chat.about if chat else ""
    first_line = about.partition("\n")[0]
    title = first_line if len(first_line) <= MAX_SUGGESTED_CHARS else ""
    initial = {"key": uuid4(), "title": title, "description": about}
    return _show_form(request, _form(request)(initial=initial))


def show_ticket(request: PageRequest, found: Ticket, *, is_new: bool = False) -> HttpResponse:
    """One ticket with what the contact may see of it; live while its chat is open."""
    now = timezone.now()
    chats = ChatSession.objects.visible_to(request.viewer).of_ticket(found)
    actions.settle(chats, now)
    needs: dict[str, Any] = {
        "ticket": found,
        "is_new": is_new or "new" in request.GET,
        "entries": found.entries.filter(kind__in=PUBLIC).select_related("technician", "contact"),
        "open_chat": open_chat(request, now),
        "chats": list(chats.shown()),
        "thread": live.read_thread(chats),
        "viewer_side": request.viewer.side.value,
    }
    return show(request, "ticket", needs, address=_address(found))


def _form(request: PageRequest) -> type[TicketForm]:
    return TicketForm if request.page.device.contact else StrangerTicketForm


def _show_form(request: PageRequest, form: TicketForm, *, status: int = 200) -> HttpResponse:
    return show(request, "new_ticket", {"form": form}, address=reverse("agent:new_ticket"), status=status)


def _address(found: Ticket) -> str:
    return reverse("agent:ticket", args=[found.number])
