"""What runs beside the requests: Celery, and the clock that starts its tasks.

Every task finds its work in the database, so nothing is lost with a message: a beat that was down, a worker that was
killed or a queue that was forgotten only makes it late.
"""

import logging.config
import os
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun
from django.conf import settings
from environs import EnvError
from structlog.contextvars import bind_contextvars, unbind_contextvars

from helpdesk.env import cannot_start
from helpdesk.logs import report_crashes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

SEND_MAIL_EVERY = timedelta(seconds=2)
FORGET_FILES_EVERY = timedelta(minutes=5)
TIDY_EVERY = timedelta(hours=1)

# How it works is told by the settings that begin with CELERY_. They are read when Celery is first used, not here:
# this module is imported with the package, while the settings are still being read.
app = Celery("helpdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_configure.connect
def refuse_bad_settings(**_options: Any) -> None:
    """End a worker or a beat with a sentence, as manage.py does; there the settings were read before."""
    try:
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except EnvError as problem:
        sys.exit(cannot_start(problem))


@setup_logging.connect
def keep_logging(**_options: Any) -> None:
    """Celery's own set-up would write lines in forms of its own. LOG_LEVEL says what is written, as everywhere."""
    logging.config.dictConfig(settings.LOGGING)
    report_crashes()


@task_prerun.connect
def name_lines(task_id: str, task: Any, **_more: Any) -> None:
    bind_contextvars(request_id=task_id, task=task.name)


@task_postrun.connect
def forget_names(**_more: Any) -> None:
    unbind_contextvars("request_id", "task")


@app.on_after_configure.connect
def make_schedule(sender: Celery, **_kwargs: Any) -> None:
    """What is started again and again. What could not start before its next turn is dropped: no backlog piles up."""
    turns = {
        "chat.sweep": settings.CHAT_SWEEP_EVERY,
        "accounts.send_mail": SEND_MAIL_EVERY,
        "devices.forget_pages": TIDY_EVERY,
        "tickets.forget_files": FORGET_FILES_EVERY,
        "helpdesk.tidy": TIDY_EVERY,
    }
    for task, turn in turns.items():
        lasts = max(turn.total_seconds(), 1.0)
        sender.add_periodic_task(turn.total_seconds(), sender.signature(task), name=task, expires=lasts)
