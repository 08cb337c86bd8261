"""How a setting is read from the environment: typed, and refused with a sentence when it makes no sense."""

import os
import secrets
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from environs import Env, EnvError, EnvValidationError

env = Env()

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"
SHORTEST_SECRET = 16
# A line to PostgreSQL that carries nothing any more is noticed by its end here, within some 20 seconds.
LINE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 20_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}


class BadSetting(EnvValidationError):
    """A setting whose value cannot work. The message is the sentence that is shown."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, [sentence])


def cannot_start(problem: EnvError) -> str:
    """What a program says that a setting keeps from starting."""
    return f"Helpdesk cannot start: {problem}"


def positive(name: str, default: float) -> float:
    """The number in `name`, which must be above zero."""
    number = env.float(name, default)
    if not 0 < number < float("inf"):
        raise BadSetting(f"{name} must be above zero, and is {number:g}.")
    return number


def seconds(name: str, default: float) -> timedelta:
    """The span of time in `name`, given in seconds; fractions are allowed, zero and less are not."""
    try:
        return timedelta(seconds=positive(name, default))
    except OverflowError:
        raise BadSetting(f"{name} is longer than can be counted.") from None


def count(name: str, default: int, *, most: int | None = None) -> int:
    """The whole number in `name`, zero or above, and `most` at the most."""
    number = env.int(name, default)
    if number < 0:
        raise BadSetting(f"{name} must not be below zero, and is {number}.")
    if most is not None and number > most:
        raise BadSetting(f"{name} must not be above {most}, and is {number}.")
    return number


def port(name: str, default: int) -> int:
    """The TCP port in `name`."""
    number = env.int(name, default)
    if not 0 < number < 65536:
        raise BadSetting(f"{name} must be between 1 and 65535, and is {number}.")
    return number


def origin(name: str, default: str) -> str:
    """The web address in `name`: scheme and host, with a port if need be, and nothing after it."""
    address = env.str(name, default).rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise BadSetting(f"{name} must look like https://help.example.com, and is {address!r}.")
    return address


def one_of(name: str, default: str, *others: str) -> str:
    """The word in `name`, one of those that it can be."""
    word = env.str(name, "") or default
    if word not in {default, *others}:
        raise BadSetting(f"{name} must be {' or '.join(sorted([default, *others]))}, and is {word!r}.")
    return word


def long_secret(name: str) -> str:
    """The secret in `name`, or nothing; one that can be guessed is refused."""
    secret = env.str(name, "")
    if secret and len(secret) < SHORTEST_SECRET:
        raise BadSetting(f"{name} must have at least {SHORTEST_SECRET} characters.")
    return secret


def redis(name: str) -> str:
    """The address of Redis in `name`, or nothing."""
    address = env.str(name, "")
    try:
        parts = urlsplit(address)
        # A password with a slash in it ends up here, and is no number.
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if address and parts.scheme not in {"redis", "rediss", "unix"}:
        # Without what it is: there may be a password in it.
        raise BadSetting(f"{name} must look like redis://:password@redis.example.com:6379/0.")
    return address


def mail_server(name: str) -> dict[str, Any]:
    """Django's settings of the mail server in `name`; without one, none of them has a value."""
    address = env.str(name, "")
    try:
        settings = dict(env.dj_email_url(name, ""))
    except ValueError:
        settings = {}
    if address and not (settings.get("EMAIL_HOST") and urlsplit(address).scheme in {"smtp", "submission"}):
        raise BadSetting(f"{name} must look like submission://user:password@mail.example.com or smtp://mail:25.")
    return settings


def time_zone(name: str, default: str) -> str:
    """The name of the time zone in `name`, one that this machine knows."""
    zone = env.str(name, default)
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        raise BadSetting(f"{name} must be the name of a time zone, such as Europe/Madrid, and is {zone!r}.") from None
    return zone


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def bracketed(host: str) -> str:
    """`host` as it stands in a web address: an IPv6 address wants brackets."""
    return f"[{host}]" if ":" in host else host


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's settings of the database at `url`, or of the SQLite file in `data_dir` when there is none."""
    if not url:
        return _sqlite({"ENGINE": SQLITE, "NAME": data_dir / "helpdesk.sqlite3"}, data_dir)
    settings: dict[str, Any] = dict(env.dj_db_url("DATABASE_URL"))
    if settings["ENGINE"] == SQLITE:
        return _sqlite(settings, data_dir)
    if settings["ENGINE"] == POSTGRESQL:
        return _postgresql(settings)
    raise BadSetting("DATABASE_URL must name PostgreSQL (postgresql://…) or SQLite (sqlite:///…).")


def _sqlite(settings: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    """SQLite as several threads need it: readers beside one writer, and a writer that waits for its turn.

    The test database is a file, because Django's default (shared memory) locks whole tables between threads.
    """
    options = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }
    return settings | {"OPTIONS": options, "TEST": {"NAME": str(data_dir / "test.sqlite3")}}


def _postgresql(settings: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL through Django's pool: under ASGI a kept connection (CONN_MAX_AGE) would leak one per thread."""
    pool = {
        "min_size": count("DATABASE_POOL_MIN", 1),
        "max_size": count("DATABASE_POOL_MAX", 20),
        "timeout": positive("DATABASE_POOL_WAIT_S", 5),
    }
    if not pool["max_size"] or pool["min_size"] > pool["max_size"]:
        raise BadSetting("DATABASE_POOL_MAX must be above zero, and not below DATABASE_POOL_MIN.")
    # What the address says itself is meant.
    options = LINE | {"options": _limits()} | settings.get("OPTIONS", {}) | {"pool": pool}
    return settings | {"OPTIONS": options, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


def _limits() -> str:
    """What PostgreSQL does not wait for, as words of its command line.

    A process that hangs in the middle of a transaction, or whose machine is gone, would keep its rows from all others.
    """
    statement = count("DATABASE_STATEMENT_TIMEOUT_S", 30) * 1000
    limits = {"statement_timeout": statement, "lock_timeout": 15_000, "idle_in_transaction_session_timeout": 10_000}
    return " ".join(f"-c {name}={milliseconds}" for name, milliseconds in limits.items())


def kept_secret(path: Path) -> str:
    """The secret in the file `path`, made on the first call; readable by its owner only.

    It is written aside and linked into place, so that two processes that start together agree on one.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
