"""The contact asks for a chat, is refused, waits, and how that ends, on the page itself (S13–S15, D4–D8)."""

from datetime import timedelta

import pytest

from accounts import actions as people
from accounts.models import Plan
from chat import actions
from chat.models import ChatSession
from chat.rules import REQUESTS_IN_A_ROW
from chat.states import EndReason, State
from chat.viewers import at_desk, at_device
from tests.agent import Page, text
from tests.cast import asked, offered, talking


@pytest.fixture
def ann(desk, clock):
    return Page(desk.pc)


def nobody_available(desk):
    for technician in (desk.tina, desk.omar):
        people.set_availability(technician, is_available=False)


# Asking.


def test_the_contact_asks_and_reads_who_is_asked(ann, desk):
    answer = ann.press("start/", about="Printer prints blank pages")
    chat = desk.pc.chats.get()
    assert answer["HX-Replace-Url"] == f"/agent/chats/{chat.pk}/"
    assert "Asking our technicians" in text(answer)
    assert "No technician has the page open yet." in text(answer)
    assert "Printer prints blank pages" in text(answer)


def test_how_many_technicians_see_it(ann, desk, now):
    chat = asked(desk, now)
    actions.shown(chat.pk, at_desk(desk.tina), now)
    assert "1 technician sees your request now." in text(ann.get(f"chats/{chat.pk}/"))
    actions.shown(chat.pk, at_desk(desk.omar), now)
    assert "2 technicians see your request now." in text(ann.get(f"chats/{chat.pk}/"))


def test_a_double_click_asks_once(ann, desk):
    first, second = ann.press("start/", about="Printer"), ann.press("start/", about="Printer")
    assert first["HX-Replace-Url"] == second["HX-Replace-Url"]
    assert desk.pc.chats.count() == 1


def test_home_leads_to_the_open_chat(ann, desk, now):
    chat = asked(desk, now)
    assert ann.get("").headers["Location"] == f"/agent/chats/{chat.pk}/"


def test_start_chat_while_a_technician_asks_shows_that_request(ann, desk, now):
    offered(desk, now)
    assert "Tina Okafor wants to chat with you" in text(ann.press("start/", about="Printer"))
    assert desk.pc.chats.count() == 1


def test_more_words_than_a_message_holds_are_kept_and_refused(ann, desk):
    answer = ann.press("start/", about="x" * 4001)
    assert answer.status_code == 422
    assert "at most 4000 characters" in text(answer)
    assert "x" * 4001 in text(answer)
    assert not desk.pc.chats.exists()


@pytest.mark.parametrize("client_id", ["", "nonsense", "7"])
def test_a_client_id_that_is_none_is_not_needed(client_id, ann, desk):
    assert ann.press("start/", about="Printer", client_id=client_id).status_code == 200
    assert desk.pc.chats.get().events.get(kind="message").body == "Printer"


# Refused by rule.


def plan(desk, now):
    desk.installation.plan = Plan.PROFESSIONAL
    desk.installation.trial_started_at = now - timedelta(days=31)
    desk.installation.save()


def chat_off(desk, now):
    desk.installation.is_chat_enabled = False
    desk.installation.save()


def agent_off(desk, now):
    desk.acme.has_agent = False
    desk.acme.save()


def mac(desk, now):
    desk.pc.platform = "mac"
    desk.pc.save()


def nobody(desk, now):
    nobody_available(desk)


REFUSED = [
    (plan, "Chat is not part of this plan. You can create a ticket."),
    (chat_off, "Chat is switched off here. You can create a ticket."),
    (agent_off, "Chat is not switched on for Acme. You can create a ticket."),
    (mac, "Chat is not available on Mac yet. You can create a ticket."),
    (nobody, "Nobody is available now. Create a ticket and we answer by e-mail."),
]


