"""What a log line tells (issue 5, observability): whose request, which chat, what failed, once."""

import json
import logging
import os
import subprocess
import sys
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer
from django.core import mail
from django.test import Client
from django.utils import timezone

from chat.events import chat_group
from helpdesk.access import request_id
from helpdesk.discreet import words
from tests.agent import Page as Browser
from tests.cast import page_on, talking
from tests.failing import fail_as_task
from tests.sockets import Page, agent_cookie, do, portal_cookie
from tests.written import everything_written


@pytest.fixture
def written():
    with everything_written() as written:
        yield written


@pytest.fixture
def failing(settings):
    settings.ROOT_URLCONF = "tests.failing"
    return Client(raise_request_exception=False)


def test_every_line_says_when_how_bad_who_and_what(written):
    logging.getLogger("chat.sockets").warning("Chat %s is odd: %s", 7, "very")
    [line] = written.lines
    assert (line["level"], line["logger"], line["event"]) == ("warning", "chat.sockets", "Chat 7 is odd: very")
    assert line["time"].endswith("+00:00")


def test_a_person_reads_plain_lines():
    with everything_written(form="lines") as written:
        logging.getLogger("chat.sockets").warning("Chat %s is odd", 7)
    assert written.text.endswith(" WARNING chat.sockets: Chat 7 is odd\n")


def test_a_line_about_a_request_names_it_its_technician_and_its_chat(desk, now, clock, written):
    chat = talking(desk, now)
    client = Client()
    client.force_login(desk.tina)
    answer = client.get(f"/chats/{chat.pk}/")
    [line] = written.by("helpdesk.access")
    assert line["request_id"] == answer["X-Request-ID"]
    assert (line["technician"], line["chat"], line["path"]) == (desk.tina.pk, chat.pk, "/chats/<int:pk>/")
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["ms"] > 0


def test_a_line_about_a_contacts_page_names_the_device(desk, clock, written):
    Browser(desk.pc).get("")
    [line] = written.by("helpdesk.access")
    assert (line["device"], line["path"]) == (desk.pc.pk, "/agent/")
    assert "technician" not in line


def test_what_one_request_was_about_is_not_on_the_next(desk, now, clock, written):
    client = Client()
    client.force_login(desk.tina)
    client.get(f"/chats/{talking(desk, now).pk}/")
    answer = Client().get("/nowhere/")
    line = written.by("helpdesk.access")[-1]
    assert set(line) == {"time", "level", "logger", "event", "request_id", "method", "status", "ms"}
    # Django writes its own line when the answer is on its way.
    [djangos] = written.by("django.request")
    assert (djangos["event"], djangos["request_id"]) == ("404 Not Found", answer["X-Request-ID"])


@pytest.mark.parametrize("brought", ["", "short", "x" * 65, "a b c d e f g h", "ok-ok-ok\n{}", "ümläut-id-x"])
def test_a_request_id_that_makes_no_sense_is_replaced(settings, brought):
    settings.PROXY_COUNT = 1
    assert request_id(brought) != brought
    assert len(request_id(brought)) == 16


def test_only_our_own_proxy_gives_an_id(settings):
    given = uuid4().hex
    assert request_id(given) != given
    settings.PROXY_COUNT = 1
    assert request_id(given) == given


@pytest.mark.django_db
def test_an_error_is_written_once_with_its_way_and_what_caused_it(failing, written):
    answer = failing.post("/fail/x/", {"text": "y"})
    assert answer.status_code == 500
    [line] = [line for line in written.lines if line["level"] == "error"]
    assert (line["logger"], line["event"]) == ("django.request", "500 Internal Server Error")
    assert (line["request_id"], line["path"]) == (answer["X-Request-ID"], "/fail/<str:secret>/")
    first, second = line["exception"].split("\n\nwhich led to\n\n")
    assert first.endswith("\nKeyError")
    assert second.endswith("\nValueError")
    assert 'tests/failing.py", line' in second


@pytest.mark.django_db
def test_nobody_is_mailed_an_error(failing, settings):
    settings.ADMINS = [("Admin", "admin@example.com")]
    assert failing.get("/fail/x/").status_code == 500
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_an_error_of_the_database_names_the_rule_and_not_the_row(failing, written):
    assert failing.get("/fail-in-database/x/").status_code == 500
    [line] = [line for line in written.lines if line["level"] == "error"]
    last = line["exception"].rpartition("\n")[2]
    assert last in {
        "django.db.utils.IntegrityError: 23514: one_setup_code",
        "django.db.utils.IntegrityError: SQLITE_CONSTRAINT_CHECK",
    }


