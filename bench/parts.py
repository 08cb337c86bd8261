"""Which part of a web process a sample of a profile falls into."""

from collections import Counter
from collections.abc import Iterable

# The innermost frame that one of these names decides: Python's own library belongs to whoever called it.
PARTS = (
    ("autobahn/", "frames of WebSockets (autobahn)"),
    ("daphne/", "server (Daphne, Twisted)"),
    ("twisted/", "server (Daphne, Twisted)"),
    ("helpdesk/server.py", "server (Daphne, Twisted)"),
    ("psycopg_pool/", "taking and giving back a connection (pool)"),
    ("psycopg/", "statements to PostgreSQL and back (psycopg)"),
    ("django/db/backends/", "statements to PostgreSQL and back (psycopg)"),
    ("django/db/models/", "building statements and rows (ORM)"),
    ("django/db/", "transactions and connections (Django)"),
    ("channels_redis/", "doorbell through Redis"),
    ("redis/", "doorbell through Redis"),
    ("msgpack/", "doorbell through Redis"),
    ("django/template/", "rendering"),
    ("chat/rendering.py", "rendering"),
    ("chat/templatetags/", "rendering"),
    ("accounts/templatetags/", "rendering"),
    ("asgiref/", "hops between loop and threads (asgiref)"),
    ("concurrent/futures/", "hops between loop and threads (asgiref)"),
    ("channels/", "consumers (Channels)"),
    ("structlog/", "log context"),
    ("accounts/live.py", "doorbell through Redis"),
    ("chat/", "our consumers, facts and frames"),
    ("accounts/", "our consumers, facts and frames"),
    ("devices/", "our consumers, facts and frames"),
    ("tickets/", "our consumers, facts and frames"),
    ("helpdesk/", "our consumers, facts and frames"),
)
# What has neither caller: the event loop's own turns, and threads that wait for work.
ELSE = "event loop and threads (Python)"


def part_of(stack: list[str]) -> str:
    """The part of one sample; its frames stand outermost first."""
    for frame in reversed(stack):
        for piece, part in PARTS:
            if f"({piece}" in frame:
                return part
    return ELSE


def shares(lines: Iterable[str]) -> list[tuple[str, float]]:
    """Each part's share of a profile in py-spy's raw form (`outer;…;inner count`), the largest first."""
    found: Counter[str] = Counter()
    for line in lines:
        frames, _, count = line.rstrip().rpartition(" ")
        found[part_of(frames.split(";"))] += int(count)
    return [(part, count / found.total()) for part, count in found.most_common()]


def below(lines: Iterable[str], names: Iterable[str]) -> list[tuple[str, float]]:
    """The share of the samples that each of these functions has, with all that it called."""
    lines, names = list(lines), list(names)
    found: Counter[str] = Counter()
    total = 0
    for line in lines:
        frames, _, count = line.rstrip().rpartition(" ")
        total += int(count)
        for name in names:
            found[name] += int(count) * (f"{name}:" in frames)
    return [(name, found[name] / total) for name in names]
