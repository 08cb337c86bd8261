"""What Prometheus reads: who may, what is counted, and how the data stands (issue 5, observability)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY

from accounts.live import announce
from accounts.mail import write_mail
from chat import actions
from chat.models import Sweep
from chat.viewers import at_device
from helpdesk import logs, metrics
from tests.agent import Page as Browser
from tests.cast import asked, page_on, say, talking
from tests.files import documents
from tests.probing import probe
from tests.sockets import Page, agent_cookie, do, portal_cookie
from tests.uploads import Sender

TOKEN = "a-token-of-enough-letters"
FROM_AFAR = "203.0.113.9"
database = pytest.mark.django_db(transaction=True)


def figure(text, name):
    """The value of one line, `helpdesk_chats{state="active"}`."""
    [value] = [line.rpartition(" ")[2] for line in text.splitlines() if line.rpartition(" ")[0] == name]
    return float(value)


def standing(name):
    return figure(metrics.standing().decode(), name)


class Growth:
    """How much a counter grew: `grew = Growth("helpdesk_uploads_total", outcome="ready")`, then `grew()`."""

    def __init__(self, name, **labels):
        self.name, self.labels = name, labels
        self.before = self.read()

    def read(self):
        return REGISTRY.get_sample_value(self.name, self.labels) or 0

    def __call__(self):
        return self.read() - self.before


MAY_READ = [
    ("127.0.0.1", {}, True),
    ("::1", {}, True),
    (FROM_AFAR, {}, False),
    (FROM_AFAR, {"authorization": f"Bearer {TOKEN}"}, True),
    (FROM_AFAR, {"authorization": f"Bearer {TOKEN}x"}, False),
    (FROM_AFAR, {"authorization": "Bearer é"}, False),
    (FROM_AFAR, {"authorization": "Bearer "}, False),
    # Through a proxy everybody seems to be on this machine.
    ("127.0.0.1", {"x_forwarded_for": "127.0.0.1"}, False),
    ("127.0.0.1", {"x_real_ip": FROM_AFAR}, False),
    ("127.0.0.1", {"x_forwarded_for": FROM_AFAR, "authorization": f"Bearer {TOKEN}"}, True),
]


@pytest.mark.parametrize(("client", "headers", "may"), MAY_READ)
@database
async def test_only_this_machine_and_who_has_the_token_may_read(settings, client, headers, may):
    settings.METRICS_TOKEN = TOKEN
    answer = await probe("/metrics", client=client, host="localhost", **headers)
    assert answer.status == (200 if may else 404)
    assert ("helpdesk_chats" in answer.body) == may


@database
async def test_without_a_token_in_the_settings_none_opens_it():
    for said in ("Bearer ", "Bearer", "Bearer None"):
        assert (await probe("/metrics", client=FROM_AFAR, host="localhost", authorization=said)).status == 404


@database
async def test_to_whom_it_is_closed_it_is_an_address_like_any_unknown_one():
    closed = await probe("/metrics", client=FROM_AFAR, host="localhost")
    unknown = await probe("/metrixx", client=FROM_AFAR, host="localhost")
    assert (closed.status, closed.body.replace("metrics", "metrixx")) == (unknown.status, unknown.body)


async def test_without_a_database_what_was_counted_is_told_all_the_same():
    # No mark, no database.
    answer = await probe("/metrics")
    assert figure(answer.body, "helpdesk_database_up") == 0
    assert "helpdesk_http_requests_total" in answer.body
    assert "helpdesk_chats" not in answer.body


def test_open_chats_are_told_by_state_and_how_long_the_oldest_waits(desk, now, clock):
    talking(desk, now)
    asked(desk, now, at=desk.eves_pc)
    clock.shift(40)
    assert standing('helpdesk_chats{state="active"}') == 1
    assert standing('helpdesk_chats{state="requested"}') == 1
    assert standing("helpdesk_oldest_request_seconds") == 40
    actions.cancel(desk.eves_pc.chats.get().pk, at_device(desk.eves_pc), now)
    assert standing('helpdesk_chats{state="requested"}') == 0
    assert standing("helpdesk_oldest_request_seconds") == 0


def test_mail_that_waits_is_told_with_its_age(db, now, clock):
    write_mail("ann@acme.example", "Your token", "123456", now=now)
    clock.shift(90)
    assert (standing("helpdesk_mail_waiting"), standing("helpdesk_mail_oldest_seconds")) == (1, 90)


def test_a_sweep_gives_its_sign_of_life_and_its_age_is_told(db, now, clock):
    assert standing("helpdesk_sweep_age_seconds") == float("inf")
    actions.sweep(now)
    clock.shift(61)
    assert standing("helpdesk_sweep_age_seconds") == 61
    actions.sweep(now + timedelta(seconds=61))
    assert standing("helpdesk_sweep_age_seconds") == 0
    assert Sweep.objects.count() == 1


def test_the_sign_of_life_is_written_seldom_and_one_of_a_clock_that_was_ahead_is_put_right(db, now):
    for seconds, expected in ((0, 0), (5, 0), (10, 0), (16, 16), (-3600, -3600)):
        actions.sweep(now + timedelta(seconds=seconds))
        assert Sweep.objects.get().ended_at == now + timedelta(seconds=expected)


def test_what_is_asked_at_each_reading_does_not_grow(desk, now, clock, django_assert_max_num_queries):
    for device in (desk.pc, desk.eves_pc):
        say(talking(desk, now, at=device), at_device(device), "It smokes", now)
        write_mail("ann@acme.example", "Your token", "123456", now=now)
    # Chats twice, mail, the sweep; on PostgreSQL a transaction with its limit around them.
    with django_assert_max_num_queries(7):
        metrics.standing()


@database
def test_being_read_holds_nobody_up():
    """PostgreSQL gives up after a second; on SQLite no transaction is begun, which would be a writer's."""
    with metrics._bounded():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SHOW statement_timeout")
                assert cursor.fetchone() == ("1s",)
        else:
            assert not connection.in_atomic_block


