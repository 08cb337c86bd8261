"""PostgreSQL and Redis for a test run: started in temporary folders, ended with the `with` block.

with postgresql() as database_url, redis() as redis_url: …
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from redis import Redis, RedisError

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN_S = 30
STOP_WITHIN_S = 10


class NotStarted(Exception):
    """A program ended, or said nothing, before it was ready. The message holds the end of its log."""


def postgresql_programs() -> Path | None:
    """The folder of `initdb` and `postgres`, or None. Debian keeps it outside of the path."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists()), None)


def redis_program() -> str | None:
    """The path of `redis-server`, or None."""
    return shutil.which("redis-server")


def free_port() -> int:
    """A TCP port of this machine that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgresql() -> Iterator[str]:
    """A fresh PostgreSQL with an empty database; gives its DATABASE_URL. Listens on a socket in its own folder only."""
    programs = postgresql_programs()
    if programs is None:
        raise NotStarted("PostgreSQL is not installed")
    with new_folder() as (folder, identity):
        initdb(programs, folder, identity)
        url = f"postgresql://helpdesk@{quote(str(folder), safe='')}/postgres"
        # Nobody needs the rows after a power cut.
        command = postgresql_command(programs, folder, "listen_addresses=", "synchronous_commit=off")
        with _running(command, folder, ready=lambda: psycopg.connect(url).close(), identity=identity):
            yield url


def discreet() -> list[str]:
    """What deploy/ has PostgreSQL leave out of its log, as `name=value`."""
    lines = (ROOT / "deploy" / "postgresql.conf").read_text().splitlines()
    return [line.replace(" ", "") for line in lines if line and not line.startswith("#")]


def postgresql_command(programs: Path, folder: Path, *options: str) -> list[str]:
    """How PostgreSQL is started in `folder`, with `name=value` of its own settings beside ours."""
    all_options = [f"unix_socket_directories={folder}", "max_connections=200", "fsync=off", "full_page_writes=off"]
    all_options += [*discreet(), *options]
    return [str(programs / "postgres"), "-D", "data", *(word for option in all_options for word in ("-c", option))]


def initdb(programs: Path, folder: Path, identity: dict[str, Any]) -> None:
    """Make the files of an empty database in `folder`."""
    command = [str(programs / "initdb"), "--pgdata", "data", "--username", "helpdesk", "--auth", "trust", "--no-sync"]
    command += ["--encoding", "UTF8", "--locale", "C.UTF-8"]
    made = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, **identity)
    if made.returncode:
        raise NotStarted(made.stdout + made.stderr)


@contextmanager
def redis() -> Iterator[str]:
    """A fresh Redis that keeps nothing; gives its REDIS_URL, without a database number."""
    program = redis_program()
    if program is None:
        raise NotStarted("Redis is not installed")
    with new_folder() as (folder, identity):
        port = free_port()
        url = f"redis://127.0.0.1:{port}"
        with _running(redis_command(program, port), folder, ready=lambda: ping_redis(url), identity=identity):
            yield url


def redis_command(program: str, port: int) -> list[str]:
    """How Redis is started that keeps nothing."""
    return [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--databases", "64"]


def ping_redis(url: str) -> None:
    """Raises RedisError when it does not answer."""
    with Redis.from_url(url) as client:
        client.ping()


def nginx_program() -> str | None:
    """The path of `nginx`, or None. Debian keeps it outside of a person's path."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def new_folder() -> Iterator[tuple[Path, dict[str, Any]]]:
    """A temporary folder, and how to start a program as its owner: PostgreSQL refuses to be root."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-"))
    identity: dict[str, Any] = {}
    try:
        if os.geteuid() == 0:
            person = _somebody_else()
            os.chown(folder, person.pw_uid, person.pw_gid)
            identity = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
        yield folder, identity
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _somebody_else() -> pwd.struct_passwd:
    """A user who is not root and is on every Unix, or the one who came with PostgreSQL."""
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


@contextmanager
def _running(
    command: list[str], folder: Path, *, ready: Callable[[], None], identity: dict[str, Any]
) -> Iterator[None]:
    """Run a program until the block ends; the block starts when `ready` raises nothing any more."""
    log = folder / "log"
    with log.open("w") as output:
        # In a group of its own, so that Ctrl-C reaches the tests first and not what they stand on.
        process = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=output, stdin=subprocess.DEVNULL, process_group=0, **identity
        )
    try:
        _wait(process, log, ready)
        yield
    finally:
        stop(process)


def _wait(process: subprocess.Popen[Any], log: Path, ready: Callable[[], None]) -> None:
    """Return when `ready` raises nothing; raise NotStarted with the log when it never does."""
    give_up_at = time.monotonic() + READY_WITHIN_S
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            return ready()
        except (OSError, psycopg.Error, RedisError):
            time.sleep(0.05)
    raise NotStarted(log.read_text(errors="replace")[-2000:])


def stop(process: subprocess.Popen[Any], number: signal.Signals = signal.SIGINT) -> int:
    """End a program with a signal, and with SIGKILL when it does not listen. Returns its exit code."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def until(holds: Callable[[], Any], within_s: float = 5) -> None:
    """Wait for something that another process does by itself, and fail when it does not."""
    give_up_at = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < give_up_at, "It did not come about."
        time.sleep(0.02)
