"""What a technician opens and does about tickets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from accounts.fields import focus_first_error
from accounts.models import Contact, Customer, Technician
from accounts.views import ROWS_PER_PAGE, PortalRequest
from devices.models import Device
from tickets import actions, file_views
from tickets.actions import NewTicket
from tickets.attachments.enclosed import enclosed
from tickets.attachments.models import Uploader
from tickets.forms import NewTicketForm, ReplyForm, StatusForm, TitleForm, say_what_is_gone
from tickets.listing import Listing
from tickets.models import EntryKind, Ticket, TicketEntry
from tickets.refusals import Refused


@require_GET
def tickets(request: PortalRequest) -> HttpResponse:
    """The list, as its address asks for it; the unfinished ones when it says nothing."""
    listing = Listing(request.GET, request.user)
    page = Paginator(listing.tickets, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    kept = {"view": listing.view, "sort": listing.sorting.asked}
    context = {"list": listing, "page": page, "q": listing.words, "kept": kept}
    return render(request, "tickets/tickets.html", context)


@require_GET
def ticket(request: PortalRequest, number: int) -> HttpResponse:
    """One ticket; for its page's script the parts of it that change while it is looked at."""
    found = _find(number)
    template = "tickets/_ticket.html" if request.htmx else "tickets/ticket.html"
    return render(request, template, _shown(found, _at_desk(request), timezone.now()))


def _at_desk(request: PortalRequest) -> Uploader:
    return Uploader(technician_id=request.user.pk)


def _find(number: int) -> Ticket:
    return get_object_or_404(Ticket.objects.shown(), number=number)


def _shown(ticket: Ticket, by: Uploader, now: datetime) -> dict[str, object]:
    entries = list(ticket.entries.shown())
    # The chats stand where the first of them came to the ticket; without one, after everything.
    at = next((place for place, entry in enumerate(entries) if entry.kind == EntryKind.CHAT), len(entries))
    device = ticket.device
    return {
        "ticket": ticket,
        "beginning": entries[:at],
        "since": entries[at + 1 :],
        "is_online": device is not None and device.is_online(now),
        "is_page_open": device is not None and device.has_page_open(now),
        "reply": ReplyForm(enclosed=enclosed([], by)),
    }


