"""Run the whole suite: on SQLite and memory, on PostgreSQL and Redis, as deploy/ runs it, and in browsers.

    python -m tests.run [sqlite] [postgres] [production] [browser] [firefox] [-- words for pytest]

Without any of these words, all of them. What the machine lacks is left out and named in the last line; with
REQUIRE_ALL=1 it is a failure.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests import services

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FIREFOX = ("firefox-esr", "firefox")
WORKERS = "2"
STOP_WITHIN_S = 20
TESTS_FAILED = 1


@dataclass(frozen=True)
class Part:
    """One way to run tests: what it is called, where its tests are, and what it cannot do without."""

    name: str
    words: tuple[str, ...]
    lacks: Callable[[], list[str]]
    has_services: bool = False
    workers: str = WORKERS
    # A browser on a busy machine may be too slow for a limit that a person would never notice: what failed is tried
    # once more, alone, and said so. A test that fails twice has failed. Not where a message might have been lost.
    has_second_try: bool = False


def _no_services() -> list[str]:
    lacking = [] if services.postgresql_programs() else ["postgresql"]
    return lacking + ([] if services.redis_program() else ["redis-server"])


def _no_stack() -> list[str]:
    lacking = [] if services.nginx_program() else ["nginx"]
    return lacking + ([] if shutil.which("openssl") else ["openssl"]) + _no_services()


def _no_chromium() -> list[str]:
    return [] if any(map(shutil.which, CHROMIUM)) else ["chromium"]


def _no_firefox() -> list[str]:
    return [] if any(map(shutil.which, FIREFOX)) else ["firefox"]


BEHAVIOUR = ("--ignore=tests/browser", "--ignore=tests/production")
PARTS = {
    "sqlite": Part("SQLite + memory", BEHAVIOUR, list),
    # The database goes with its server; dropping it first would fail while a thread still has a connection.
    "postgres": Part("PostgreSQL + Redis", (*BEHAVIOUR, "--reuse-db"), _no_services, has_services=True),
    # One stack for all of its tests, which stop and kill parts of it: no two at a time.
    "production": Part("production", ("tests/production",), _no_stack, workers="0"),
    "browser": Part("browser", ("tests/browser",), _no_chromium, has_second_try=True),
    "firefox": Part("Firefox", ("tests/browser", "--firefox", "-m", "main_job"), _no_firefox, has_second_try=True),
}


def main(words: list[str]) -> int:
    """Run the parts that are asked for, or all; the exit code is 0 when every one passed."""
    # A shell that starts this in the background has SIGINT ignored, and every child would inherit that.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    cut = words.index("--") if "--" in words else len(words)
    chosen, pytest_words = words[:cut] or list(PARTS), words[cut + 1 :]
    if unknown := set(chosen) - set(PARTS):
        sys.exit(f"There is no part {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
    left_out, failed = [], []
    for part in (PARTS[name] for name in chosen):
        print(f"\n── {part.name} ──", flush=True)
        if lacking := part.lacks():
            left_out.append(f"{part.name} (no {', no '.join(lacking)})")
        elif _run(part, pytest_words):
            failed.append(part.name)
    return _conclude(left_out, failed)


def _run(part: Part, words: list[str]) -> int:
    """Run pytest for one part and return its exit code. No test at all is a failure too."""
    with ExitStack() as stack:
        environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
        # What a worker that is killed leaves behind goes with this folder; screenshots stay where pytest keeps them.
        environment["PYTEST_DEBUG_TEMPROOT"] = tempfile.gettempdir()
        environment["TMPDIR"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-"))
        # PostgreSQL, which refuses to be root, has to pass through to a folder of its own.
        Path(environment["TMPDIR"]).chmod(0o711)
        if part.has_services:
            environment["DATABASE_URL"] = stack.enter_context(services.postgresql())
            environment["REDIS_URL"] = stack.enter_context(services.redis())
        code = _pytest(("-n", part.workers, *part.words, *words), environment)
        if code == TESTS_FAILED and part.has_second_try:
            print("\n── what failed, once more and alone ──", flush=True)
            code = _pytest(("--last-failed", "--last-failed-no-failures=none", *part.words, *words), environment)
        return code


def _pytest(words: Sequence[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", *words]
    # In a group of its own, so that whatever the tests started can be ended together with them.
    with _ended_with_its_group(subprocess.Popen(command, env=environment, process_group=0)) as pytest:
        return pytest.wait()


@contextmanager
def _ended_with_its_group(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Give the process; afterwards nothing of its group is left, however the block ended."""
    try:
        yield process
    finally:
        if process.poll() is None:
            _tell_group(process, signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_WITHIN_S)
        _tell_group(process, signal.SIGKILL)
        process.wait()


def _tell_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _conclude(left_out: list[str], failed: list[str]) -> int:
    """Say in one line each what failed and what was left out."""
    print()
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    print(f"Left out: {', '.join(left_out) or 'nothing'}.")
    return 1 if failed or (left_out and os.environ.get("REQUIRE_ALL") == "1") else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
