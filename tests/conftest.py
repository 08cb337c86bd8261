"""What holds for every test: nothing reaches the network, nothing stays behind, and CI skips nothing.

A test that asks for no database gets none. Tests of sockets and of threads that race ask for
`@pytest.mark.django_db(transaction=True)`: other threads cannot see a test's open transaction.
"""

import os
import shutil
import socket
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils import translation

from accounts import live
from tests.cast import cast

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
THIS_MACHINE = {"127.0.0.1", "::1", "localhost", ""}


def pytest_addoption(parser):
    parser.addoption("--firefox", action="store_true", help="drive Firefox in the browser tests, not Chromium")


@pytest.fixture
def now():
    """A fixed moment to hand to actions and QuerySets, which take the time as an argument."""
    return NOON


@pytest.fixture
def clock(time_machine):
    """The clock of the whole process, standing at `now`; `clock.shift(seconds)` and `clock.move_to(…)` move it."""
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def desk(db):
    """The small cast of tests/cast.py, with chat enabled and both technicians available."""
    return cast()


@pytest.fixture(autouse=True)
def _english():
    """A page that a test opens leaves its language behind it, which is not for the next test."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _bells_ring(monkeypatch):
    """A doorbell that did not answer in one test is tried again in the next."""
    monkeypatch.setattr(live, "_rest", SimpleNamespace(until=0.0))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """A connection to another machine fails the test that tries it."""
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _only_here(getattr(socket.socket, name)))


def _only_here(connect):
    def guarded(self, address):
        if self.family != socket.AF_UNIX and address[0] not in THIS_MACHINE:
            pytest.fail(f"A test tried to reach {address}. Tests stay on this machine.")
        return connect(self, address)

    return guarded


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _refuse_skip((yield))


def _refuse_skip(report):
    """With REQUIRE_ALL=1 a skipped test is a failed test: what is not tried is not known to work."""
    if report.skipped and os.environ.get("REQUIRE_ALL") == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{reason} (REQUIRE_ALL=1 allows no skipped test)"
    return report


def pytest_unconfigure():
    if settings.configured:
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
