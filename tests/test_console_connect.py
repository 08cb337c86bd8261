"""A technician asks: from a device and from a ticket, with every outcome in words (S7–S12, D6, D7)."""

import pytest
from django.urls import reverse

from accounts.models import Installation
from chat import actions
from chat.models import ChatSession
from chat.viewers import at_desk, at_device
from devices.actions import see_page
from tests.cast import asked, cast, offered, say, talking, ticket_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "dialog", "HX-Current-URL": "http://testserver/devices/1/"}


@pytest.fixture
def world(clock, now):
    return cast()


@pytest.fixture
def tina(client, world):
    client.force_login(world.tina, "django.contrib.auth.backends.ModelBackend")
    return client


def connect(client, device, headers=HTMX):
    return client.post(reverse("chat:connect", args=[device.pk]), headers=headers)


def start(client, ticket, headers=HTMX):
    return client.post(reverse("chat:start_from_ticket", args=[ticket.number]), headers=headers)


def steps(client, chat):
    return client.get(reverse("chat:connecting", args=[chat.pk]), headers=HTMX)


def text(answer):
    return " ".join(answer.content.decode().split())


def only_chat():
    return ChatSession.objects.get()


def test_strangers_ask_nobody(client, world, now):
    ticket = ticket_of(world, now)
    assert connect(client, world.pc)["HX-Redirect"].startswith("/sign-in/")
    assert start(client, ticket)["HX-Redirect"].startswith("/sign-in/")
    assert not ChatSession.objects.exists()


def test_asking_shows_each_step_with_what_really_happened(tina, world, now):
    dialog = text(connect(tina, world.pc))
    for words in ("Connecting…", "Request sent", "The page is closed on ACME-PC-01", "Cancel request"):
        assert words in dialog
    assert "Page opened on the device" not in dialog
    assert "Keep waiting in Chats" in dialog


def test_the_page_that_shows_the_request_lights_its_step(tina, world, now):
    connect(tina, world.pc)
    see_page(world.pc.pk, now)
    assert "It has not shown the request yet" in text(steps(tina, only_chat()))
    actions.shown(only_chat().pk, at_device(world.pc), now)
    dialog = text(steps(tina, only_chat()))
    assert "Page opened on the device" in dialog
    assert "Ann sees your name, Accept and Decline." in dialog


def test_accepted_leads_to_the_chat(tina, world, now):
    chat = offered(world, now)
    actions.accept(chat.pk, at_device(world.pc), now)
    assert steps(tina, chat)["HX-Redirect"] == f"/chats/{chat.pk}/"


def test_declined_says_so_and_may_be_asked_again(tina, world, now):
    chat = offered(world, now)
    actions.shown(chat.pk, at_device(world.pc), now)
    actions.decline(chat.pk, at_device(world.pc), now)
    dialog = text(steps(tina, chat))
    for words in ("Ann declined the chat", "Declined by Ann", "Ask again", "Close", "Write in a ticket instead"):
        assert words in dialog
    assert f"/tickets/new/?device={world.pc.pk}" in dialog
    assert "Connecting…" in text(connect(tina, world.pc))


def test_no_answer_and_no_page_are_told_apart(tina, world, now, clock):
    unseen, seen = offered(world, now), offered(world, now, at=world.eves_pc)
    actions.shown(seen.pk, at_device(world.eves_pc), now)
    clock.shift(121)
    assert "The page did not open on ACME-PC-01" in text(steps(tina, unseen))
    dialog = text(steps(tina, seen))
    assert "Eve did not answer within 2 minutes" in dialog
    assert "Page opened on the device" in dialog


def test_cancelling_in_the_dialog_says_so_in_it(tina, world, now):
    chat = offered(world, now)
    dialog = text(tina.post(reverse("chat:cancel", args=[chat.pk]), headers=HTMX))
    assert "You cancelled the request" in dialog
    assert "Ask again" in dialog


def test_asking_twice_is_one_request(tina, world, now):
    first, second = connect(tina, world.pc), connect(tina, world.pc)
    assert text(first) == text(second)
    assert only_chat().state == "requested"


