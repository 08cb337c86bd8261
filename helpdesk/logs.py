"""How a log line looks: JSON for a collector in production, a line for a person otherwise.

Whose request it was stands on every line: `bind_contextvars` of structlog puts it there, in the middleware, in the base
of the sockets and before each task. Code writes with `logging.getLogger(__name__)`, as everywhere.
"""

import logging
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.db import DatabaseError, InterfaceError
from prometheus_client import Counter, disable_created_metrics
from structlog.contextvars import get_contextvars
from structlog.processors import JSONRenderer
from structlog.stdlib import ProcessorFormatter

from helpdesk import discreet

JSON, LINES = "json", "lines"
# What a line may bring along by `extra=`.
EXTRA = ("method", "status", "ms")

WRITTEN = Counter("helpdesk_log_lines", "Log lines of warnings and worse", ["level"])
DATABASE_ERRORS = Counter("helpdesk_database_errors", "Errors of the database that nothing could be made of")
for _level in ("warning", "error", "critical"):
    WRITTEN.labels(_level)
disable_created_metrics()

log = logging.getLogger(__name__)


class CountLines(logging.Filter):
    """Lets every line pass. Whatever fails is written exactly once, so here it is counted, wherever it happened."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING:
            WRITTEN.labels(record.levelname.lower()).inc()
        if record.exc_info and isinstance(record.exc_info[1], DatabaseError | InterfaceError):
            DATABASE_ERRORS.inc()
        return True


def formatter(form: str) -> logging.Formatter:
    """What the settings name as the formatter: `form` is "json" or "lines"."""
    last = JSONRenderer(default=_type_name, ensure_ascii=False) if form == JSON else _as_line
    return ProcessorFormatter(processors=[_facts, last], use_get_message=False, pass_foreign_args=True)


def _facts(_logger: Any, _level: str, event: Any) -> dict[str, Any]:
    """Everything that a line tells, in the order in which it is read."""
    record: logging.LogRecord = event["_record"]
    info = discreet.info_of(record) or event.get("exc_info")
    told = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": discreet.words(record, event.get("positional_args")),
    }
    told |= get_contextvars()
    told |= {name: value for name in EXTRA if (value := getattr(record, name, None)) is not None}
    return told | ({"exception": discreet.trace(info)} if info else {})


def _as_line(_logger: Any, _level: str, told: Any) -> str:
    first = f"{told.pop('time')} {told.pop('level').upper()} {told.pop('logger')}: {told.pop('event')}"
    way = told.pop("exception", "")
    about = " ".join([first, *(f"{name}={value}" for name, value in told.items())])
    return f"{about}\n{way}" if way else about


def _type_name(value: Any) -> str:
    return f"<{type(value).__name__}>"


def report_crashes() -> None:
    """Have what ends the process or a thread of it written like any other error, and Python's warnings as lines too."""
    logging.captureWarnings(True)
    sys.excepthook = _report
    threading.excepthook = lambda died: _report(died.exc_type, died.exc_value, died.exc_traceback)


def _report(kind: type[BaseException], problem: BaseException | None, way: TracebackType | None) -> None:
    if problem is None or issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, problem or kind(), way)
    else:
        log.critical("Ended by an error", exc_info=(kind, problem, way))