def test_a_line_about_a_task_names_it(written):
    fail_as_task.apply(args=["x"])
    [line] = [line for line in written.by("celery.app.trace") if line["level"] == "error"]
    assert (line["task"], len(line["request_id"])) == ("tests.fail", 36)
    assert line["exception"].endswith("\nValueError")
    logging.getLogger("chat").warning("Afterwards")
    assert "task" not in written.lines[-1]


def test_a_worker_writes_as_everything_else_does(tmp_path):
    """Celery's own command would bring handlers and forms of its own."""
    code = (
        "import django, logging; django.setup(); from helpdesk.celery import app\n"
        "app.log.setup(loglevel='DEBUG', redirect_stdouts=True)\n"
        "logging.getLogger('celery.worker').warning('Ready: %s', 'x'); print('said')\n"
        "import warnings; warnings.warn('what somebody wrote')\n"
    )
    own = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "helpdesk.settings", "LOG_FORMAT": "json"}
    ended = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **own}, capture_output=True, text=True, timeout=60, check=True
    )
    assert [json.loads(line)["event"] for line in ended.stderr.splitlines()] == [
        "Ready: …",
        "<string>:4: UserWarning",
    ]
    assert ended.stdout == "said\n"


@pytest.mark.django_db(transaction=True)
async def test_a_line_about_a_socket_names_its_people_and_the_chat(desk, written):
    now = timezone.now()
    chat = await do(talking, desk, now)
    cookies = await do(portal_cookie, desk.tina), agent_cookie((await do(page_on, desk.pc, now)).cookie)
    async with Page("/ws/", cookies[0]) as tina, Page("/agent/ws/", cookies[1]) as ann:
        await tina.wait("hello")
        await ann.wait("hello")
        # What no version of ours announces.
        broken = {"type": "chat.event", "facts": {"chat": chat.pk}, "head": {}}
        await get_channel_layer().group_send(chat_group(chat.pk), broken)
        while len(written.by("chat.sockets")) < 2:
            await ann.send(type="sync", chats={})
            await ann.send(type="typing", chat=chat.pk)
            await tina.wait("typing")
    by_ann, by_tina = sorted(written.by("chat.sockets")[:2], key=lambda line: "technician" in line)
    assert (by_ann["device"], by_ann["chat"]) == (desk.pc.pk, chat.pk)
    assert (by_tina["technician"], by_tina["chat"]) == (desk.tina.pk, chat.pk)
    assert by_ann["request_id"] != by_tina["request_id"]
    assert by_ann["exception"].endswith("\nKeyError")


def test_of_a_librarys_line_the_fixed_words_are_kept_and_errors_by_their_type(written):
    lines = logging.getLogger("daphne.server")
    lines.warning("Application %r for %s took %d s: %s", "<task>", "/agent/x", 3, ValueError("x"))
    lines.error("first\nsecond")
    lines.info("%(name)s failed: %(exc)s", {"name": "x", "exc": OSError(28, "No space left on device")})
    assert [line["event"] for line in written.lines] == [
        "Application … for … took 3 s: ValueError",
        "first",
        "… failed: OSError: No space left on device",
    ]


def test_a_traceback_that_daphne_prints_as_a_line_becomes_an_error(written):
    try:
        raise LookupError("x")
    except LookupError:
        logging.getLogger("daphne.http_protocol").error("Traceback (most recent call last):\n  …\nLookupError: x")
    [line] = written.lines
    assert line["exception"].endswith("\nLookupError")


@pytest.mark.parametrize("args", [("x",), (), ("x", "y", "z"), {"name": "x"}])
def test_a_line_that_cannot_be_filled_in_is_written_as_it_stands(args):
    record = logging.LogRecord("chat", logging.WARNING, "", 0, "%d of %s", (), None)
    assert words(record, args) == "%d of %s"


def test_an_error_that_causes_itself_is_told_once(written):
    first, second = ValueError(), KeyError()
    first.__context__, second.__context__ = second, first
    logging.getLogger("chat").error("Round", exc_info=first)
    assert written.lines[0]["exception"].count("Traceback") == 2
