"""What Prometheus reads: what this process counted, and how the data stands, asked when it is read.

What is counted is declared where it happens. How the data stands is the same from every process: take max() of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Gauge, generate_latest

from accounts.models import Mail
from chat.models import ChatSession, Sweep
from chat.states import OPEN_STATES

# A database that is busy is not made busier by being looked at.
EACH_WITHIN_MS = 1000

Figures = CollectorRegistry


def counted() -> bytes:
    """What this process counted since it began, and what it holds."""
    figures = Figures()
    _connections(figures)
    return generate_latest(REGISTRY) + generate_latest(figures)


def _connections(figures: Figures) -> None:
    """Those to PostgreSQL; SQLite has no pool."""
    pool = getattr(connection, "pool", None)
    if pool is None:
        return
    counts = pool.get_stats()
    by_use = Gauge("helpdesk_database_connections", "Connections of the pool by use", ["use"], registry=figures)
    free = counts.get("pool_available", 0)
    by_use.labels("taken").set(counts.get("pool_size", 0) - free)
    by_use.labels("free").set(free)


def standing() -> bytes:
    """How the data stands now. Raises what the database raises; asks nothing that grows with the years."""
    figures, now = Figures(), timezone.now()
    with _bounded():
        _chats(figures, now)
        _mail(figures, now)
        _sweep(figures, now)
    return generate_latest(figures)


@contextmanager
def _bounded() -> Iterator[None]:
    if connection.vendor != "postgresql":
        # A transaction would take the write lock.
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {EACH_WITHIN_MS}")
        yield


def _chats(figures: Figures, now: datetime) -> None:
    chats = Gauge("helpdesk_chats", "Open chats by state", ["state"], registry=figures)
    counts = dict(ChatSession.objects.open().order_by().values_list("state").annotate(Count("pk")))
    for state in sorted(OPEN_STATES):
        chats.labels(state).set(counts.get(state, 0))
    oldest = Gauge("helpdesk_oldest_request_seconds", "Age of the request that waits longest", registry=figures)
    oldest.set(_age(ChatSession.objects.waiting(now).aggregate(at=Min("requested_at"))["at"], now))


def _mail(figures: Figures, now: datetime) -> None:
    found = Mail.objects.waiting().aggregate(count=Count("pk"), at=Min("created_at"))
    Gauge("helpdesk_mail_waiting", "Mails that are still to be sent", registry=figures).set(found["count"])
    Gauge("helpdesk_mail_oldest_seconds", "Age of the oldest of them", registry=figures).set(_age(found["at"], now))


def _sweep(figures: Figures, now: datetime) -> None:
    last = Sweep.objects.values_list("ended_at", flat=True).first()
    age = Gauge("helpdesk_sweep_age_seconds", "Since a sweep came to its end; +Inf before the first", registry=figures)
    age.set(_age(last, now) if last else float("inf"))


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0