@pytest.mark.parametrize(("against", "words"), REFUSED)
def test_home_says_why_there_is_no_chat(against, words, ann, desk, now):
    against(desk, now)
    home = text(ann.get(""))
    assert words in home
    assert "Start chat" not in home
    assert "Create new ticket" in home


@pytest.mark.parametrize(("against", "words"), REFUSED)
def test_a_refused_request_says_why_and_keeps_the_words(against, words, ann, desk, now):
    against(desk, now)
    answer = ann.press("start/", about="My printer")
    assert answer.status_code == 409
    assert words in text(answer)
    assert "My printer" in text(answer)
    assert not desk.pc.chats.exists()


def test_the_first_reason_of_the_table_is_the_one_that_is_told(ann, desk, now):
    for against, _words in REFUSED:
        against(desk, now)
    assert "not part of this plan" in text(ann.get(""))


def test_where_the_agent_is_off_a_technicians_request_still_comes(ann, desk, now):
    agent_off(desk, now)
    chat = offered(desk, now)
    assert "Accept" in text(ann.get(f"chats/{chat.pk}/"))


def test_too_many_requests_are_refused_in_words(ann, desk, now):
    for _ in range(REQUESTS_IN_A_ROW):
        actions.cancel(asked(desk, now).pk, at_device(desk.pc), now)
    answer = ann.press("start/", about="Printer")
    assert (answer.status_code, "a lot of requests" in text(answer)) == (409, True)


def test_nobody_is_asked_who_they_are_when_nobody_is_free(desk, clock):
    nobody_available(desk)
    stranger = Page(desk.free_pc)
    assert "Nobody is available now." in text(stranger.press("start/", about="Printer"))


def test_home_asks_now_and_then_and_is_answered_only_with_news(ann, desk):
    assert ann.part("?known=").status_code == 204
    nobody_available(desk)
    assert "Nobody is available now." in text(ann.part("?known="))
    assert ann.part("?known=nobody_available").status_code == 204


# How a request of one's own ends.


def test_cancel(ann, desk, now):
    chat = asked(desk, now, about="Printer")
    assert "You cancelled the request." in text(ann.press(f"chats/{chat.pk}/cancel/"))
    chat.refresh_from_db()
    assert chat.end_reason == EndReason.CANCELLED


def test_cancel_that_comes_too_late_shows_the_chat(ann, desk, now):
    chat = talking(desk, now)
    answer = ann.press(f"chats/{chat.pk}/cancel/")
    assert answer.status_code == 409
    assert "Conversation with Tina Okafor" in text(answer)


def test_a_ticket_instead_takes_the_request_back_and_brings_the_words(ann, desk, now):
    chat = asked(desk, now, about="Printer prints blank pages")
    answer = ann.press(f"chats/{chat.pk}/cancel/", then="ticket")
    chat.refresh_from_db()
    assert chat.end_reason == EndReason.CANCELLED
    assert 'name="title" value="Printer prints blank pages"' in text(answer)


def test_a_ticket_instead_that_comes_too_late_shows_the_chat(ann, desk, now):
    chat = talking(desk, now)
    assert "Conversation with" in text(ann.press(f"chats/{chat.pk}/cancel/", then="ticket"))


def test_busy(ann, desk, now):
    chat = asked(desk, now, about="Printer")
    for technician in (desk.tina, desk.omar):
        actions.decline(chat.pk, at_desk(technician), now)
    screen = text(ann.get(f"chats/{chat.pk}/"))
    assert "Chat busy" in screen
    assert "All technicians are helping somebody else right now." in screen
    assert "Start chat" in screen
    assert f'name="chat" value="{chat.pk}"' in screen


def test_nobody_answers_and_no_job_had_to_look(ann, desk, now, clock):
    chat = asked(desk, now, about="Printer")
    clock.shift(121)
    screen = text(ann.get(f"chats/{chat.pk}/"))
    assert "Nobody could answer within 2 minutes." in screen
    assert "We kept what you wrote" in screen
    assert ChatSession.objects.get().state == State.ENDED
