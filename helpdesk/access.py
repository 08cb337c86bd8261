"""What is written down of each request: an id on every line about it, one line when wanted, and the counts.

Of an address only its pattern is told, `agent/tickets/<int:number>/`: what stands in its place may be a secret.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram
from structlog.contextvars import bind_contextvars, clear_contextvars

REQUEST_ID = "X-Request-ID"
SENSIBLE = re.compile(r"[A-Za-z0-9_-]{8,64}")
# What an address names that every line about it should name too.
SUBJECT = re.compile(r"(chat|device|ticket)s/<int:(\w+)>")

ANSWERED = Counter("helpdesk_http_requests", "Answered requests of pages, by class of status", ["status"])
TOOK = Histogram(
    "helpdesk_http_request_seconds",
    "From a request to the beginning of its answer",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
for _status in ("2xx", "3xx", "4xx", "5xx"):
    ANSWERED.labels(_status)

log = logging.getLogger(__name__)


def request_id(brought: str) -> str:
    """The id that our own proxy gave, else a new one: a stranger shall not choose what our lines are found by."""
    if settings.PROXY_COUNT and SENSIBLE.fullmatch(brought):
        return brought
    return secrets.token_hex(8)


class AccessMiddleware:
    """Comes first, and so sees every answer, those to errors too.

    What it binds stays until the next request: Django itself writes lines about an answer that has passed here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        clear_contextvars()
        bind_contextvars(request_id=(name := request_id(request.headers.get(REQUEST_ID, ""))))
        response = self.get_response(request)
        response.headers[REQUEST_ID] = name
        _write_down(str(request.method), response.status_code, time.perf_counter() - began)
        return response

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, named: Mapping[str, Any]) -> None:
        """Who asks, where somebody has looked already, and about what."""
        if known := getattr(getattr(request, "_cached_user", None), "pk", None):
            bind_contextvars(technician=known)
        if request.resolver_match:
            route = request.resolver_match.route
            bind_contextvars(path=f"/{route}", **{subject: named[name] for subject, name in SUBJECT.findall(route)})


def _write_down(method: str, status: int, seconds: float) -> None:
    ANSWERED.labels(f"{status // 100}xx").inc()
    TOOK.observe(seconds)
    log.info("Answered", extra={"method": method, "status": status, "ms": round(seconds * 1000, 1)})


def named(application: Any) -> Any:
    """Sockets, each with an id on every line about it, as a request has one."""

    async def opened(scope: Any, receive: Any, send: Any) -> Any:
        brought = dict(scope["headers"]).get(REQUEST_ID.lower().encode(), b"")
        clear_contextvars()
        bind_contextvars(request_id=request_id(brought.decode("latin1")))
        return await application(scope, receive, send)

    return opened