@require_http_methods(["GET", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """A ticket that a technician writes; `?device=`, `?contact=` and `?customer=` say whom it is for."""
    files = enclosed(request.POST.getlist("file"), _at_desk(request))
    form = NewTicketForm(request.POST if request.method == "POST" else None, enclosed=files, initial=_whom(request.GET))
    if form.is_bound and form.is_valid():
        try:
            return _to(request, _open(form, request, timezone.now()))
        except Refused:
            say_what_is_gone(form)
    focus_first_error(form)
    context = {"form": form, "has_customers": form.has_customer or Customer.objects.exists()}
    return render(request, "tickets/new.html", context, status=422 if form.is_bound else 200)


def _whom(asked: QueryDict) -> dict[str, object]:
    """Whom a new ticket is for, by what the address names; what does not exist counts as not given."""
    if device := Device.objects.filter(pk=_number(asked, "device")).first():
        return {"customer": device.customer_id, "contact": device.contact_id, "device": device.pk}
    if contact := Contact.objects.filter(pk=_number(asked, "contact")).first():
        return {"customer": contact.customer_id, "contact": contact.pk}
    return {"customer": Customer.objects.filter(pk=_number(asked, "customer")).first()}


def _number(asked: QueryDict, name: str) -> int:
    value = str(asked.get(name, ""))
    return int(value[:9]) if value.isdecimal() else 0


def _open(form: NewTicketForm, request: PortalRequest, now: datetime) -> Ticket:
    given = form.cleaned_data
    names = ("customer", "contact", "device", "title", "description", "priority")
    origin = f"technician:{request.user.pk}:{form.digest}"
    asked = NewTicket(**{name: given[name] for name in names}, files=form.enclosed, origin=origin)
    ticket, _is_new = actions.open_ticket(asked, by=request.user, now=now, how="technician")
    return ticket


def _to(request: PortalRequest, ticket: Ticket) -> HttpResponse:
    address = reverse("tickets:ticket", args=[ticket.number])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@require_POST
def rename(request: PortalRequest, number: int) -> HttpResponse:
    """Name a ticket where its name stands; what was typed stays there when it cannot be taken."""
    found = _find(number)
    form = TitleForm(request.POST)
    if form.is_valid():
        actions.rename_ticket(found, form.cleaned_data["title"], by=request.user, now=timezone.now())
    if not request.htmx and form.is_valid():
        return _to(request, found)
    context = {"form": form, "is_saved": form.is_valid()}
    answer = _show_part(request, found, "tickets/_name.html", context, is_done=form.is_valid())
    return _look_again(answer, found) if form.is_valid() else answer


def _show_part(
    request: PortalRequest, found: Ticket, template: str, context: dict[str, Any], *, is_done: bool
) -> HttpResponse:
    """What was sent, by itself where htmx asks for it, else with the page around it."""
    shown = _shown(found, _at_desk(request), timezone.now()) | context
    return render(request, template if request.htmx else "tickets/ticket.html", shown, status=200 if is_done else 422)


@require_POST
def reply(request: PortalRequest, number: int) -> HttpResponse:
    """*Send reply*: to be read by whom the ticket is for, and mailed there (P5)."""
    found = _find(number)
    form = ReplyForm(request.POST, enclosed=enclosed(request.POST.getlist("file"), _at_desk(request)))
    if not _reply(form, found, request.user):
        return _show_part(request, found, "tickets/_reply.html", {"reply": form}, is_done=False)
    if not request.htmx:
        return _to(request, found)
    return _look_again(_show_part(request, found, "tickets/_reply.html", {}, is_done=True), found)


def _reply(form: ReplyForm, found: Ticket, technician: Technician) -> bool:
    """Whether it is in the ticket now; if not, the form says why."""
    if not form.is_valid():
        return False
    words = form.cleaned_data["body"]
    try:
        actions.reply(found, words, files=form.enclosed, by=technician, client_id=form.client_id, now=timezone.now())
    except Refused:
        say_what_is_gone(form)
        return False
    return True


@require_POST
def announce(request: PortalRequest) -> HttpResponse:
    """A file for a ticket or a reply that is being written."""
    return file_views.announce(request, _at_desk(request), lambda key: reverse("tickets:upload", args=[key]))


@require_http_methods(["PUT", "DELETE"])
def upload(request: PortalRequest, key: UUID) -> HttpResponse:
    return file_views.upload(request, _at_desk(request), key)


@require_safe
def file(request: PortalRequest, number: int, key: UUID) -> HttpResponseBase:
    return file_views.download(request, TicketEntry.objects.filter(ticket__number=number), key)


@require_POST
def status(request: PortalRequest, number: int) -> HttpResponse:
    """*Resolve*, *Close*, *Reopen*, and *Pending* while it waits for somebody else."""
    found = _find(number)
    form = StatusForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    actions.set_status(found, form.cleaned_data["status"], by=request.user, now=timezone.now())
    return _done(request, found)


@require_POST
def take(request: PortalRequest, number: int) -> HttpResponse:
    """*Assign to me*."""
    found = _find(number)
    actions.set_assignee(found, request.user, by=request.user, now=timezone.now())
    return _done(request, found)


def _done(request: PortalRequest, ticket: Ticket) -> HttpResponse:
    return _look_again(HttpResponse(status=204), ticket) if request.htmx else _to(request, ticket)


def _look_again(answer: HttpResponse, ticket: Ticket) -> HttpResponse:
    """Have the ticket's page fetch what changed, without waiting for the socket to say so."""
    return trigger_client_event(answer, f"hd:ticket-{ticket.number}", {})
