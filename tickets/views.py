"""What a technician opens and does about tickets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.middleware import HtmxDetails

from accounts.models import Technician
from tickets import actions
from tickets.forms import StatusForm, TitleForm
from tickets.models import Ticket


class DeskRequest(HttpRequest):
    """A request that the sign-in has let through."""

    user: Technician
    htmx: HtmxDetails


@require_GET
def tickets(request: DeskRequest) -> HttpResponse:
    return render(request, "tickets/tickets.html", {"tickets": Ticket.objects.shown()[:50]})


@require_GET
def new(request: DeskRequest) -> HttpResponse:
    return render(request, "tickets/tickets.html", {"tickets": Ticket.objects.shown()[:50]})


@require_GET
def ticket(request: DeskRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Ticket.objects.shown(), number=number)
    return render(request, "tickets/ticket.html", {"ticket": found})


@require_POST
def rename(request: DeskRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Ticket, number=number)
    form = TitleForm(request.POST)
    if form.is_valid():
        actions.rename_ticket(found, form.cleaned_data["title"], by=request.user, now=timezone.now())
    return redirect("tickets:ticket", number)


@require_POST
def status(request: DeskRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Ticket, number=number)
    form = StatusForm(request.POST)
    if form.is_valid():
        actions.set_status(found, form.cleaned_data["status"], by=request.user, now=timezone.now())
    return redirect("tickets:ticket", number)


@require_POST
def take(request: DeskRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Ticket, number=number)
    actions.set_assignee(found, request.user, by=request.user, now=timezone.now())
    return redirect("tickets:ticket", number)
