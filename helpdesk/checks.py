"""Mixtures of settings that cannot work. Refused at the start, each with what to do instead."""

import os
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's name
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from helpdesk.env import POSTGRESQL, is_loopback
from tickets.content import library


def check_secret_key(**_kwargs: Any) -> list[CheckMessage]:
    try:
        is_set = bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        is_set = False
    if is_set:
        return []
    return [
        Error(
            "SECRET_KEY is not set.",
            hint="With DATABASE_URL or REDIS_URL, every process needs the same long random SECRET_KEY.",
            id="helpdesk.E001",
        )
    ]


def check_demo_stays_here(**_kwargs: Any) -> list[CheckMessage]:
    if not settings.DEMO or is_loopback(settings.HOST):
        return []
    return [
        Error(
            f"The demonstration, with its known passwords, must not be reachable at HOST={settings.HOST}.",
            hint="Set DEMO=0 for a real installation, or leave HOST at 127.0.0.1.",
            id="helpdesk.E002",
        )
    ]


def check_redis_client(**_kwargs: Any) -> list[CheckMessage]:
    if not settings.REDIS_URL or int(version("redis").split(".")[0]) < 8:
        return []
    return [
        Error(
            "With redis-py 8 every idle WebSocket is closed after five seconds (channels_redis#422).",
            hint="Install redis>=7.1,<8, as the locked requirements do.",
            id="helpdesk.E003",
        )
    ]


def check_one_process(**_kwargs: Any) -> list[CheckMessage]:
    engine = settings.DATABASES["default"]["ENGINE"]
    if settings.REDIS_URL or engine != POSTGRESQL:
        return []
    return [
        Warning(
            "PostgreSQL without Redis works for one server process only.",
            hint="Set REDIS_URL before you start a second one: live events would not reach its pages.",
            id="helpdesk.W001",
        )
    ]


def check_mail_leaves(**_kwargs: Any) -> list[CheckMessage]:
    if settings.DEMO or settings.EMAIL_HOST:
        return []
    return [
        Warning(
            f"Mail is written to files in {settings.OUTBOX_DIR}, and reaches nobody.",
            hint="Set EMAIL_URL, for example submission://user:password@mail.example.com, and MAIL_FROM.",
            id="helpdesk.W002",
        )
    ]


def check_database_log(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Asks the database, and so only where a command says that it may: `migrate`, `check --database default`."""
    if not databases or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('log_min_error_statement'), current_setting('log_error_verbosity')")
        if cursor.fetchone() == ("panic", "terse"):
            return []
    return [
        Warning(
            "PostgreSQL writes what people say into its own log, with each statement that it refuses.",
            hint="Give it deploy/postgresql.conf; docs/operations.md says how.",
            id="helpdesk.W004",
        )
    ]


def check_files_can_be_checked(**_kwargs: Any) -> list[CheckMessage]:
    if library.is_there():
        return []
    return [
        Warning(
            "libmagic is not installed, so no file can be checked and none is taken.",
            hint="Install it: apt install libmagic1, brew install libmagic, apk add libmagic.",
            id="helpdesk.W003",
        )
    ]


def check_files_can_be_kept(**_kwargs: Any) -> list[CheckMessage]:
    """Chats go on without: a disk of files that is away must not keep the rest from starting."""
    return [
        Warning(
            f"{folder} cannot be written, so no file can be taken.",
            hint="Is it mounted? It belongs to the user that Helpdesk runs as.",
            id="helpdesk.W005",
        )
        for folder in (settings.UPLOADS_DIR, settings.FILES_DIR)
        if not _can_be_written(folder)
    ]


def _can_be_written(folder: Path) -> bool:
    """Whether it can be, or can be made."""
    # Path.exists() raises where a folder above may not be entered, or its disk is away.
    nearest = next(path for path in (folder, *folder.parents) if os.path.exists(path))  # noqa: PTH110
    return os.path.isdir(nearest) and os.access(nearest, os.W_OK | os.X_OK)  # noqa: PTH112
