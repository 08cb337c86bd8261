"""What the pages of lower rooms show of tickets: they fetch it by its address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.models import Contact
from devices.models import Device
from tickets.models import Ticket

RECENT = 5


@require_GET
def of_device(request: HttpRequest, pk: int) -> HttpResponse:
    """The tickets of a device that were touched last."""
    device = get_object_or_404(Device, pk=pk)
    recent = Ticket.objects.shown().filter(device=device)[:RECENT]
    return render(request, "tickets/recent.html", {"tickets": recent, "place": "device-tickets"})


@require_GET
def of_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """The tickets of a contact that were touched last."""
    contact = get_object_or_404(Contact, pk=pk)
    recent = Ticket.objects.shown().of_contact(contact)[:RECENT]
    return render(request, "tickets/recent.html", {"tickets": recent, "place": "contact-tickets"})