def test_without_a_script_asking_leads_to_the_waiting_thread(tina, world, now):
    assert connect(tina, world.pc, headers={}).url == f"/chats/{only_chat().pk}/"


def test_who_asks_while_the_contact_rings_accepts(tina, world, now):
    chat = asked(world, now)
    assert connect(tina, world.pc)["HX-Redirect"] == f"/chats/{chat.pk}/"
    chat.refresh_from_db()
    assert chat.technician == world.tina


def test_a_mac_is_refused_with_a_way_on(tina, world, now):
    answer = connect(tina, world.mac)
    assert answer.status_code == 409
    assert "Chat is not available on Mac yet" in text(answer)
    assert f"/tickets/new/?device={world.mac.pk}" in text(answer)


def test_a_plan_without_chat_is_refused(tina, world, now):
    Installation.objects.update(plan="professional", trial_started_at=now.replace(year=2025))
    assert "Chat is not part of this plan" in text(connect(tina, world.pc))
    assert not ChatSession.objects.exists()


def test_a_technician_may_ask_where_contacts_may_not_start(tina, world, now):
    Installation.objects.update(is_chat_enabled=False)
    assert "Connecting…" in text(connect(tina, world.pc))


def test_somebody_elses_chat_is_named_with_a_link_to_read(tina, world, now):
    chat = talking(world, now, by=world.omar)
    answer = connect(tina, world.pc)
    assert answer.status_code == 409
    assert "Omar Haddad is chatting with Ann Keller already" in text(answer)
    assert f"/chats/{chat.pk}/" in text(answer)
    assert "Omar Haddad" in text(connect(tina, world.pc, headers={}))


def test_a_ticket_starts_a_chat_that_is_its_own(tina, world, now):
    ticket = ticket_of(world, now)
    assert "Connecting…" in text(start(tina, ticket))
    assert only_chat().ticket == ticket


def test_the_open_chat_without_a_ticket_becomes_the_tickets(tina, world, now):
    chat, ticket = talking(world, now), ticket_of(world, now)
    assert start(tina, ticket)["HX-Redirect"] == f"/chats/{chat.pk}/"
    assert only_chat().ticket == ticket


def test_on_the_tickets_own_page_its_chat_goes_on_right_there(tina, world, now):
    ticket = ticket_of(world, now)
    chat = offered(world, now, ticket=ticket)
    actions.accept(chat.pk, at_device(world.pc), now)
    there = HTMX | {"HX-Current-URL": f"http://testserver/tickets/{ticket.number}/"}
    answer = tina.get(reverse("chat:connecting", args=[chat.pk]), headers=there)
    assert "HX-Redirect" not in answer
    assert "hd:goes-on" in answer["HX-Trigger"]


def test_the_open_chat_of_another_ticket_is_refused_with_a_link(tina, world, now):
    chat = talking(world, now)
    other = actions.make_ticket(chat.pk, at_desk(world.tina), now)
    answer = start(tina, ticket_of(world, now))
    assert answer.status_code == 409
    assert f"belongs to ticket #{other.number}" in text(answer)
    assert f"/chats/{chat.pk}/" in text(answer)


def test_a_ticket_without_a_device_says_so(tina, world, now):
    ticket = ticket_of(world, now)
    world.pc.contact = None
    world.pc.save(update_fields=["contact"])
    answer = start(tina, ticket)
    assert answer.status_code == 409
    assert "There is no device on which this person can be asked" in text(answer)


def test_the_thread_of_a_ticket_begins_with_what_was_said_before(tina, world, now, clock):
    chat = talking(world, now)
    ticket = actions.make_ticket(chat.pk, at_desk(world.tina), now)
    say(chat, at_device(world.pc), "It jams again", now)
    actions.end(chat.pk, at_desk(world.tina), now)
    clock.shift(60)
    start(tina, ticket)
    again = ChatSession.objects.open().get()
    assert "It jams again" in text(tina.get(reverse("chat:chat", args=[again.pk])))
