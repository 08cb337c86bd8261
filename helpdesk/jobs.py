"""Celery inside the server's process: its worker and its clock, a thread each."""

import logging
from threading import Thread

from celery import Celery
from celery.beat import Scheduler, Service

CONCURRENCY = 2
STOP_WITHIN_S = 5.0


class Jobs:
    """Started once and stopped once; in between both threads live, or something is wrong."""

    def __init__(self, app: Celery) -> None:
        self._worker = app.WorkController(
            pool_cls="threads", concurrency=CONCURRENCY, hostname="embedded", loglevel=logging.WARNING
        )
        # It sleeps until the next task is due, a second at most: that is how fast it can be stopped. Without a
        # scheduler of its own it would keep a file of what ran when, in the working directory.
        self._beat = Service(app, max_interval=1, scheduler_cls=Scheduler)
        self._threads = [
            Thread(target=self._worker.start, name="Worker", daemon=True),
            Thread(target=self._beat.start, name="Beat", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def died(self) -> str:
        """The name of a thread that ended by itself, or nothing."""
        return next((thread.name for thread in self._threads if not thread.is_alive()), "")

    def stop(self) -> None:
        """Let the tasks that run finish, for some seconds at most: what is cut off here, the next sweep finds."""
        self._beat.stop()
        self._worker.stop()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(STOP_WITHIN_S)
