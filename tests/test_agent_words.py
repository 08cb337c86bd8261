"""Every refusal has its sentence for each side, and nothing that people type becomes part of the page (case 27)."""

import pytest

from chat import actions
from chat.errors import NotAllowed
from chat.rules import Reason
from chat.viewers import Side, at_desk
from chat.words import refusal_words
from tests.agent import Page, text
from tests.cast import offered, talking, ticket_of

NASTY = """<script>alert(1)</script> <b hx-get="/x">{{ 7|add:7 }} {% now "Y" %}' onerror='x' &amp; \x00\x1b"""
SHOWN = "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b hx-get=&quot;/x&quot;&gt;{{ 7|add:7 }} {% now &quot;Y&quot; %}"


@pytest.mark.parametrize("side", [Side.CONTACT, Side.TECHNICIAN])
@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_is_a_sentence(reason, side, desk):
    words = refusal_words(reason, side, device=desk.pc)
    assert words[0].isupper()
    assert words.endswith(".")
    assert "None" not in words


def test_a_technician_reads_who_is_chatting_already(desk, now):
    chat = talking(desk, now, by=desk.omar)
    with pytest.raises(NotAllowed) as refused:
        actions.request_chat(desk.pc, by=at_desk(desk.tina), now=now)
    words = refusal_words(refused.value.reason, Side.TECHNICIAN, refused.value.chat)
    assert (refused.value.chat, words) == (chat, "Omar Haddad is chatting with Ann Keller already.")


def test_a_technician_reads_who_is_asking_already(desk, now):
    chat = offered(desk, now, by=desk.omar)
    words = refusal_words(Reason.OTHER_TECHNICIAN, Side.TECHNICIAN, chat)
    assert words == "Omar Haddad is asking Ann Keller for a chat right now."


def test_a_technician_reads_to_which_ticket_the_chat_belongs(desk, now):
    chat = offered(desk, now, ticket=ticket_of(desk, now, device=desk.pc))
    words = refusal_words(Reason.OTHER_TICKET, Side.TECHNICIAN, chat)
    assert words == f"The open chat with Ann Keller belongs to ticket #{chat.ticket.number}."


def test_what_was_typed_when_asking_is_text(desk, clock):
    screen = text(Page(desk.pc).press("start/", about=NASTY))
    assert SHOWN in screen
    assert "<script>alert" not in screen
    assert "\x1b" not in screen


def test_what_was_typed_into_a_ticket_is_text(desk, clock):
    ann = Page(desk.pc)
    screen = text(ann.press("tickets/new/", title=NASTY, description=NASTY))
    assert screen.count(SHOWN) >= 2
    assert "<script>alert" not in screen


def test_what_was_typed_into_a_ticket_by_a_stranger_is_text(desk, clock):
    stranger = Page(desk.free_pc)
    answer = stranger.press("tickets/new/", title=NASTY, name=NASTY, email="eve@acme.example")
    assert SHOWN in text(answer)
    ticket = desk.free_pc.tickets.get()
    assert "\x00" not in ticket.writer_name


def test_a_refused_form_shows_what_was_typed_as_text(desk, clock):
    answer = Page(desk.free_pc).press("identity/", name=NASTY, email=NASTY)
    assert answer.status_code == 422
    assert SHOWN in text(answer)
    assert "<script>alert" not in text(answer)


def test_a_name_is_one_line_that_reads_in_its_own_direction(desk, clock):
    turned = "Ann\u202erelleK\nBcc: eve@globex.example"
    screen = text(Page(desk.free_pc).press("identity/", name=turned, email="ann@acme.example"))
    assert "AnnrelleK Bcc: eve@globex.example" in screen
