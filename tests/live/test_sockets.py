"""What live pages are told, and what they are not (DESIGN *Live delivery*; HAZARDS cases 1, 4 to 6, 21, 22, 24, 25)."""

import asyncio
import time
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer

from accounts import actions as people
from accounts import live as doorbell
from chat import actions, sockets
from chat.viewers import at_desk, at_device
from tests.cast import asked, offered, page_on, say, talking
from tests.sockets import Page, agent_cookie, do, portal_cookie

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


async def test_message_reaches_the_other_side_with_its_html(desk, now, tina, ann):
    chat = await do(talking, desk, now)
    async with tina() as desk_page, ann() as device_page:
        await desk_page.wait("hello")
        await device_page.send(type="post", chat=chat.pk, client_id=str(uuid4()), body="It <b>smokes</b>")
        event = await desk_page.wait("event", kind="message")
        assert (event["seq"], event["side"], event["text"]) == (3, "contact", "It <b>smokes</b>")
        assert "It &lt;b&gt;smokes&lt;/b&gt;" in event["html"]
        assert event["head"]["last_seq"] == 3


async def test_sender_is_answered_once_and_a_repeat_is_the_first_event(desk, now, ann):
    chat, key = await do(talking, desk, now), str(uuid4())
    async with ann() as page:
        for _ in range(2):
            await page.send(type="post", chat=chat.pk, client_id=key, body="Once")
            assert (await page.wait("event", client_id=key))["seq"] == 3
    assert await do(chat.events.count) == 3


async def test_request_rings_for_the_available_and_is_gone_when_taken(desk, now, tina, ann):
    omars = Page("/ws/", await do(portal_cookie, desk.omar))
    async with tina() as tinas, omars:
        for page in (tinas, omars):
            await page.wait("hello")
        chat = await do(asked, desk, now)
        for page in (tinas, omars):
            assert (await page.wait("rings"))["rings"] == [chat.pk]
        await do(actions.accept, chat.pk, at_desk(desk.omar), now)
        over = await tinas.wait("rings", rings=[])
        assert over["over"] == {"chat": chat.pk, "words": "Ann Keller: Omar Haddad took this chat"}
        assert (await omars.wait("opened"))["head"]["technician"] == desk.omar.pk


async def test_an_unavailable_technician_hears_no_ring(desk, now, tina):
    await do(people.set_availability, desk.tina, is_available=False)
    async with tina() as page:
        assert (await page.wait("hello"))["me"] == {"is_available": False}
        await do(asked, desk, now)
        assert (await page.wait("rings"))["rings"] == []


async def test_contact_hears_that_a_technician_asks_and_the_technician_that_it_was_shown(desk, now, tina, ann):
    async with ann() as device_page, tina() as desk_page:
        await device_page.wait("hello")
        await desk_page.wait("hello")
        chat = await do(offered, desk, now)
        assert (await device_page.wait("opened"))["head"]["state"] == "requested"
        await desk_page.wait("opened")
        await device_page.send(type="shown", chat=chat.pk)
        while not (await desk_page.wait("head"))["head"]["shown_at"]:
            pass
        await do(actions.accept, chat.pk, at_device(desk.pc), now)
        assert (await desk_page.wait("event", kind="accepted"))["head"]["state"] == "active"


async def test_what_was_missed_comes_in_order_from_the_place_that_is_known(desk, now, ann):
    chat = await do(talking, desk, now)
    for n in range(450):
        await do(say, chat, at_desk(desk.tina), f"line {n}", now)
    places = []
    async with ann() as page:
        since, more = 2, True
        while more:
            await page.send(type="sync", chats={str(chat.pk): since})
            answer = await page.wait("events")
            places += [event["seq"] for event in answer["events"]]
            since, more = places[-1], answer["more"]
    assert places == list(range(3, 453))


