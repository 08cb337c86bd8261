"""What belongs to no room: the mail of the demonstration."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from helpdesk.outbox import letters


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The mails that were written to files. Only in the demonstration: they hold tokens that are not the reader's."""
    if not settings.DEMO:
        raise Http404
    return render(request, "helpdesk/outbox.html", {"letters": letters()})
