"""What belongs to no room: the mail of the demonstration, and what went wrong."""

import sys

from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults
from django.views.decorators.http import require_GET

from helpdesk.outbox import letters

RETRY_AFTER_S = 5
# PostgreSQL's word for who said nothing for too long in the middle of a change.
HUNG = "25P03"


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The mails that were written to files. Only in the demonstration: they hold tokens that are not the reader's."""
    if not settings.DEMO:
        raise Http404
    return render(request, "helpdesk/outbox.html", {"letters": letters()})


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to an error that nobody caught: 503 while the database is away, so that whoever asks asks again."""
    response = defaults.server_error(request)
    if _is_away(sys.exc_info()[1]):
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _is_away(error: BaseException | None) -> bool:
    """Whether the database did not answer, or has undone what took too long (decision 19)."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", "") == HUNG
    return isinstance(error, OperationalError | InterfaceError)
