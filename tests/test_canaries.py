"""What people say, and what opens doors, is in no log line, no metric, and no name in Redis (issue 5, observability).

Each secret is a word that stands nowhere else. It goes through pages, sockets, jobs and failures, while every library
writes whatever it can. Then all that was written is searched.
"""

import json
import os
import re
import secrets
from types import SimpleNamespace
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY, generate_latest
from redis import Redis

from accounts.models import Mail
from accounts.tasks import send_mail
from chat.events import chat_group
from chat.models import ChatSession
from chat.tasks import sweep
from helpdesk import metrics
from tests.agent import Page as Browser
from tests.cast import page_on, talking
from tests.failing import fail_as_task
from tests.files import documents
from tests.sockets import Page, agent_cookie, do, portal_cookie
from tests.uploads import Sender
from tests.written import everything_written

pytestmark = pytest.mark.django_db(transaction=True)


def canary(what):
    return f"canary{what}{secrets.token_hex(6)}"


@pytest.fixture
def written():
    """Every line, SQL too, with a look at it all when the test has ended."""
    connection.force_debug_cursor = True
    with everything_written() as written:
        yield written
    connection.force_debug_cursor = False


def untold(written, *told):
    """Nothing of what was told is in what was written, counted or named."""
    everything = written.text + generate_latest(REGISTRY).decode() + metrics.standing().decode() + names_in_redis()
    assert written.lines
    assert [secret for secret in told if re.search(rf"\b{re.escape(secret)}", everything)] == []


def names_in_redis():
    if not os.environ.get("REDIS_URL"):
        return ""
    with Redis.from_url(os.environ["REDIS_URL"], decode_responses=True) as redis:
        return "\n".join([*redis.scan_iter(), *redis.pubsub_channels()])


@pytest.fixture
def failing(settings):
    settings.ROOT_URLCONF = "tests.failing"
    return Client(raise_request_exception=False)


def test_signing_in_and_failing_to_tells_no_name_and_no_password(desk, written):
    password, mistyped = canary("password"), canary("typed")
    desk.tina.set_password(password)
    desk.tina.save()
    client = Client()
    # Who is in a hurry types the password where the name goes.
    for fields in ({"username": mistyped, "password": password}, {"username": "tina", "password": mistyped}) * 6:
        client.post("/sign-in/", fields)
    other = Client(REMOTE_ADDR="127.0.0.9")
    assert other.post("/sign-in/", {"username": "tina", "password": password}).status_code == 302
    session = other.cookies["sessionid"].value
    other.get(f"/customers/?q={mistyped}")
    other.post("/password/", {"old_password": password, "new_password1": mistyped, "new_password2": mistyped + "x"})
    other.post("/sign-out/")
    untold(written, password, mistyped, session, other.cookies["csrftoken"].value)


def test_a_launch_link_tells_nothing_however_it_is_used(desk, written):
    client, on = Client(), page_on(desk.pc, timezone.now())
    said = json.dumps({"secret": on.secret})
    assert client.post("/agent/open/", said, content_type="application/json").status_code == 200
    for address in (f"/agent/open/{on.secret}/", f"/agent/?secret={on.secret}", f"/agent/demo/{on.secret}/"):
        client.get(address, headers={"Referer": f"http://testserver/agent/open/#{on.secret}"})
    client.post("/agent/open/", json.dumps({"secret": on.secret + "x"}), content_type="application/json")
    client.get("/agent/", headers={"Cookie": f"hd_agent={on.cookie}", "HX-Current-URL": f"http://x/?{on.secret}"})
    untold(written, on.secret, on.cookie, client.cookies["hd_agent"].value)


def test_a_mailed_token_is_nowhere_but_in_the_mail(desk, settings, written):
    page, address = Browser(desk.free_pc), f"{canary('address')}@acme.example"
    page.press("identity/", name=canary("name"), email=address)
    token = re.search(r"^(\d{6})$", Mail.objects.get().body, re.MULTILINE)[1]
    good, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.failing.FailingMail"
    send_mail.apply()
    assert Mail.objects.get().tries == 1
    settings.EMAIL_BACKEND = good
    Mail.objects.update(next_try_at=timezone.now())
    send_mail.apply()
    assert Mail.objects.get().sent_at
    page.press("identity/token/", token=token[::-1])
    page.press("identity/token/", token=token)
    untold(written, address, "canaryname")
    assert [line for line in written.lines if token in {*map(str, line.values()), *line["event"].split()}] == []


