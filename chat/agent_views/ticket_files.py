"""Files of tickets as whoever sits at this device sends and gets them."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat.agent_access import PageRequest, for_page
from chat.viewers import uploader_of
from tickets import file_views
from tickets.models import Ticket, TicketEntry


def _address(key: UUID) -> str:
    return reverse("agent:upload", args=[key])


@require_POST
@for_page
def announce(request: PageRequest) -> HttpResponse:
    """A file for a ticket or a reply that is being written."""
    return file_views.announce(request, uploader_of(request.viewer), _address)


@require_http_methods(["PUT", "DELETE"])
@for_page
def upload(request: PageRequest, key: UUID) -> HttpResponse:
    return file_views.upload(request, uploader_of(request.viewer), key)


@require_safe
@for_page
def file(request: PageRequest, number: int, key: UUID) -> HttpResponseBase:
    """Of a ticket of the contact who is assigned now, and of no line that is the technicians' own (D13)."""
    own = Ticket.objects.of_contact(request.page.device.contact).filter(number=number)
    return file_views.download(request, TicketEntry.objects.public().filter(ticket__in=own), key)
