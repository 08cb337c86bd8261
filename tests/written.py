"""What was written down while a test ran: the log lines as a collector gets them, every one of them."""

import json
import logging
from contextlib import contextmanager
from io import StringIO

from structlog.contextvars import clear_contextvars

from helpdesk.logs import formatter


class Written:
    """`written.text` is all of it; `written.lines` are the lines as they were meant."""

    def __init__(self):
        self.stream = StringIO()

    @property
    def text(self):
        return self.stream.getvalue()

    @property
    def lines(self):
        return [json.loads(line) for line in self.text.splitlines()]

    def by(self, logger):
        return [line for line in self.lines if line["logger"] == logger]


@contextmanager
def everything_written(form="json", level=logging.DEBUG):
    """Write every line of every library, as LOG_LEVEL=DEBUG does."""
    # What an earlier test left on this thread: a server has a context for each request.
    clear_contextvars()
    written = Written()
    handler = logging.StreamHandler(written.stream)
    handler.setFormatter(formatter(form))
    quiet = [logging.getLogger(name) for name in ("", "django", "django.request", "django.security.csrf")]
    before = [logger.level for logger in quiet]
    quiet[0].addHandler(handler)
    for logger in quiet:
        logger.setLevel(level)
    try:
        yield written
    finally:
        quiet[0].removeHandler(handler)
        for logger, was in zip(quiet, before, strict=True):
            logger.setLevel(was)
