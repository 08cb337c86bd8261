"""What machines ask: does the process answer, can it take work, what has it counted. Answered before Django is.

These need no sign-in and no known host name, write no line, and are not counted as requests of people.
"""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from threading import Event
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from chat.sockets import in_db
from helpdesk import metrics
from helpdesk.celery import app
from helpdesk.env import is_loopback
from helpdesk.static import Application, Receive, Scope, Send

WITHIN_S = 1.0
# Four questions of a second each at the most (metrics.standing), and a connection to ask them.
METRICS_WITHIN_S = 5.0
PLAIN = "text/plain; charset=utf-8"
# Who is asked through a proxy is not asked by this machine, wherever the proxy runs.
THROUGH_A_PROXY = (b"x-forwarded-for", b"x-real-ip", b"forwarded", b"via")

# Set when the process was told to end.
ending = Event()

# What stays true once it was.
_known = SimpleNamespace(is_migrated=False, has_reached_redis=False)

T = TypeVar("T")
Answer = tuple[int, str, bytes]


class Look(Generic[T]):
    """One question at a time, however many ask, and nobody waits for it longer than they can."""

    def __init__(self, look: Callable[[], Coroutine[Any, Any, T]], within_s: float) -> None:
        self.look = look
        self.within_s = within_s
        self.running: asyncio.Task[T] | None = None

    async def ask(self) -> T:
        """Raises TimeoutError, and what the look raises."""
        if self.running is None or self.running.done():
            self.running = asyncio.create_task(self.look())
            # Nobody may be there any more to hear of its error.
            self.running.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        await asyncio.wait({self.running}, timeout=self.within_s)
        if not self.running.done():
            raise TimeoutError
        return self.running.result()


class Probes:
    """The three addresses, before `pages`: an ASGI application."""

    def __init__(self, pages: Application) -> None:
        self.pages = pages
        self.database = Look(partial(in_db, lacking), WITHIN_S)
        # Of its own: one that hangs is not to be taken for the database.
        self.redis = Look(partial(asyncio.to_thread, reaches_redis), WITHIN_S)
        self.standing = Look(partial(in_db, metrics.standing), METRICS_WITHIN_S)
        self.answers = {"/healthz": self.healthz, "/readyz": self.readyz, "/metrics": self.metrics}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.answers.get(scope.get("path", "")) if scope["type"] == "http" else None
        if answer is None or (answer == self.metrics and not may_read_metrics(scope)):
            # To whom it is not shown it is an address like any unknown one.
            await self.pages(scope, receive, send)
        elif scope["method"] not in {"GET", "HEAD"}:
            await _send(send, scope, (405, PLAIN, b""), (b"allow", b"GET, HEAD"))
        else:
            await _send(send, scope, await answer())

    async def healthz(self) -> Answer:
        """The loop of this process turns; nothing else is asked."""
        return 200, PLAIN, b"ok\n"

    async def readyz(self) -> Answer:
        """Whether a balancer may send somebody here."""
        if ending.is_set():
            return 503, PLAIN, b"ending\n"
        missing = await self.missing()
        return (503, PLAIN, f"lacks {missing}\n".encode()) if missing else (200, PLAIN, b"ready\n")

    async def missing(self) -> str:
        """What this process needs and has not, in a word; nothing when it can work."""
        try:
            if what := await self.database.ask():
                return what
        except Exception:
            return "database"
        try:
            return "" if await self.redis.ask() else "redis"
        except TimeoutError:
            return "redis"

    async def metrics(self) -> Answer:
        """What was counted is told without the database too: that is when it is looked for."""
        try:
            standing, is_up = await self.standing.ask(), b"1"
        except Exception:
            standing, is_up = b"", b"0"
        up = b"# TYPE helpdesk_database_up gauge\nhelpdesk_database_up %s\n" % is_up
        return 200, CONTENT_TYPE_PLAIN_0_0_4, metrics.counted() + up + standing


async def _send(send: Send, scope: Scope, answer: Answer, *more: tuple[bytes, bytes]) -> None:
    status, content_type, body = answer
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    headers += [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def may_read_metrics(scope: Scope) -> bool:
    """This machine may, when it asks this process itself; and whoever brings METRICS_TOKEN."""
    headers = dict(scope["headers"])
    if settings.METRICS_TOKEN:
        brought = headers.get(b"authorization", b"")
        if constant_time_compare(brought, f"Bearer {settings.METRICS_TOKEN}".encode()):
            return True
    host = (scope.get("client") or [""])[0]
    return is_loopback(host) and not any(name in headers for name in THROUGH_A_PROXY)


def lacking() -> str:
    """What is missing of the database, in a word; nothing when it can be worked with. Raises what it raises."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "" if _is_migrated() else "migrations"


def _is_migrated() -> bool:
    """Whether the database has every migration of this code; later ones of newer code do no harm."""
    if not _known.is_migrated:
        executor = MigrationExecutor(connection)
        _known.is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _known.is_migrated


def reaches_redis() -> bool:
    """Asked until it was reached once: a server with the wrong address is not ready.

    A Redis that goes away later makes pages slower, not wrong: to call every process unready would be the outage.
    """
    if settings.REDIS_URL and not _known.has_reached_redis:
        try:
            waits = {"socket_timeout": WITHIN_S, "socket_connect_timeout": WITHIN_S}
            with app.connection_for_write(settings.REDIS_URL, transport_options=waits) as broker:
                broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
        except Exception:
            return False
        _known.has_reached_redis = True
    return True
