"""The console's list and pages: what a technician finds there, and that strangers find nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from chat.viewers import at_desk, at_device
from tests.cast import asked, cast, contact, device, offered, say, talking

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
GETS = ["console", "list", "rings", "sync", "home"]
GETS_OF_CHAT = ["chat", "connecting", "history"]
POSTS_OF_CHAT = [
    *("accept", "decline", "cancel", "end", "keep_open"),
    *("make_ticket", "name_ticket", "post", "seen"),
]


@pytest.fixture
def world(clock, now):
    return cast()


@pytest.fixture
def tina(client, world):
    client.force_login(world.tina, "django.contrib.auth.backends.ModelBackend")
    return client


def text(answer):
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("name", GETS)
def test_a_stranger_is_sent_to_the_sign_in(client, world, name):
    answer = client.get(reverse(f"chat:{name}"))
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/")


@pytest.mark.parametrize("name", GETS_OF_CHAT + POSTS_OF_CHAT)
def test_a_stranger_learns_nothing_of_a_chat(client, world, now, name):
    chat = talking(world, now)
    ask = client.get if name in GETS_OF_CHAT else client.post
    known, unknown = (ask(reverse(f"chat:{name}", args=[pk])) for pk in (chat.pk, 9999))
    assert known.status_code == unknown.status_code == 302
    chat.refresh_from_db()
    assert chat.state == "active"


@pytest.mark.parametrize("name", GETS_OF_CHAT + POSTS_OF_CHAT)
def test_a_chat_that_is_not_there_is_404(tina, name):
    address = reverse(f"chat:{name}", args=[9999])
    message = {"client_id": str(uuid4()), "body": "Hello", "delivered": 1, "read": 1}
    answer = tina.get(address) if name in GETS_OF_CHAT else tina.post(address, message, "application/json")
    assert answer.status_code == 404


@pytest.mark.parametrize("name", POSTS_OF_CHAT)
def test_a_link_changes_nothing(tina, world, now, name):
    chat = talking(world, now)
    assert tina.get(reverse(f"chat:{name}", args=[chat.pk])).status_code == 405


def test_who_waits_is_shown_with_first_words(tina, world, now):
    chat = asked(world, now, about="The label printer prints blank pages")
    page = text(tina.get(reverse("chat:console")))
    assert "Ann Keller" in page
    assert "“The label printer prints blank pages”" in page
    assert reverse("chat:accept", args=[chat.pk]) in page


def test_a_request_that_i_declined_no_longer_waits_for_me(tina, world, now):
    chat = asked(world, now)
    tina.post(reverse("chat:decline", args=[chat.pk]), headers=HTMX)
    assert "Ann Keller" not in text(tina.get(reverse("chat:list")))


def test_an_unavailable_technician_sees_requests_in_chats_and_no_card(tina, world, now):
    asked(world, now, about="VPN")
    world.tina.is_available = False
    world.tina.save(update_fields=["is_available"])
    assert "Ann Keller" in text(tina.get(reverse("chat:list")))
    assert "Ann Keller" not in text(tina.get(reverse("chat:rings")))


def test_who_waits_longest_for_an_answer_stands_on_top(tina, world, now):
    quiet, waits = talking(world, now), talking(world, now, at=world.eves_pc)
    say(waits, at_device(world.eves_pc), "Are you there?", now + timedelta(seconds=5))
    say(quiet, at_desk(world.tina), "One moment", now + timedelta(seconds=50))
    page = text(tina.get(reverse("chat:list")))
    assert page.index("Eve Stone") < page.index("Ann Keller")
    assert "You: One moment" in page


def test_my_own_request_stands_among_my_chats(tina, world, now):
    offered(world, now)
    page = text(tina.get(reverse("chat:list")))
    assert "Connecting…" in page
    assert "Ann Keller" in page


def test_what_is_over_by_the_clock_is_shown_as_over(tina, world, now, clock):
    chat = talking(world, now)
    clock.shift(301)
    page = text(tina.get(reverse("chat:chat", args=[chat.pk])))
    assert "The chat ended after 5 quiet minutes" in page
    assert "data-composer" not in page


def test_last_words_of_a_chat_that_ended_are_not_folded_away(tina, world, now, clock):
    chat = talking(world, now)
    say(chat, at_device(world.pc), "Never mind, it works", now)
    clock.shift(301)
    page = text(tina.get(reverse("chat:list")))
    assert page.index("Never mind, it works") < page.index("</nav>")
    assert 'data-unread="1"' in page
    assert "Ended today" not in page


def test_a_request_nobody_answered_can_be_found_again(tina, world, now, clock):
    asked(world, now, about="Help")
    clock.shift(121)
    assert "Nobody answered Ann within 2 minutes" in text(tina.get(reverse("chat:list")))


@pytest.mark.parametrize("count", [1, 9])
def test_the_page_asks_the_database_as_often_for_many_chats_as_for_one(
    tina, world, now, count, django_assert_max_num_queries
):
    chats = [talking(world, now, at=device) for device in devices(world, count)]
    for chat in chats:
        say(chat, at_device(chat.device), "Hello", now)
    with django_assert_max_num_queries(15):
        tina.get(reverse("chat:chat", args=[chats[0].pk]))


def devices(world, count):
    return [device(world.acme, f"PC-{n}", contact=contact(world.acme, f"Person{n} Smith")) for n in range(count)]
