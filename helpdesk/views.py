"""What belongs to no room: the mail of the demonstration, and what went wrong."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults
from django.views.decorators.http import require_GET

from helpdesk.outbox import letters

RETRY_AFTER_S = 5


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The mails that were written to files. Only in the demonstration: they hold tokens that are not the reader's."""
    if not settings.DEMO:
        raise Http404
    return render(request, "helpdesk/outbox.html", {"letters": letters()})


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to an error that nobody caught: 503 while the database is away, so that whoever asks asks again."""
    response = defaults.server_error(request)
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response
