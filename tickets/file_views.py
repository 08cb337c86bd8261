"""The HTTP doors of files for tickets, for both sides alike: announce, send, cancel, get (S19).

Each takes the request, and who sends or which lines may be read; the rooms' own views find that out. A file that is
being sent lives at `address`; it is its sender's alone until a ticket or a reply takes it along.
"""

from collections.abc import Callable
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from tickets.attachments import actions, arrivals
from tickets.attachments.models import Attachment, Uploader, UploadState
from tickets.attachments.serving import serve
from tickets.models import TicketEntry

Address = Callable[[UUID], str]


def announce(request: HttpRequest, by: Uploader, address: Address) -> HttpResponse:
    """{key, name, size}: may this file come? With the leave to send its bytes, or why not."""
    begun = arrivals.begin(request, by=by, now=timezone.now())
    if not isinstance(begun, Attachment):
        return begun
    if begun.state == UploadState.READY:
        # All of it came, and only the answer was lost.
        return _ready(begun)
    return arrivals.go_ahead(begun, address(begun.key))


def upload(request: HttpRequest, by: Uploader, key: UUID) -> HttpResponse:
    """PUT sends the announced bytes, DELETE cancels the file."""
    announced = get_object_or_404(Attachment.objects.of(by), key=key)
    if request.method == "DELETE":
        actions.cancel(announced, by=by, now=timezone.now())
        return HttpResponse(status=204)
    received = arrivals.receive(request, announced, by=by, now=timezone.now())
    return _ready(received) if isinstance(received, Attachment) else received


def _ready(attachment: Attachment) -> JsonResponse:
    return JsonResponse({"ready": attachment.key, "name": attachment.name}, status=201)


def download(request: HttpRequest, entries: QuerySet[TicketEntry], key: UUID) -> HttpResponseBase:
    """One file of these lines; 404 for any other."""
    return serve(request, get_object_or_404(Attachment.objects.readable(), key=key, entry__in=entries))
