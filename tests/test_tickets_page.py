"""The page of one ticket: what it shows, its name, its status, whose work it is (S12, S17, D4, D5)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import ticket_of
from tickets.actions import NewTicket, adopt_contact, open_ticket, rename_ticket, set_assignee, set_status
from tickets.models import Status, Ticket, TicketEntry

HTMX = {"HX-Request": "true"}


@pytest.fixture
def tina(client, desk):
    client.force_login(desk.tina)
    return client


@pytest.fixture
def ticket(desk, now):
    return ticket_of(desk, now, device=desk.pc, description="It eats paper.")


def html(client, ticket):
    return client.get(f"/tickets/{ticket.number}/").content.decode()


def words(client, ticket):
    body = re.search(r"<main.*</aside>", html(client, ticket), re.S)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def press(client, ticket, verb, **data):
    return client.post(f"/tickets/{ticket.number}/{verb}/", data, headers=HTMX)


def items(client, ticket):
    menu = re.search(r'id="actions".*?</div>', html(client, ticket), re.S)[0]
    return re.findall(r"</svg>([^<]+)</button>", menu)


def test_page_says_how_it_stands_and_whom_it_is_about(tina, desk, ticket):
    shown = words(tina, ticket)
    assert "Printer jams" in shown
    assert "Open Medium Ann Keller , Acme opened 2 Mar, 12:00" in shown
    assert "Tina Okafor opened the ticket 2 Mar, 12:00" in shown
    assert "It eats paper." in shown
    assert "Ann Keller Acme E-mail ann@acme.example" in shown
    assert "Device ACME-PC-01 Status Offline, page closed System Windows" in shown
    assert f'href="/devices/{desk.pc.pk}/"' in html(tina, ticket)
    assert f'href="/contacts/{desk.ann.pk}/"' in html(tina, ticket)


def test_page_fetches_the_chats_and_watches_the_ticket(tina, ticket):
    page = html(tina, ticket)
    assert f'hx-get="/tickets/{ticket.number}/chats/"' in page
    assert f'data-watch-ticket="{ticket.number}"' in page
    assert f'hx-post="/tickets/{ticket.number}/chat/"' in page


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("itself", "Opened by itself from a chat"),
        ("chat", "Omar Haddad opened the ticket from a chat"),
        ("technician", "Omar Haddad opened the ticket"),
    ],
)
def test_timeline_says_how_it_was_opened(tina, desk, now, how, sentence):
    ticket, _ = open_ticket(NewTicket(customer=desk.acme), by=None if how == "itself" else desk.omar, now=now, how=how)
    assert f"{sentence} 2 Mar, 12:00" in words(tina, ticket)
    assert "New ticket opened from chat" in words(tina, ticket)


def test_timeline_says_who_did_what(tina, desk, ticket, now):
    rename_ticket(ticket, "Printer eats paper", by=desk.omar, now=now)
    set_assignee(ticket, desk.omar, by=desk.omar, now=now)
    set_assignee(ticket, desk.tina, by=desk.omar, now=now)
    set_assignee(ticket, None, by=desk.tina, now=now)
    for status in (Status.PENDING, Status.RESOLVED, Status.CLOSED, Status.OPEN):
        set_status(ticket, status, by=desk.tina, now=now)
    shown = words(tina, ticket)
    for sentence in (
        "Omar Haddad named the ticket “ Printer eats paper ”",
        "Omar Haddad took the ticket",
        "Omar Haddad gave the ticket to Tina Okafor",
        "Tina Okafor took everybody off the ticket",
        "Tina Okafor set the ticket to pending",
        "Tina Okafor resolved the ticket",
        "Tina Okafor closed the ticket",
        "Tina Okafor opened the ticket again",
    ):
        assert sentence in shown


def test_what_somebody_did_who_is_gone_is_still_told(tina, desk, ticket, now):
    set_status(ticket, Status.RESOLVED, by=desk.omar, now=now)
    desk.omar.delete()
    assert "Somebody resolved the ticket" in words(tina, ticket)


def test_writer_who_was_never_confirmed_is_shown_as_such(tina, desk, now):
    new = NewTicket(
        customer=desk.acme,
        device=desk.free_pc,
        title="Help",
        description="Nothing works",
        writer_name="Nora O'Lind",
        writer_email="nora@acme.example",
    )
    ticket, _ = open_ticket(new, by=None, now=now, how="page")
    shown = words(tina, ticket)
    assert "Nora O&#x27;Lind wrote the ticket on the agent’s page" in shown
    assert "Nora O&#x27;Lind not confirmed 2 Mar, 12:00 Nothing works" in shown
    assert "E-mail nora@acme.example Identity Not confirmed" in shown
    assert "mailto:nora" not in html(tina, ticket)
    adopt_contact(ticket, desk.ann, now)
    assert "Not confirmed" not in words(tina, ticket)


def test_ticket_of_nobody_says_so(tina, desk, now):
    ticket, _ = open_ticket(NewTicket(customer=desk.acme), by=None, now=now, how="itself")
    assert "No contact is known. Customer Acme" in words(tina, ticket)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.OPEN, ["Start chat", "Assign to me", "Set to pending", "Resolve", "Close"]),
        (Status.PENDING, ["Start chat", "Assign to me", "Resolve", "Close", "Reopen"]),
        (Status.RESOLVED, ["Start chat", "Assign to me", "Close", "Reopen"]),
        (Status.CLOSED, ["Start chat", "Assign to me", "Reopen"]),
    ],
)
def test_actions_fit_the_status(tina, desk, ticket, now, status, expected):
    set_status(ticket, status, by=desk.omar, now=now)
    assert items(tina, ticket) == expected


def test_assign_to_me(tina, desk, ticket):
    answer = press(tina, ticket, "take")
    assert (answer.status_code, answer.content) == (204, b"")
    assert f"hd:ticket-{ticket.number}" in answer["HX-Trigger"]
    ticket.refresh_from_db()
    assert ticket.assignee == desk.tina
    assert "Assign to me" not in items(tina, ticket)
    assert "Assignee TO Tina Okafor" in words(tina, ticket)


def test_taking_twice_is_told_once(tina, ticket):
    press(tina, ticket, "take")
    press(tina, ticket, "take")
    assert words(tina, ticket).count("took the ticket") == 1


def test_status_is_set_and_told(tina, ticket):
    assert press(tina, ticket, "status", status="resolved").status_code == 204
    ticket.refresh_from_db()
    assert ticket.status == Status.RESOLVED
    assert "Tina Okafor resolved the ticket" in words(tina, ticket)


@pytest.mark.parametrize("status", ["", "deleted", "open' --", "OPEN"])
def test_no_other_status_is_taken(tina, ticket, status):
    assert press(tina, ticket, "status", status=status).status_code == 400
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


def test_name_is_one_clean_line(tina, ticket):
    answer = press(tina, ticket, "title", title="  Printer\teats \u202e paper\x07 ")
    ticket.refresh_from_db()
    assert ticket.title == "Printer eats paper"
    assert "is-saved" in answer.content.decode()
    assert 'value="Printer eats paper"' in answer.content.decode()
    assert f"hd:ticket-{ticket.number}" in answer["HX-Trigger"]


@pytest.mark.parametrize(
    ("title", "reason"),
    [(" \u200f ", "Give the ticket a name."), ("x" * 201, "at most 200 characters"), ("", "Give the ticket a name.")],
)
def test_name_that_cannot_be_is_refused_beside_the_field(tina, ticket, title, reason):
    answer = press(tina, ticket, "title", title=title)
    form = answer.content.decode()
    assert answer.status_code == 422
    assert reason in form
    assert f'value="{title}"' in form
    assert 'aria-invalid="true" aria-describedby="ticket-name-e"' in form
    ticket.refresh_from_db()
    assert ticket.title == "Printer jams"


def test_name_of_200_characters_is_taken(tina, ticket):
    press(tina, ticket, "title", title="é" * 200)
    ticket.refresh_from_db()
    assert len(ticket.title) == 200


def test_without_scripts_a_name_leads_back_to_the_page(tina, ticket):
    answer = tina.post(f"/tickets/{ticket.number}/title/", {"title": "Printer"})
    assert answer["Location"] == f"/tickets/{ticket.number}/"
    refused = tina.post(f"/tickets/{ticket.number}/title/", {"title": " "})
    assert refused.status_code == 422
    assert "Give the ticket a name." in refused.content.decode()


EVIL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" hx-get="/sign-out/" data-x="',
    "{{ ticket.pk }} {% url 'x' %}",
    "</textarea></template><b>",
]


@pytest.mark.parametrize("text", EVIL)
def test_whatever_is_written_is_text(tina, desk, now, text):
    ticket = ticket_of(desk, now, title=text, description=text)
    rename_ticket(ticket, f"{text}!", by=desk.tina, now=now)
    page = html(tina, ticket)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = escaped.replace('"', "&quot;").replace("'", "&#x27;")
    assert text not in page
    assert f'<h1 dir="auto">{escaped}!</h1>' in page
    assert f'<div class="hd-entry-body" dir="auto">{escaped}</div>' in page
    assert f"“<bdi>{escaped}!</bdi>”" in page


def test_page_for_its_script_is_the_part_that_changes(tina, ticket):
    part = tina.get(f"/tickets/{ticket.number}/", headers=HTMX).content.decode()
    assert "<html" not in part
    for name in ("head", "beginning", "since", "facts", "contact", "device", "name-form"):
        assert f'id="ticket-{name}"' in part


def test_longer_timeline_costs_no_more_queries(tina, desk, ticket, now):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            html(tina, ticket)
        return len(queries)

    before = asked()
    for number in range(10):
        rename_ticket(ticket, f"Name {number}", by=desk.omar, now=now)
        set_assignee(ticket, desk.tina if number % 2 else desk.omar, by=desk.omar, now=now)
    # Session, person, ticket, entries, their files, settings.
    assert before == asked() == 6


@pytest.mark.parametrize("number", [0, 999_999, 10**30])
@pytest.mark.parametrize("verb", ["", "title/", "status/", "take/"])
def test_unknown_number_is_not_found_in_words(tina, number, verb):
    address = f"/tickets/{number}/{verb}"
    answer = tina.post(address, {"title": "x", "status": "open"}) if verb else tina.get(address)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


@pytest.mark.parametrize("verb", ["", "title/", "status/", "take/"])
def test_a_stranger_is_sent_to_sign_in(client, ticket, verb):
    address = f"/tickets/{ticket.number}/{verb}"
    answer = client.post(address, {"title": "x", "status": "closed"}) if verb else client.get(address)
    assert answer["Location"].startswith("/sign-in/")
    ticket.refresh_from_db()
    assert (ticket.title, ticket.status, ticket.assignee) == ("Printer jams", Status.OPEN, None)


@pytest.mark.parametrize("verb", ["title/", "status/", "take/"])
def test_what_changes_something_is_never_a_link(tina, ticket, verb):
    assert tina.get(f"/tickets/{ticket.number}/{verb}").status_code == 405


def test_nothing_is_written_by_looking(tina, ticket):
    before = Ticket.objects.values().get(), TicketEntry.objects.count()
    html(tina, ticket)
    assert before == (Ticket.objects.values().get(), TicketEntry.objects.count())