async def test_everything_arrives_by_heartbeat_when_the_doorbell_is_dead(desk, now, ann, monkeypatch):
    """Case 6, with the layer's own groups emptied: nothing that is announced reaches anybody."""
    monkeypatch.setattr(sockets, "BEAT_EVERY_S", 0.2)
    chat = await do(talking, desk, now)
    async with ann() as page:
        await page.wait("hello")
        await get_channel_layer().flush()
        await do(say, chat, at_desk(desk.tina), "Are you there?", now)
        while (await page.wait("beat"))["heads"][0]["last_seq"] < 3:
            pass
        await page.send(type="sync", chats={str(chat.pk): 2})
        assert [event["text"] for event in (await page.wait("events"))["events"]] == ["Are you there?"]


async def test_typing_and_marks_reach_the_other_side_only(desk, now, tina, ann):
    chat = await do(talking, desk, now)
    async with tina() as desk_page, ann() as device_page:
        await device_page.wait("hello")
        await desk_page.wait("hello")
        await device_page.send(type="typing", chat=chat.pk)
        assert (await desk_page.wait("typing"))["side"] == "contact"
        await device_page.send(type="seen", chat=chat.pk, delivered=2, read=2)
        while (await desk_page.wait("head"))["head"]["read"]["contact"] != 2:
            pass
    assert "typing" not in {frame["type"] for frame in device_page.frames}


async def test_a_request_that_was_watched_is_carried_once_it_is_accepted(desk, now, tina, ann):
    chat = await do(asked, desk, now)
    async with tina() as desk_page, ann() as device_page:
        await device_page.wait("hello")
        await desk_page.send(type="watch", chat=chat.pk)
        await desk_page.wait("head")
        await do(actions.accept, chat.pk, at_desk(desk.tina), now)
        await desk_page.wait("opened")
        await desk_page.send(type="typing", chat=chat.pk)
        assert (await device_page.wait("typing"))["side"] == "technician"
        await desk_page.send(type="unwatch", chat=chat.pk)
        await do(say, chat, at_device(desk.pc), "Still heard", now)
        assert (await desk_page.wait("event", kind="message"))["text"] == "Still heard"


async def test_a_stranger_is_told_so_and_closed(desk, now):
    for path, cookie in (
        ("/ws/", ""),
        ("/ws/", "sessionid=nobody"),
        ("/agent/ws/", ""),
        ("/agent/ws/", agent_cookie("")),
        ("/agent/ws/", agent_cookie("null")),
        ("/agent/ws/", await do(portal_cookie, desk.tina)),
    ):
        async with Page(path, cookie) as page:
            assert await page.closed() == 4401
            assert [frame["type"] for frame in page.frames] == ["bye"]


async def test_nothing_of_anothers_through_any_frame(desk, now):
    chat, eves = await do(talking, desk, now), await do(page_on, desk.eves_pc, now)
    async with Page("/agent/ws/", agent_cookie(eves.cookie)) as page:
        assert (await page.wait("hello"))["heads"] == []
        await page.send(type="post", chat=chat.pk, client_id=str(uuid4()), body="hello")
        assert (await page.wait("refused"))["code"] == "not_found"
        for frame in ({"type": "sync", "chats": {str(chat.pk): 0}}, {"type": "watch", "chat": chat.pk}):
            await page.send(**frame)
            assert (await page.wait("refused"))["code"] == "not_found"
        for frame in ({"type": "typing"}, {"type": "seen", "delivered": 2, "read": 2}, {"type": "shown"}):
            await page.send(**frame, chat=chat.pk)
        await do(say, chat, at_desk(desk.tina), "between us", now)
        await page.send(type="sync", chats={})
        await page.send(type="nonsense")
        await page.wait("refused", code="bad_frame")
    assert {frame["type"] for frame in page.frames} == {"hello", "refused"}
    await do(chat.refresh_from_db)
    # Ann's own request, and nothing since.
    assert chat.contact_read_seq == 1


