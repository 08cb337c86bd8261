"""/healthz and /readyz: what a balancer is told, by whom it is asked, and that it is told nothing else."""

import asyncio
import http.client
import signal
import socket
from functools import partial
from threading import Event
from types import SimpleNamespace

import pytest
from django.db.migrations.recorder import MigrationRecorder

from helpdesk import probes
from helpdesk.probes import Look
from tests import services
from tests.browser.server import Server
from tests.probing import probe
from tests.sockets import do
from tests.written import everything_written

database = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch):
    monkeypatch.setattr(probes, "_known", SimpleNamespace(is_migrated=False, has_reached_redis=False))


async def test_the_process_answers_without_a_database():
    answer = await probe("/healthz")
    assert (answer.status, answer.body) == (200, "ok\n")


@database
async def test_with_everything_there_it_is_ready():
    answer = await probe("/readyz", client="203.0.113.9", host="10.0.0.5:8000")
    assert (answer.status, answer.body) == (200, "ready\n")
    assert answer.headers["cache-control"] == "no-store"


async def test_without_a_database_it_is_not_ready():
    # No mark, no database.
    answer = await probe("/readyz")
    assert (answer.status, answer.body) == (503, "lacks database\n")


@database
async def test_older_than_the_code_the_database_makes_it_unready_until_it_is_migrated():
    applied = MigrationRecorder.Migration.objects.filter(app="chat").order_by("name")
    newest = await do(applied.last)
    await do(newest.delete)
    answer = await probe("/readyz")
    assert (answer.status, answer.body) == (503, "lacks migrations\n")
    await do(newest.save, force_insert=True)
    assert (await probe("/readyz")).status == 200


@database
async def test_a_redis_that_was_never_reached_makes_it_unready_and_one_that_went_does_not(settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{services.free_port()}"
    answer = await probe("/readyz")
    assert (answer.status, answer.body) == (503, "lacks redis\n")
    # Chats go on without it (HAZARDS case 15), and would not if every process called itself unready.
    probes._known.has_reached_redis = True
    assert (await probe("/readyz")).status == 200


@database
async def test_a_redis_that_takes_the_call_and_says_nothing_is_named_as_what_is_lacking(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        answer = await probe("/readyz")
        assert (answer.status, answer.body) == (503, "lacks redis\n")


@database
async def test_a_server_that_ends_is_not_ready_and_still_healthy():
    probes.ending.set()
    try:
        answer = await probe("/readyz")
        assert (answer.status, answer.body) == (503, "ending\n")
        assert (await probe("/healthz")).status == 200
    finally:
        probes.ending.clear()


async def test_a_database_that_hangs_is_waited_for_a_moment_and_asked_once():
    asked, answers = [], Event()

    def hang():
        asked.append(1)
        answers.wait(10)
        return ""

    look = Look(partial(asyncio.to_thread, hang), within_s=0.05)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await look.ask()
    assert len(asked) == 1
    look.within_s = 5
    answers.set()
    assert await look.ask() == ""


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@database
async def test_only_reading_is_answered_and_a_head_has_no_body(path):
    assert [(await probe(path, method=method)).status for method in ("POST", "PUT", "DELETE")] == [405, 405, 405]
    answer = await probe(path, method="HEAD")
    assert (answer.status, answer.body) == (200, "")
    assert int(answer.headers["content-length"]) > 0


@database
async def test_nobody_writes_down_that_a_balancer_asked():
    with everything_written(level="INFO") as written:
        await probe("/healthz")
        await probe("/readyz")
        await probe("/metrics")
    assert written.text == ""


def status_of(server, path):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path, headers={"Connection": "close"})
    return connection.getresponse().status


def test_told_to_end_it_goes_on_for_a_while_and_takes_nobody_new(tmp_path):
    server = Server(tmp_path, DRAIN_FOR_S="2").start()
    assert status_of(server, "/readyz") == 200
    server._processes[0].send_signal(signal.SIGTERM)
    while status_of(server, "/readyz") == 200:
        pass
    assert [status_of(server, path) for path in ("/readyz", "/healthz", "/sign-in/")] == [503, 200, 200]
    # Fails when it does not end by itself.
    server.stop()
