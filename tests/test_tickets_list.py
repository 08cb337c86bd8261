"""The list of tickets: what it shows, how it is narrowed, sorted, searched and paged (P4)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from tests.cast import contact, technician, ticket_of
from tickets.actions import NewTicket, open_ticket, set_assignee, set_status
from tickets.models import Priority, Status, Ticket


@pytest.fixture
def tina(client, desk):
    client.force_login(desk.tina)
    return client


def page(client, **query):
    return client.get("/tickets/", query).content.decode()


def words(html):
    main = re.search(r"<main.*</main>", html, re.S)[0]
    return " ".join(strip_tags(main).split())


def titles(client, **query):
    return re.findall(r'class="hd-opens"[^>]*>([^<]*)<', page(client, **query))


def test_first_day_says_how_tickets_come(tina):
    shown = words(page(tina))
    assert "There are no tickets yet" in shown
    assert "New ticket" in shown


def test_line_says_all_that_matters(tina, desk, now):
    ticket = ticket_of(desk, now, priority=Priority.HIGH, assignee=desk.omar)
    line = f"#{ticket.number} Printer jams Ann Keller Acme Open High OHOmar Haddad 2 Mar, 12:00"
    assert line in words(page(tina))


def test_ticket_that_nobody_named_has_the_default_name(tina, desk, now):
    ticket_of(desk, now, title="")
    assert titles(tina) == ["New ticket opened from chat"]


def test_writer_who_was_never_confirmed_is_named(tina, desk, now):
    open_ticket(NewTicket(customer=desk.acme, title="Help", writer_name="Nora Lind"), by=None, now=now, how="page")
    assert "Help Nora Lind Acme" in words(page(tina))


def test_unfinished_tickets_are_shown_unless_others_are_asked_for(tina, desk, now):
    for status in Status:
        set_status(ticket_of(desk, now, title=status.label), status, by=desk.tina, now=now)
    assert sorted(titles(tina)) == ["Open", "Pending"]
    assert titles(tina, view="pending") == ["Pending"]
    assert titles(tina, view="resolved") == ["Resolved"]
    assert titles(tina, view="closed") == ["Closed"]
    assert len(titles(tina, view="all")) == 4


def test_views_of_mine_and_of_nobody(tina, desk, now):
    set_assignee(ticket_of(desk, now, title="Hers"), desk.tina, by=desk.tina, now=now)
    set_assignee(ticket_of(desk, now, title="His"), desk.omar, by=desk.omar, now=now)
    ticket_of(desk, now, title="Free")
    assert titles(tina, view="mine") == ["Hers"]
    assert titles(tina, view="unassigned") == ["Free"]
    assert "My open 1 Not assigned 1 All open 3 Pending 0 Resolved 0 Closed 0 All 3" in words(page(tina))


@pytest.mark.parametrize(
    "q", ["jam", "PRINTER", "keller", "acme", "#{number}", "{number}", "jams ann", "  printer   acme "]
)
def test_search_finds_by_title_number_contact_and_customer(tina, desk, now, q):
    ticket = ticket_of(desk, now)
    other = NewTicket(customer=desk.globex, contact=desk.eve, title="Till restarts")
    open_ticket(other, by=desk.tina, now=now)
    assert titles(tina, q=q.format(number=ticket.number)) == ["Printer jams"]


def test_search_finds_unnamed_tickets_by_the_name_that_is_shown(tina, desk, now):
    ticket_of(desk, now, title="")
    ticket_of(desk, now, title="Printer")
    assert titles(tina, q="opened from chat") == ["New ticket opened from chat"]


def test_search_stays_within_the_view_and_leads_out_of_it(tina, desk, now):
    set_status(ticket_of(desk, now), Status.CLOSED, by=desk.tina, now=now)
    html = page(tina, q="printer")
    assert "Nothing found for “printer”" in words(html)
    assert '<a href="?q=printer&amp;view=all">Search in all tickets</a>' in html
    assert titles(tina, q="printer", view="all") == ["Printer jams"]


def test_search_keeps_view_and_order(tina, desk, now):
    ticket_of(desk, now)
    html = page(tina, view="all", sort="title")
    assert '<input type="hidden" name="view" value="all">' in html
    assert '<input type="hidden" name="sort" value="title">' in html


@pytest.mark.parametrize("q", ["\x00\u202e", "'\"--", "%", "9" * 5000, "٣", "{{ 7 }}", "a " * 200])
def test_whatever_is_searched_for_fails_nothing(tina, desk, now, q):
    ticket_of(desk, now)
    assert tina.get("/tickets/", {"q": q}).status_code == 200


def test_view_without_tickets_leads_to_all(tina, desk, now):
    ticket_of(desk, now)
    assert "No tickets here Show all tickets" in words(page(tina, view="closed"))


SORTED = {
    "title": ["amber lamp", "Beta till", "New ticket opened from chat"],
    "-title": ["New ticket opened from chat", "Beta till", "amber lamp"],
    "contact": ["amber lamp", "Beta till", "New ticket opened from chat"],
    "priority": ["New ticket opened from chat", "Beta till", "amber lamp"],
    "-priority": ["amber lamp", "Beta till", "New ticket opened from chat"],
    "-number": ["New ticket opened from chat", "Beta till", "amber lamp"],
    "status": ["New ticket opened from chat", "Beta till", "amber lamp"],
    "assignee": ["Beta till", "New ticket opened from chat", "amber lamp"],
    "-assignee": ["New ticket opened from chat", "Beta till", "amber lamp"],
    "updated": ["New ticket opened from chat", "Beta till", "amber lamp"],
    "nonsense": ["amber lamp", "New ticket opened from chat", "Beta till"],
}


@pytest.mark.parametrize(("sort", "expected"), SORTED.items())
def test_each_column_sorts(tina, desk, now, sort, expected):
    first = ticket_of(desk, now, title="amber lamp", priority=Priority.CRITICAL)
    ticket_of(desk, now, title="Beta till", contact=contact(desk.acme, "Bea Long"), assignee=desk.omar)
    last = NewTicket(customer=desk.acme, priority=Priority.LOW, assignee=technician("zoe"))
    open_ticket(last, by=None, now=now)
    set_status(first, Status.PENDING, by=desk.tina, now=now + timedelta(minutes=1))
    assert titles(tina, sort=sort, view="open") == expected


def test_heading_says_and_turns_the_order(tina, desk, now):
    ticket_of(desk, now)
    html = page(tina, view="all", q="printer", page=1)
    assert re.search(r'aria-sort="descending"><a href="\?view=all&amp;q=printer&amp;sort=updated">Updated', html)
    assert re.search(r'<a href="\?view=all&amp;q=printer&amp;sort=-priority">Priority', html)


def test_long_list_comes_in_pages(tina, desk, now):
    for number in range(60):
        ticket_of(desk, now, title=f"Ticket {number:02}")
    assert "1–50 of 60" in words(page(tina))
    html = page(tina, page=2, view="all", sort="number")
    assert "51–60 of 60" in words(html)
    assert "page=1&amp;view=all&amp;sort=number" in html
    assert titles(tina, page=2, sort="number")[-1] == "Ticket 59"


def test_longer_list_costs_no_more_queries(tina, desk, now):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            tina.get("/tickets/")
        return len(queries)

    ticket_of(desk, now, assignee=desk.omar)
    before = asked()
    for number in range(20):
        ticket_of(desk, now, contact=contact(desk.acme, f"Person{number} Long"), assignee=desk.tina)
    # Session, person, numbers of all views, number of rows, rows, settings.
    assert before == asked() == 6


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "{{ 7|add:7 }} {% url %}", '" hx-get="/x', "&amp;"])
def test_titles_are_text(tina, desk, now, title):
    Ticket.objects.filter(pk=ticket_of(desk, now).pk).update(title=title)
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    assert titles(tina) == [escaped]


def test_words_of_an_it_department(tina, desk, now):
    desk.installation.vocabulary = "it"
    desk.installation.save()
    ticket_of(desk, now)
    assert "User" in words(page(tina))
    assert "Contact" not in words(page(tina))


def test_a_stranger_is_sent_to_sign_in(client, desk):
    answer = client.get("/tickets/")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/tickets/"
