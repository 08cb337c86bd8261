"""The ticket of a chat, and what the pages of devices and tickets show of chats (S17, S18, P3)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation
from chat import actions
from chat.viewers import at_desk, at_device
from devices.actions import see_page
from tests.cast import cast, offered, say, talking, ticket_of
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def world(clock, now):
    return cast()


@pytest.fixture
def tina(client, world):
    client.force_login(world.tina, "django.contrib.auth.backends.ModelBackend")
    return client


def press(client, name, pk, **data):
    return client.post(reverse(f"chat:{name}", args=[pk]), data, headers=HTMX)


def part(client, name, pk):
    return text(client.get(reverse(f"chat:{name}", args=[pk]), headers=HTMX))


def text(answer):
    return " ".join(answer.content.decode().split())


def test_create_ticket_is_one_click_and_one_ticket(tina, world, now):
    chat = talking(world, now)
    assert "Create ticket" in part(tina, "chat", chat.pk)
    press(tina, "make_ticket", chat.pk)
    press(tina, "make_ticket", chat.pk)
    page = part(tina, "chat", chat.pk)
    ticket = Ticket.objects.get()
    assert f"#{ticket.number}" in page
    assert "Create ticket" not in page


def test_no_ticket_is_made_of_a_request_that_nobody_accepted(tina, world, now):
    chat = offered(world, now)
    assert "Create ticket" not in part(tina, "chat", chat.pk)
    assert press(tina, "make_ticket", chat.pk).status_code == 409


def test_the_name_is_saved_where_it_stands(tina, world, now):
    chat = talking(world, now)
    press(tina, "make_ticket", chat.pk)
    answer = press(tina, "name_ticket", chat.pk, title="  Outlook asks again ")
    assert "is-saved" in text(answer)
    assert Ticket.objects.get().title == "Outlook asks again"


def test_an_empty_name_changes_nothing(tina, world, now):
    chat = talking(world, now)
    ticket = actions.make_ticket(chat.pk, at_desk(world.tina), now)
    press(tina, "name_ticket", chat.pk, title="Outlook")
    press(tina, "name_ticket", chat.pk, title=" ")
    ticket.refresh_from_db()
    assert ticket.title == "Outlook"


def test_a_name_that_is_too_long_is_refused_and_kept_in_the_field(tina, world, now):
    chat = talking(world, now)
    actions.make_ticket(chat.pk, at_desk(world.tina), now)
    answer = press(tina, "name_ticket", chat.pk, title="x" * 201)
    assert answer.status_code == 422
    assert "x" * 201 in text(answer)
    assert Ticket.objects.get().title == ""


def test_a_chat_without_a_ticket_has_no_name_to_give(tina, world, now):
    assert press(tina, "name_ticket", talking(world, now).pk, title="Outlook").status_code == 409


def test_the_first_words_are_suggested_as_the_name(tina, world, now):
    chat = talking(world, now, about="Outlook asks for the password")
    actions.make_ticket(chat.pk, at_desk(world.tina), now)
    assert "Suggested:" in part(tina, "chat", chat.pk)
    press(tina, "name_ticket", chat.pk, title="Passwords")
    assert "Suggested:" not in part(tina, "chat", chat.pk)


def test_at_the_end_the_ticket_asks_for_its_name(tina, world, now):
    chat = talking(world, now)
    actions.make_ticket(chat.pk, at_desk(world.tina), now)
    assert "Give the ticket a name" not in part(tina, "chat", chat.pk)
    press(tina, "end", chat.pk)
    assert "Give the ticket a name" in part(tina, "chat", chat.pk)


def test_what_people_type_is_shown_as_text(tina, world, now):
    chat = talking(world, now, about="<script>alert(1)</script>")
    actions.make_ticket(chat.pk, at_desk(world.tina), now)
    press(tina, "name_ticket", chat.pk, title='"><img src=x>')
    for page in (part(tina, "chat", chat.pk), text(tina.get(reverse("chat:list")))):
        assert "<script>alert" not in page
        assert "<img" not in page


def test_the_device_page_says_what_is_ready_and_what_it_means(tina, world, now):
    see_page(world.pc.pk, now)
    page = part(tina, "of_device", world.pc.pk)
    for words in (
        "Page open on this device",
        "HelpDesk Agent is on for Acme",
        "Chat is switched on",
        "Growth plan includes chat",
        "Ann can start a chat, and you can ask for one.",
    ):
        assert words in page


def test_the_device_page_names_what_is_in_the_way(tina, world, now):
    Installation.objects.update(is_chat_enabled=False)
    page = part(tina, "of_device", world.pc.pk)
    assert "Chat is switched off" in page
    assert "Nobody can start one from this device" in page
    assert "No chat is possible here" in part(tina, "of_device", world.mac.pk)


def test_the_device_page_lists_its_chats_with_how_they_went(tina, world, now, clock):
    chat = talking(world, now)
    say(chat, at_device(world.pc), "Hello", now)
    actions.end(chat.pk, at_desk(world.tina), now)
    asked = offered(world, now, by=world.omar)
    actions.decline(asked.pk, at_device(world.pc), now)
    page = part(tina, "of_device", world.pc.pk)
    assert "Ann Keller with Tina Okafor · 1 message" in page
    assert "Ann declined the chat" in page


def test_a_ticket_shows_its_chats_past_and_present_as_one_thread(tina, world, now, clock):
    ticket = ticket_of(world, now)
    for words in ("First words", "Second words"):
        chat = offered(world, now, ticket=ticket)
        actions.accept(chat.pk, at_device(world.pc), now)
        say(chat, at_device(world.pc), words, now)
        if words == "First words":
            actions.end(chat.pk, at_desk(world.tina), now)
            now = clock.shift(60) or timezone.now()
    page = part(tina, "of_ticket", ticket.number)
    assert page.index("First words") < page.index("Second words")
    assert "data-composer" in page


def test_a_ticket_without_chats_shows_none(tina, world, now):
    assert "data-thread" not in part(tina, "of_ticket", ticket_of(world, now).number)


@pytest.mark.parametrize("name", ["of_device", "of_ticket"])
def test_strangers_and_wrong_numbers_get_nothing(client, tina, world, name):
    assert tina.get(reverse(f"chat:{name}", args=[9999])).status_code == 404
    client.logout()
    assert client.get(reverse(f"chat:{name}", args=[9999])).status_code == 302
