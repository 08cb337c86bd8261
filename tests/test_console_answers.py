"""Answering requests, and holding chats, from the console: the first has it, and the others read it (S14, D3, N2)."""

import pytest
from django.urls import reverse

from accounts.models import Installation
from chat import actions
from chat.viewers import at_desk, at_device
from tests.cast import asked, cast, contact, device, offered, say, talking, ticket_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
IN_CONSOLE = HTMX | {"HX-Current-URL": "http://testserver/chats/"}
AT_TICKETS = HTMX | {"HX-Current-URL": "http://testserver/tickets/"}


@pytest.fixture
def world(clock, now):
    return cast()


@pytest.fixture
def tina(client, world):
    client.force_login(world.tina, "django.contrib.auth.backends.ModelBackend")
    return client


def press(client, name, pk, headers=HTMX, **data):
    return client.post(reverse(f"chat:{name}", args=[pk]), data, headers=headers)


def text(answer):
    return " ".join(answer.content.decode().split())


def state(chat):
    chat.refresh_from_db()
    return chat.state, chat.end_reason


def test_a_card_says_who_where_about_what_and_who_else_is_asked(tina, world, now):
    ticket_of(world, now, title="Printer jams")
    asked(world, now, about="Blank pages")
    cards = text(tina.get(reverse("chat:rings")))
    for words in ("Ann Keller", "Acme · ACME-PC-01", "“Blank pages”", "Printer jams", "Omar sees it too"):
        assert words in cards


def test_a_card_leaves_out_who_declined(tina, world, now):
    chat = asked(world, now)
    actions.decline(chat.pk, at_desk(world.omar), now)
    assert "sees it too" not in text(tina.get(reverse("chat:rings")))


def test_three_cards_and_the_rest_is_counted(tina, world, now):
    for n in range(5):
        asked(world, now, at=device(world.acme, f"PC-{n}", contact=contact(world.acme, f"Person{n} Smith")))
    cards = text(tina.get(reverse("chat:rings")))
    assert cards.count("data-ring ") == 3
    assert "+2 more" in cards


def test_accepting_elsewhere_leads_to_the_chat(tina, world, now):
    chat = asked(world, now)
    answer = press(tina, "accept", chat.pk, AT_TICKETS)
    assert answer["HX-Redirect"] == f"/chats/{chat.pk}/"
    assert state(chat) == ("active", "")


def test_accepting_in_the_console_opens_the_chat_in_it(tina, world, now):
    chat = asked(world, now)
    assert f'"/chats/{chat.pk}/"' in press(tina, "accept", chat.pk, IN_CONSOLE)["HX-Location"]


def test_the_second_reads_who_was_first(tina, world, now):
    chat = asked(world, now)
    actions.accept(chat.pk, at_desk(world.omar), now)
    answer = press(tina, "accept", chat.pk)
    assert answer.status_code == 409
    assert "Omar Haddad took this chat" in text(answer)
    assert press(tina, "decline", chat.pk).status_code == 409


def test_without_a_script_the_second_reads_it_on_a_page(tina, world, now):
    chat = asked(world, now)
    actions.accept(chat.pk, at_desk(world.omar), now)
    answer = press(tina, "accept", chat.pk, headers={})
    assert answer.status_code == 409
    assert "Omar Haddad took this chat" in text(answer)


def test_a_double_click_on_accept_is_harmless(tina, world, now):
    chat = asked(world, now)
    first, second = press(tina, "accept", chat.pk), press(tina, "accept", chat.pk)
    assert first["HX-Redirect"] == second["HX-Redirect"]
    assert chat.events.filter(kind="accepted").count() == 1


def test_accepting_what_the_contact_cancelled_says_so(tina, world, now):
    chat = asked(world, now)
    actions.cancel(chat.pk, at_device(world.pc), now)
    answer = press(tina, "accept", chat.pk)
    assert answer.status_code == 409
    assert "Ann cancelled the request" in text(answer)


def test_declining_silences_it_for_me_and_not_for_others(tina, world, now, client):
    chat = asked(world, now)
    press(tina, "decline", chat.pk)
    assert "Ann Keller" not in text(tina.get(reverse("chat:rings")))
    client.force_login(world.omar, "django.contrib.auth.backends.ModelBackend")
    assert "Ann Keller" in text(client.get(reverse("chat:rings")))


def test_when_all_have_declined_it_is_busy(tina, world, now):
    chat = asked(world, now)
    actions.decline(chat.pk, at_desk(world.omar), now)
    press(tina, "decline", chat.pk)
    assert state(chat) == ("ended", "busy")


def test_ending_asks_nothing_and_offers_a_new_start(tina, world, now):
    chat = talking(world, now)
    assert press(tina, "end", chat.pk).status_code == 204
    page = text(tina.get(reverse("chat:chat", args=[chat.pk])))
    assert state(chat) == ("ended", "by_technician")
    assert "You ended the chat" in page
    assert "Start chat" in page


def test_ending_twice_shows_how_it_stands(tina, world, now):
    chat = talking(world, now)
    actions.end(chat.pk, at_device(world.pc), now)
    answer = press(tina, "end", chat.pk)
    assert answer.status_code == 409
    assert "Ann ended the chat" in text(answer)


def test_keep_it_open_is_activity(tina, world, now, clock):
    chat = talking(world, now)
    clock.shift(290)
    assert press(tina, "keep_open", chat.pk).status_code == 204
    clock.shift(20)
    assert "data-composer" in text(tina.get(reverse("chat:chat", args=[chat.pk])))


def test_somebody_elses_chat_is_read_and_nothing_else(tina, world, now):
    chat = talking(world, now, by=world.omar)
    say(chat, at_device(world.pc), "It is blank", now)
    page = text(tina.get(reverse("chat:chat", args=[chat.pk])))
    assert "It is blank" in page
    assert "Omar Haddad holds this chat" in page
    assert "data-composer" not in page
    assert "End chat" not in page


@pytest.mark.parametrize("name", ["end", "keep_open", "make_ticket"])
def test_nobody_acts_in_somebody_elses_chat(tina, world, now, name):
    chat = talking(world, now, by=world.omar)
    assert press(tina, name, chat.pk).status_code == 409
    assert state(chat) == ("active", "")


def test_my_request_waits_in_its_thread_and_can_be_cancelled_there(tina, world, now):
    chat = offered(world, now)
    assert "Ann has not answered yet" in text(tina.get(reverse("chat:chat", args=[chat.pk])))
    press(tina, "cancel", chat.pk)
    assert "You cancelled the request" in text(tina.get(reverse("chat:chat", args=[chat.pk])))
    assert state(chat) == ("ended", "cancelled")


def test_nobody_cancels_somebody_elses_request(tina, world, now):
    chat = offered(world, now, by=world.omar)
    assert press(tina, "cancel", chat.pk).status_code == 409
    assert state(chat) == ("requested", "")


def test_the_page_of_a_person_says_what_is_known(tina, world, now):
    other = ticket_of(world, now, title="Second monitor stays black")
    chat = talking(world, now)
    page = text(tina.get(reverse("chat:chat", args=[chat.pk])))
    assert "ann@acme.example" in page
    assert f"#{other.number}" in page
    assert "Second monitor stays black" in page
    assert "page closed" in page


def test_another_vocabulary_says_user_for_contact(tina, world, now):
    Installation.objects.update(vocabulary="it")
    chat = offered(world, now, at=world.free_pc)
    assert "No user is assigned to this device yet" in text(tina.get(reverse("chat:chat", args=[chat.pk])))
