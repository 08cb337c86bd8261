"""What a log line may say: never what people wrote, nor a secret, whoever writes the line.

Values in a line are trusted in our own rooms only. Of anybody else's line the fixed text is kept: a library names what
it was working on, and that is addresses with launch links, names of files, or the row that a database refused. Of an
error its type and its way through the code are kept; what it says in words only where words cannot hold such a thing.
"""

import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from http.client import responses
from types import TracebackType
from typing import Any

ROOMS = {"accounts", "devices", "tickets", "chat", "helpdesk"}
LEFT_OUT = "…"
MOST_CHARS = 300
MOST_FRAMES = 40
# Their words are about the code or the way to a server. Errors that are made from what came in are not among them.
# By name, because no process needs all of these libraries.
PLAIN_ERRORS = {
    "builtins.AttributeError",
    "builtins.ImportError",
    "builtins.NameError",
    "django.core.exceptions.ImproperlyConfigured",
    "django.db.utils.OperationalError",
    "psycopg.OperationalError",
    "redis.exceptions.ConnectionError",
    "redis.exceptions.TimeoutError",
}

ErrorInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def words(record: logging.LogRecord, args: Any) -> str:
    """The sentence of a line, with `args` filled in as far as they may be read."""
    if hasattr(record, "request") and isinstance(status := getattr(record, "status_code", None), int):
        # Django's lines about an answer hold the address that was asked for.
        return f"{status} {responses.get(status, LEFT_OUT)}"
    is_ours = record.name.partition(".")[0] in ROOMS
    text = str(record.msg)
    if record.name == "py.warnings":
        # A file, a line, a kind; then words that may name what the warning is about.
        text = ":".join(text.split(":")[:3])
    if not is_ours:
        text = text.partition("\n")[0]
    try:
        return _filled(text, args, is_ours)[:MOST_CHARS]
    except (TypeError, ValueError, KeyError):
        return text[:MOST_CHARS]


def _filled(text: str, args: Any, is_ours: bool) -> str:
    if not args:
        return text
    if isinstance(args, Mapping):
        return text % {name: _value(value, is_ours) for name, value in args.items()}
    return text % tuple(_value(value, is_ours) for value in args)


def _value(value: Any, is_ours: bool) -> Any:
    if isinstance(value, BaseException):
        return _Named(error(value))
    if value is None or isinstance(value, bool | int | float):
        return value
    return value if is_ours else _Named(LEFT_OUT)


class _Named(str):
    """Reads the same for %s and %r."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def error(problem: BaseException) -> str:
    """The type of an error, and what else is good to know and holds nobody's words."""
    name = _name(type(problem)).removeprefix("builtins.")
    return ": ".join([name, *_details(problem)])


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _details(problem: BaseException) -> Iterator[str]:
    if any(_name(kind) in PLAIN_ERRORS for kind in type(problem).__mro__):
        yield str(problem).partition("\n")[0][:MOST_CHARS]
    elif isinstance(problem, OSError) and problem.strerror:
        yield problem.strerror
    # The driver knows which rule was broken; the row that broke it, it would tell too.
    driver = problem.__cause__ or problem
    if code := getattr(driver, "sqlstate", None) or getattr(driver, "sqlite_errorname", None):
        yield str(code)
    if constraint := getattr(getattr(driver, "diag", None), "constraint_name", None):
        yield str(constraint)


def trace(info: ErrorInfo) -> str:
    """The way of an error through the code, as Python prints it, the first cause first."""
    parts = [_way(problem, way) for problem, way in _chain(info)]
    return "\n\nwhich led to\n\n".join(reversed(parts))


def _chain(info: ErrorInfo) -> Iterator[tuple[BaseException, TracebackType | None]]:
    _, problem, way = info
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        yield problem, way
        problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
        way = problem.__traceback__ if problem else None


def _way(problem: BaseException, way: TracebackType | None) -> str:
    frames = traceback.StackSummary.extract(traceback.walk_tb(way), limit=-MOST_FRAMES, capture_locals=False)
    return "Traceback (most recent call last):\n" + "".join(frames.format()) + error(problem)


def info_of(record: logging.LogRecord) -> ErrorInfo | None:
    """The error that a line is about. Daphne writes the printed traceback as the line itself."""
    if record.exc_info and record.exc_info[1]:
        return record.exc_info
    if str(record.msg).startswith("Traceback (") and sys.exc_info()[1]:
        return sys.exc_info()
    return None
