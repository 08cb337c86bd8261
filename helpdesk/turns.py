"""How many requests of pages are worked on at once; the others wait, in the order in which they came.

Every page that has lost its socket asks over HTTP until it has one again. Worked on all at once, two hundred of them
take every connection to the database, and the processor, from the sockets that would end the asking.
"""

import asyncio
import io
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.template.loader import get_template
from django.utils import translation
from prometheus_client import Counter, Histogram

from helpdesk.static import Application, Receive, Scope, Send

# Longer than a request waits for the database: while that is away, each turn takes so long.
WAIT_AT_MOST_S = 8.0
RETRY_AFTER_S = 3

WAITED = Histogram(
    "helpdesk_turn_wait_seconds",
    "How long a request of a page waited for its turn",
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, WAIT_AT_MOST_S),
)
TURNED_AWAY = Counter("helpdesk_turned_away", "Requests of pages whose turn did not come in time, answered with 503")


class Turns:
    """Each request has its turn until its answer begins: what is sent slowly keeps nobody waiting."""

    def __init__(self, pages: Application, *, at_once: int, wait_at_most_s: float = WAIT_AT_MOST_S) -> None:
        self._pages = pages
        self._turns = asyncio.Semaphore(at_once)
        self._wait_at_most_s = wait_at_most_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._wait_at_most_s):
                await self._turns.acquire()
        except TimeoutError:
            TURNED_AWAY.inc()
            await _turn_away(scope, send)
            return
        WAITED.observe(asyncio.get_running_loop().time() - began)
        await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        with ExitStack() as turn:
            turn.callback(self._turns.release)

            async def sent(message: Mapping[str, Any]) -> None:
                turn.close()
                await send(message)

            await self._pages(scope, receive, sent)


async def _turn_away(scope: Scope, send: Send) -> None:
    request = ASGIRequest(scope, io.BytesIO())
    body = _words(translation.get_language_from_request(request))
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"retry-after", str(RETRY_AFTER_S).encode()),
        (b"content-security-policy", b"default-src 'self'"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


@cache
def _words(language: str) -> bytes:
    with translation.override(language):
        return get_template("503.html").render().encode()
