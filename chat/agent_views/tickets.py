"""*Create new ticket*, *My tickets* and one of them, to read and to reply in."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Contact
from chat import actions, live
from chat.agent_access import PageRequest, for_page
from chat.agent_forms import StrangerTicketForm, TicketForm
from chat.agent_tickets import Letter, TooManyReplies, TooManyTickets, leave_reply, leave_ticket
from chat.agent_views.screens import find_chat, open_chat, show, show_gone
from chat.models import ChatSession
from chat.viewers import uploader_of
from tickets.actions import TicketClosed
from tickets.attachments.enclosed import Enclosed, enclosed
from tickets.forms import ReplyForm, say_what_is_gone
from tickets.models import Ticket
from tickets.refusals import Refused

A_PAGE = 25
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
    """`?known=` is how it stood when the page last asked; while it does, the answer is empty."""
    found = _find(request, number)
    if found is None:
        return show_gone(request)
    if "known" not in request.GET:
        return show_ticket(request, found)
    return HttpResponse(status=204) if request.GET["known"] == _known(found) else _show_entries(request, found)


def _known(found: Ticket) -> str:
    """What changes with everything that is written in a ticket."""
    return f"{found.updated_at.timestamp():.6f}"


def _show_entries(request: PageRequest, found: Ticket) -> HttpResponse:
    return render(request, "agent/_entries.html", _entries(found))


def _entries(found: Ticket) -> dict[str, Any]:
    return {"ticket": found, "entries": found.entries.public().shown(), "known": _known(found)}


def _find(request: PageRequest, number: int) -> Ticket | None:
    return Ticket.objects.of_contact(request.page.device.contact).shown().filter(number=number).first()


@require_POST
@for_page
def reply(request: PageRequest, number: int) -> HttpResponse:
    """*Send*: what the contact has to add to one of the own tickets."""
    found, contact = _find(request, number), request.page.device.contact
    if found is None or contact is None:
        return show_gone(request)
    form = ReplyForm(request.POST, enclosed=_enclosed(request))
    if not _is_left(form, found, contact):
        return show_ticket(request, found, form=form, status=422)
    found.refresh_from_db()
    return show_ticket(request, found, is_replied=True) if request.htmx else redirect(_address(found))


def _is_left(form: ReplyForm, found: Ticket, contact: Contact) -> bool:
    """Whether the reply is in the ticket now; if not, the form says why."""
    if not form.is_valid():
        return False
    try:
        leave_reply(found, form, by=contact, now=timezone.now())
    except Refused:
        say_what_is_gone(form)
    except TicketClosed:
        form.add_error(None, _("This ticket was closed meanwhile. You can create a new one."))
    except TooManyReplies:
        form.add_error(None, _("That was a lot in a short time. Try again in an hour. Your words stay here."))
    else:
        return True
    return False


def _enclosed(request: PageRequest) -> Enclosed:
    return enclosed(request.POST.getlist("file"), uploader_of(request.viewer))


@require_http_methods(["GET", "POST"])
@for_page
def new_ticket(request: PageRequest) -> HttpResponse:
    """*Create new ticket*; `?chat=` brings what was written when nobody could answer (P2a)."""
    if request.method == "GET":
        chat = request.GET.get("chat", "")
        return show_new_ticket(request, int(chat) if chat.isdecimal() and len(chat) < 10 else None)
    now = timezone.now()
    form = _form(request)(request.POST, enclosed=_enclosed(request))
    left = _leave(request, form, now)
    if left is None:
        return _show_form(request, form, status=422)
    if left.contact_id is None:
        return show(request, "created", {"ticket": left}, address=reverse("agent:home"))
    if not request.htmx:
        return redirect(_address(left) + "?new=1")
    return show_ticket(request, left, is_new=True)


def _leave(request: PageRequest, form: TicketForm, now: datetime) -> Ticket | None:
    """The ticket; or None, and the form says why there is none."""
    if not form.is_valid():
        return None
    try:
        return leave_ticket(request.page, Letter(**form.cleaned_data, enclosed=form.enclosed), now)
    except Refused:
        say_what_is_gone(form)
    except TooManyTickets:
        form.add_error(
            None, _("That was a lot of tickets in a short time. Try again in an hour. Your words stay here.")
        )
    return None


def show_new_ticket(request: PageRequest, chat_id: int | None = None) -> HttpResponse:
    """The empty form, with the words of a chat that did not come about."""
    chat = find_chat(request, chat_id, timezone.now()) if chat_id else None
    about = chat.about if chat else ""
    first_line = about.partition("\n")[0]
    title = first_line if len(first_line) <= MAX_SUGGESTED_CHARS else ""
    initial = {"key": uuid4(), "title": title, "description": about}
    return _show_form(request, _form(request)(initial=initial, enclosed=_enclosed(request)))


def show_ticket(
    request: PageRequest,
    found: Ticket,
    *,
    is_new: bool = False,
    is_replied: bool = False,
    form: ReplyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """One ticket with what the contact may see of it; live while its chat is open."""
    now = timezone.now()
    chats = ChatSession.objects.visible_to(request.viewer).of_ticket(found)
    actions.settle(chats, now)
    needs: dict[str, Any] = {
        **_entries(found),
        "is_new": is_new or "new" in request.GET,
        "is_replied": is_replied,
        "reply": form or ReplyForm(enclosed=_enclosed(request)),
        "open_chat": open_chat(request, now),
        "chats": list(chats.shown()),
        "thread": live.read_thread(chats),
        "viewer_side": request.viewer.side.value,
    }
    return show(request, "ticket", needs, address=_address(found), status=status)


def _form(request: PageRequest) -> type[TicketForm]:
    return TicketForm if request.page.device.contact else StrangerTicketForm


def _show_form(request: PageRequest, form: TicketForm, *, status: int = 200) -> HttpResponse:
    return show(request, "new_ticket", {"form": form}, address=reverse("agent:new_ticket"), status=status)


def _address(found: Ticket) -> str:
    return reverse("agent:ticket", args=[found.number])
