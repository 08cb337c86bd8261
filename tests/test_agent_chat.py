"""The contact is asked, talks and ends, on the page itself (S7–S12, D2–D7)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts import actions as people
from chat import actions
from chat.models import ChatSession
from chat.rules import MESSAGES_IN_A_ROW
from chat.states import EndReason, State
from chat.viewers import at_desk, at_device
from tests.agent import Page, text
from tests.cast import asked, offered, say, talking, ticket_of
from tickets.models import Ticket


@pytest.fixture
def ann(desk, clock):
    return Page(desk.pc)


def nobody_available(desk):
    for technician in (desk.tina, desk.omar):
        people.set_availability(technician, is_available=False)


def test_a_ticket_that_is_not_the_contacts_is_not_linked(ann, desk, now):
    ticket = ticket_of(desk, now, device=desk.pc)
    Ticket.objects.filter(pk=ticket.pk).update(contact=None, title="Noise in the attic")
    chat = offered(desk, now, ticket=Ticket.objects.get(pk=ticket.pk))
    assert "attic" not in text(ann.get(f"chats/{chat.pk}/"))
    actions.accept(chat.pk, at_device(desk.pc), now)
    actions.end(chat.pk, at_desk(desk.tina), now)
    page = text(ann.get(f"chats/{chat.pk}/"))
    assert "The chat has ended" in page
    assert "attic" not in page
    assert f"/agent/tickets/{ticket.number}/" not in page


def test_more_than_anybody_types_waits_over_http(ann, desk, now):
    chat = talking(desk, now)
    for _ in range(MESSAGES_IN_A_ROW):
        say(chat, at_device(desk.pc), "again", now)
    answer = ann.post_json(f"chats/{chat.pk}/messages/", {"client_id": str(uuid4()), "body": "and again"})
    assert answer.status_code == 429
    assert answer.json()["code"] == "too_fast"


# A technician asks.


def test_the_request_says_who_asks_about_what_and_what_it_means(ann, desk, now):
    ticket = ticket_of(desk, now, title="Printer jams", device=desk.pc)
    screen = text(ann.get(f"chats/{offered(desk, now, ticket=ticket).pk}/"))
    assert "Tina Okafor wants to chat with you" in screen
    assert f"About your ticket #{ticket.number}" in screen
    assert "Printer jams" in screen
    assert "This opens a chat and nothing else. Nobody sees your screen or your files." in screen


def test_accept(ann, desk, now):
    chat = offered(desk, now)
    assert "Conversation with Tina Okafor" in text(ann.press(f"chats/{chat.pk}/accept/"))
    chat.refresh_from_db()
    assert chat.state == State.ACTIVE


def test_a_second_click_on_accept_shows_the_chat(ann, desk, now):
    chat = offered(desk, now)
    ann.press(f"chats/{chat.pk}/accept/")
    again = ann.press(f"chats/{chat.pk}/accept/")
    assert (again.status_code, "Conversation with" in text(again)) == (409, True)


def test_decline(ann, desk, now):
    chat = offered(desk, now)
    assert "You declined the chat." in text(ann.press(f"chats/{chat.pk}/decline/"))
    chat.refresh_from_db()
    assert chat.end_reason == EndReason.DECLINED


def test_accepted_after_the_technician_took_it_back(ann, desk, now):
    chat = offered(desk, now)
    actions.cancel(chat.pk, at_desk(desk.tina), now)
    answer = ann.press(f"chats/{chat.pk}/accept/")
    assert answer.status_code == 409
    assert "The request has ended." in text(answer)


def test_a_request_that_was_missed_is_told_at_home(ann, desk, now, clock):
    chat = offered(desk, now)
    clock.shift(121)
    home = text(ann.get(""))
    assert "Tina Okafor asked to chat at" in home
    assert "Start chat" in home
    assert "Tina Okafor asked to chat at" in text(ann.part(f"chats/{chat.pk}/"))


@pytest.mark.parametrize("hours", [13, 24 * 7])
def test_a_request_that_was_missed_long_ago_is_not(hours, ann, desk, now, clock):
    offered(desk, now)
    clock.shift(timedelta(hours=hours))
    assert "asked to chat at" not in text(ann.get(""))


def test_a_missed_request_is_forgotten_once_there_was_a_chat(ann, desk, now, clock):
    offered(desk, now)
    clock.shift(121)
    later = now + timedelta(seconds=121)
    actions.end(talking(desk, later).pk, at_device(desk.pc), later)
    assert "asked to chat at" not in text(ann.get(""))


# Talking, and the end.


def test_the_chat_shows_what_was_said(ann, desk, now):
    chat = talking(desk, now, about="Printer prints blank pages")
    say(chat, at_desk(desk.tina), "Is it ACME-PRN-2?", now)
    screen = text(ann.get(f"chats/{chat.pk}/"))
    assert "Printer prints blank pages" in screen
    assert "Is it ACME-PRN-2?" in screen
    assert "End chat" in screen


def test_the_contact_ends_it(ann, desk, now, clock):
    chat = talking(desk, now)
    clock.shift(120)
    screen = text(ann.press(f"chats/{chat.pk}/end/"))
    assert "The chat has ended" in screen
    assert "You ended the chat at" in screen
    assert "after 2 min" in screen


def test_the_technician_ended_it_and_the_ticket_keeps_it(ann, desk, now):
    chat = talking(desk, now)
    ticket = actions.make_ticket(chat.pk, at_desk(desk.tina), now)
    actions.end(chat.pk, at_desk(desk.tina), now)
    screen = text(ann.get(f"chats/{chat.pk}/"))
    assert "Tina Okafor ended it at" in screen
    assert f"Ticket #{ticket.number} keeps it all" in screen


def test_the_quiet_end(ann, desk, now, clock):
    chat = talking(desk, now)
    clock.shift(301)
    assert "after 5 quiet minutes. Everything is kept." in " ".join(text(ann.get(f"chats/{chat.pk}/")).split())


def test_what_was_said_can_be_read_again_but_not_answered(ann, desk, now):
    chat = talking(desk, now)
    say(chat, at_desk(desk.tina), "Your new password is swordfish", now)
    actions.end(chat.pk, at_desk(desk.tina), now)
    screen = text(ann.get(f"chats/{chat.pk}/?read=1"))
    assert "swordfish" in screen
    assert "<textarea" not in screen


def test_keep_it_open(ann, desk, now, clock):
    chat = talking(desk, now)
    clock.shift(250)
    assert ann.press(f"chats/{chat.pk}/keep-open/").status_code == 204
    chat.refresh_from_db()
    assert chat.idle_due_at == now + timedelta(seconds=550)


def test_kept_open_too_late_it_shows_the_end(ann, desk, now, clock):
    chat = talking(desk, now)
    clock.shift(301)
    answer = ann.press(f"chats/{chat.pk}/keep-open/")
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "global #screen")
    assert "The chat has ended" in text(answer)


# Nobody is known at the device (D4, D5).


@pytest.fixture
def somebody(desk, clock):
    return Page(desk.free_pc)


def test_a_chat_with_somebody_unknown_is_seen_only_while_it_is_open(somebody, desk, now):
    chat = offered(desk, now, at=desk.free_pc)
    assert "Conversation with Tina Okafor" in text(somebody.press(f"chats/{chat.pk}/accept/"))
    actions.end(chat.pk, at_desk(desk.tina), now)
    gone = somebody.get(f"chats/{chat.pk}/")
    assert gone.status_code == 404
    assert "Tina" not in text(gone)


def test_somebody_unknown_ends_a_chat_and_reads_so(somebody, desk, now):
    chat = offered(desk, now, at=desk.free_pc)
    somebody.press(f"chats/{chat.pk}/accept/")
    answer = somebody.press(f"chats/{chat.pk}/end/")
    assert "You ended the chat." in text(answer)
    assert answer["HX-Replace-Url"] == "/agent/"


def test_somebody_unknown_declines_and_reads_so(somebody, desk, now):
    chat = offered(desk, now, at=desk.free_pc)
    assert "You declined the chat." in text(somebody.press(f"chats/{chat.pk}/decline/"))


@pytest.mark.parametrize("over", ["idle", "no_answer", "by_technician", "revoked"])
def test_home_says_how_a_chat_out_of_sight_ended(over, somebody):
    assert "has ended" in text(somebody.part(f"?over={over}"))


@pytest.mark.parametrize("over", ["", "Your+computer+is+infected", "busy' onload='"])
def test_home_says_nothing_that_an_address_makes_up(over, somebody):
    home = text(somebody.part(f"?over={over}"))
    assert "infected" not in home
    assert "has ended" not in home


def test_a_poll_brings_lines_of_what_has_news_or_is_not_known_yet(ann, desk, now):
    chat = talking(desk, now)
    for since, lines in (("", [1, 2]), (f"{chat.pk}:0", [1, 2]), (f"{chat.pk}:1", [2])):
        [found] = ann.get(f"sync/?since={since}").json()["chats"]
        assert [event["seq"] for event in found["events"]] == lines
    answer = ann.get(f"sync/?since={chat.pk}:2").json()
    assert answer["chats"] == []
    assert answer["heads"][0]["last_seq"] == 2


@pytest.mark.parametrize("by_tina", [True, False])
def test_a_chat_is_overdue_by_its_row_when_the_query_finds_it(desk, now, by_tina):
    waiting, active = (offered if by_tina else asked)(desk, now), talking(desk, now, at=desk.eves_pc)
    for chat, due_at in ((waiting, waiting.answer_due_at), (active, active.idle_due_at)):
        for late_s in (-1, 0, 1):
            then = due_at + timedelta(seconds=late_s)
            is_found = ChatSession.objects.overdue(then).filter(pk=chat.pk).exists()
            assert chat.is_overdue(then) is is_found is (late_s >= 0)