async def test_a_contact_page_watches_no_ticket(desk, now, ann):
    async with ann() as page:
        await page.send(type="watch", ticket=1001)
        assert (await page.wait("refused"))["code"] == "bad_frame"


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "{",
        "[]",
        "null",
        '"post"',
        '{"type": 1}',
        '{"type": "__class__"}',
        '{"type": "chat_event"}',
        "[" * 8000,
        '{"type": "post", "chat": "1", "client_id": "x", "body": []}',
        '{"type": "post", "chat": 99999999999999999999, "client_id": "x", "body": "x"}',
        '{"type": "seen", "chat": true, "delivered": -1, "read": 1e9}',
        '{"type": "sync", "chats": {"-1": 2, "x": {}}}',
        '{"type": "sync", "chats": [1]}',
        '{"type": "post", "body": "' + "x" * 20_000 + '"}',
    ],
)
async def test_a_bad_frame_is_answered_and_the_socket_lives(desk, ann, text):
    async with ann() as page:
        await page.wait("hello")
        await page.send_raw(text)
        assert (await page.wait("refused"))["code"] == "bad_frame"
        await page.send(type="sync", chats={})
        await page.send_raw(data=b"\x00\x01")
        assert (await page.wait("refused"))["code"] == "bad_frame"


async def test_a_flood_is_closed_and_others_go_on(desk, now, tina, ann):
    chat = await do(talking, desk, now)
    async with ann() as flood, tina() as desk_page:
        await desk_page.wait("hello")
        for _ in range(400):
            await flood.send(type="typing", chat=chat.pk)
        assert await flood.closed() == 4429
        await desk_page.send(type="post", chat=chat.pk, client_id=str(uuid4()), body="still here")
        assert (await desk_page.wait("event", kind="message"))["text"] == "still here"


async def test_page_state_reaches_the_other_side(desk, now, tina, ann):
    await do(talking, desk, now)
    async with tina() as desk_page:
        assert (await desk_page.wait("hello"))["heads"][0]["pages"]["contact"] is False
        async with ann() as device_page:
            while not (await desk_page.wait("head"))["head"]["pages"]["contact"]:
                pass
            assert (await device_page.wait("hello"))["heads"][0]["pages"]["technician"] is True
        while (await desk_page.wait("head"))["head"]["pages"]["contact"]:
            pass
    assert desk_page.frames[-1]["head"]["pages"]["contact"] is False


async def test_reader_follows_anothers_chat_but_cannot_write(desk, now):
    chat = await do(talking, desk, now)
    async with Page("/ws/", await do(portal_cookie, desk.omar)) as page:
        await page.wait("hello")
        await page.send(type="watch", chat=chat.pk)
        await page.wait("head")
        await do(say, chat, at_desk(desk.tina), "I look at it", now)
        assert (await page.wait("event"))["text"] == "I look at it"
        await page.send(type="post", chat=chat.pk, client_id=str(uuid4()), body="me too")
        assert (await page.wait("refused"))["code"] == "not_yours"


async def test_two_hundred_frames_at_once_keep_their_order(desk, now, ann):
    chat = await do(talking, desk, now)
    async with ann() as page:
        for n in range(200):
            await page.send(type="post", chat=chat.pk, client_id=str(uuid4()), body=f"{n}")
        async with asyncio.timeout(30):
            said = [(await page.wait("event"))["text"] for _ in range(200)]
    assert said == [str(n) for n in range(200)]


async def test_home_hears_when_the_last_who_could_answer_goes(desk, ann):
    async with ann() as page:
        await page.wait("hello")
        await do(people.set_availability, desk.omar, is_available=False)
        await do(people.set_availability, desk.tina, is_available=False)
        await page.wait("people")
        await do(people.set_availability, desk.tina, is_available=True)
        await page.wait("people")
    assert [frame["type"] for frame in page.frames].count("people") == 2


async def test_a_silent_bell_costs_one_second_and_not_one_for_each(desk, now, monkeypatch):
    async def swallow(*_args):
        await asyncio.Event().wait()

    monkeypatch.setattr(get_channel_layer(), "group_send", swallow)
    began = time.monotonic()
    chat = await do(talking, desk, now)
    await do(say, chat, at_desk(desk.tina), "Nobody hears this at once", now)
    assert time.monotonic() - began < 2 * doorbell.RING_WITHIN_S