@database
async def test_the_way_of_a_message_is_measured_to_the_other_side_only(desk):
    now = timezone.now()
    chat = await do(talking, desk, now)
    grew = Growth("helpdesk_delivery_seconds_count")
    tinas = await do(portal_cookie, desk.tina)
    device = agent_cookie((await do(page_on, desk.pc, now)).cookie)
    async with Page("/ws/", tinas) as tina, Page("/ws/", tinas) as second, Page("/agent/ws/", device) as ann:
        for page in (tina, second, ann):
            await page.wait("hello")
        await ann.send(type="post", chat=chat.pk, client_id=str(uuid4()), body="It smokes")
        for page in (tina, second, ann):
            await page.wait("event", kind="message", text="It smokes")
        # Both pages of the technician, not the sender's own.
        assert grew() == 2


@database
async def test_open_sockets_are_counted_by_side_and_gone_ones_are_not(desk):
    technicians = Growth("helpdesk_sockets", side="technician")
    cookie = await do(portal_cookie, desk.tina)
    async with Page("/ws/", cookie) as one, Page("/ws/", cookie) as other, Page("/ws/") as stranger:
        await one.wait("hello")
        await other.wait("hello")
        assert await stranger.closed() == 4401
        assert technicians() == 2
    assert technicians() == 0


@database
def test_what_the_channel_layer_loses_is_counted(monkeypatch):
    async def lose(_group, _message):
        raise OSError("gone")

    grew = Growth("helpdesk_channel_layer_failures_total", what="send")
    monkeypatch.setattr(get_channel_layer(), "group_send", lose)
    announce("technicians", {"type": "ring.changed"})
    assert grew() == 1


def test_files_are_counted_by_what_became_of_them(desk, now, clock):
    chat = talking(desk, now)
    page = Browser(desk.pc)
    ann = Sender(page.client, f"/agent/chats/{chat.pk}/files/", **{"X-CSRFToken": page.token})
    ready, refused = (Growth("helpdesk_uploads_total", outcome=outcome) for outcome in ("ready", "type"))
    taken = Growth("helpdesk_upload_bytes_total")
    content, key = documents.pdf(), uuid4()
    leave = ann.announce("a.pdf", len(content), key).json()
    for _ in range(2):
        assert ann.put(leave, content).status_code == 201
    assert ann.send("a.exe", b"MZ").status_code == 415
    assert (ready(), taken(), refused()) == (1, len(content), 1)


def test_answers_are_counted_by_their_class(db):
    found, missing = (Growth("helpdesk_http_requests_total", status=status) for status in ("2xx", "4xx"))
    took = Growth("helpdesk_http_request_seconds_count")
    client = Client()
    assert client.get("/sign-in/").status_code == 200
    assert client.get("/nowhere/").status_code == 404
    assert (found(), missing(), took()) == (1, 1, 2)


def test_an_error_of_the_database_is_counted_where_it_is_written():
    errors, lines = Growth("helpdesk_database_errors_total"), Growth("helpdesk_log_lines_total", level="error")
    record = logs.log.makeRecord("x", 40, "", 0, "It failed", (), (OperationalError, OperationalError("gone"), None))
    assert logs.CountLines().filter(record)
    assert (errors(), lines()) == (1, 1)


def test_connections_are_told_by_use_where_there_is_a_pool(db):
    told = metrics.counted().decode()
    if connection.vendor == "postgresql":
        # This test's own.
        assert figure(told, 'helpdesk_database_connections{use="taken"}') >= 1
    else:
        assert "helpdesk_database_connections" not in told


def test_the_manual_names_every_figure(db):
    told = (metrics.counted() + metrics.standing()).decode()
    names = set(re.findall(r"(?m)^# TYPE (helpdesk_\w+) ", told))
    manual = (settings.BASE_DIR / "docs" / "monitoring.md").read_text()
    # When a counter began is told with each.
    missing = {name for name in names if name not in manual and not name.endswith("_created")}
    assert len(names) > 10
    assert missing == set()