async def test_a_chat_tells_nothing_of_what_was_said(desk, written):
    now, told = timezone.now(), [canary("word") for _ in range(7)]
    chat = await do(talking, desk, now, about=told[0])
    tinas, anns = await do(portal_cookie, desk.tina), agent_cookie((await do(page_on, desk.pc, now)).cookie)
    async with Page("/ws/", tinas) as tina, Page("/agent/ws/", anns) as ann:
        await tina.wait("hello")
        await ann.send(type="post", chat=chat.pk, client_id=str(uuid4()), body=told[1])
        await tina.wait("event", text=told[1])
        await tina.send(type="post", chat=chat.pk, client_id=str(uuid4()), body=told[2] * 400)
        assert (await tina.wait("refused"))["code"] == "long"
        for nonsense in ({"type": told[3]}, {"type": "post", "chat": told[3]}, {"type": "sync", "chats": {told[3]: 1}}):
            await ann.send(**nonsense)
            assert (await ann.wait("refused"))["code"] == "bad_frame"
        await ann.send_raw(text=told[4])
        # What no version of ours announces, with everything that one of ours may hold.
        broken = {"type": "chat.event", "facts": {"chat": chat.pk, "seq": 1, "body": told[5], told[6]: 1}, "head": {}}
        await get_channel_layer().group_send(chat_group(chat.pk), broken)
        while len(written.by("chat.sockets")) < 2:
            await ann.send(type="typing", chat=chat.pk)
            await tina.wait("typing")
        await do(untold, written, *told, tinas.partition("=")[2], anns.partition("=")[2])


def test_posts_tickets_and_jobs_tell_nothing_of_what_they_hold(desk, written):
    chat, told = talking(desk, timezone.now()), [canary("word") for _ in range(4)]
    page, client = Browser(desk.pc), Client()
    client.force_login(desk.tina)
    for body in (told[0], told[0] + "changed"):
        page.post_json(f"chats/{chat.pk}/messages/", {"client_id": "0" * 32, "body": body})
    client.post(f"/chats/{chat.pk}/ticket/")
    client.post(f"/chats/{chat.pk}/ticket-name/", {"title": told[1]})
    page.press("tickets/new/", title=told[2], description=told[3], client_id=str(uuid4()))
    ChatSession.objects.update(idle_due_at=timezone.now())
    sweep.apply()
    assert ChatSession.objects.get().state == "ended"
    untold(written, *told)


def test_files_tell_neither_name_nor_content(desk, written):
    chat, page = talking(desk, timezone.now()), Browser(desk.pc)
    ann = Sender(page.client, f"/agent/chats/{chat.pk}/files/", **{"X-CSRFToken": page.token})
    name, content = canary("name"), canary("content")
    good = documents.pdf() + f"\n% {content}\n%%EOF\n".encode()
    assert ann.send(f"{name}.pdf", good).status_code == 201
    for ending, bad in (
        ("exe", b"MZ"),
        ("pdf", content.encode()),
        ("docx", b"PK" + content.encode()),
        ("mp4", b"\0" * 99),
    ):
        assert ann.send(f"{name}.{ending}", bad).status_code >= 400
    untold(written, name, content, "canarycontent")


def test_what_fails_tells_where_and_nothing_of_what_it_held(desk, failing, written):
    told = SimpleNamespace(path=canary("path"), posted=canary("posted"), session=canary("session"))
    failing.cookies["sessionid"] = told.session
    for address in (
        f"/fail/{told.path}/",
        f"/fail-in-database/{told.path}/",
        f"/fail-in-database/{told.path}/?kind=number",
    ):
        assert failing.post(f"{address}", {"text": told.posted}).status_code == 500
    fail_as_task.apply(args=[told.path], kwargs={})
    untold(written, *vars(told).values())
    assert len([line for line in written.lines if line["level"] == "error"]) == 4
