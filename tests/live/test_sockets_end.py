"""When a live page has to go: signed out, disabled, revoked, reassigned, killed (HAZARDS case 25)."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from threading import Event

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import events as people_events
from chat import sockets
from devices.actions import assign_contact, revoke_launch_link
from devices.models import Device
from tests.cast import talking
from tests.sockets import do

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


async def test_sign_out_closes_the_socket_at_once(desk, tina):
    async with tina() as page:
        await page.wait("hello")
        await do(desk.tina.set_password, "another one entirely")
        await do(desk.tina.save)
        await do(people_events.rights_changed, desk.tina)
        assert await page.closed() == 4401


async def test_a_disabled_technician_hears_nothing_more_even_without_the_doorbell(desk, now, tina, monkeypatch):
    monkeypatch.setattr(sockets, "BEAT_EVERY_S", 0.2)
    async with tina() as page:
        await page.wait("hello")
        await do(type(desk.tina).objects.filter(pk=desk.tina.pk).update, is_active=False)
        assert await page.closed() == 4401


async def test_a_revoked_link_closes_the_page_and_ends_its_chat(desk, now, tina, ann):
    chat = await do(talking, desk, now)
    async with tina() as desk_page, ann() as device_page:
        await device_page.wait("hello")
        await desk_page.wait("hello")
        await do(revoke_launch_link, desk.pc, timezone.now())
        assert await device_page.closed() == 4401
        ended = await desk_page.wait("event", kind="ended")
        assert ended["head"]["end_reason"] == "revoked"
        assert ended["chat"] == chat.pk


async def test_another_contact_at_the_device_hears_nothing_of_the_first(desk, now, ann):
    chat = await do(talking, desk, now)
    async with ann() as page:
        await page.wait("hello")
        await do(assign_contact, desk.pc, None, timezone.now())
        assert await page.closed() == 4401
    assert all("between us" not in json.dumps(frame) for frame in page.frames)
    assert not await do(chat.events.filter(kind="message").exists)


async def test_a_socket_that_is_killed_does_not_go_on_beating(desk, ann, tina, monkeypatch):
    monkeypatch.setattr(sockets, "BEAT_EVERY_S", 0.2)
    page = ann()
    await page.socket.connect()
    await page.wait("beat")
    page.socket.future.cancel()
    async with tina() as other:
        for _ in range(3):
            await other.wait("beat")
    await do(desk.pc.refresh_from_db)
    assert desk.pc.page_seen_at is None


async def test_a_page_that_went_before_it_was_greeted_is_open_nowhere(desk, ann):
    page, held, let_go = ann(), Event(), Event()
    async with all_done():
        holding = asyncio.create_task(do(hold, desk.pc, held, let_go))
        await asyncio.to_thread(held.wait, 5)
        await page.socket.connect()
        await page.socket.send_input({"type": "websocket.disconnect", "code": 1001})
        # Nobody has greeted it: whoever does so waits for the row.
        assert await page.socket.receive_nothing()
        let_go.set()
        await holding
        await page.socket.wait(5)
    assert not await do(is_open_at, desk.pc)


@asynccontextmanager
async def all_done():
    """Wait for whatever was begun in another thread, also for what nobody asks about any more."""
    loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor()
    loop.set_default_executor(threads)
    yield
    loop.set_default_executor(ThreadPoolExecutor())
    await asyncio.to_thread(threads.shutdown)


def hold(device, held, let_go):
    """Be in the middle of a change of this device."""
    with transaction.atomic():
        Device.objects.filter(pk=device.pk).update(name=device.name)
        held.set()
        let_go.wait(5)


def is_open_at(device):
    device.refresh_from_db()
    return device.has_page_open(timezone.now())
