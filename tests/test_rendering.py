"""One line of a chat as HTML: what people typed stays text, what happened is said to each side in its words."""

from html.parser import HTMLParser
from itertools import product

import pytest

from chat import rendering
from chat.lines import line
from chat.states import EndReason, Kind
from chat.viewers import Side

SIDES = (Side.TECHNICIAN, Side.CONTACT)
FACTS = {
    "chat": 7,
    "seq": 3,
    "kind": Kind.MESSAGE,
    "side": Side.CONTACT,
    "author": "Ann Keller",
    "person": "c9",
    "body": "Hello",
    "data": {},
    "client_id": "6f1c2f8e-8d51-4c5e-9d0a-2f6a8c1b7e10",
    "at": "2026-03-02T12:00:00+00:00",
    "asked_by": Side.CONTACT,
    "accepted_at": "2026-03-02T11:41:00+00:00",
    "technician": "Tina Okafor",
    "technician_first": "Tina",
    "contact": "Ann Keller",
    "contact_first": "Ann",
    "ticket": None,
}


class Page(HTMLParser):
    """What a browser makes of it: tags with their attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, wanted):
        return [attrs for tag, attrs in self.tags if tag == wanted]


def rendered(side=Side.TECHNICIAN, language="en", **facts):
    return Page(rendering.render_event(FACTS | facts, side, language))


def said(kind, data, **facts):
    happened = FACTS | {"kind": kind, "data": data, "side": Side.SYSTEM, "viewer_side": Side.TECHNICIAN} | facts
    return Page(line(happened)).text


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><b hx-get="/x" hx-trigger="load">',
    "{{ 7|add:7 }}{% now 'Y' %}",
    "</div></article><style>*{}</style>",
    "&lt;i&gt; &amp;",
    "javascript:alert(1)",
    "\u202egnp.exe",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_shown_as_text(text):
    page = rendered(body=text)
    assert {tag for tag, _ in page.tags} == {"article", "span", "p", "b", "time", "div"}
    assert text in page.text


@pytest.mark.parametrize("text", HOSTILE)
def test_names_and_titles_are_shown_as_text(text):
    assert text in rendered(author=text).text
    renamed = rendered(kind=Kind.TICKET_RENAMED, data={"number": 1042, "title": text}, seq=f"renamed {text}")
    assert text in renamed.text
    assert {tag for tag, _ in renamed.tags} == {"article", "p", "svg", "use", "span", "a", "time"}


def test_a_message_turns_no_direction_but_its_own():
    bubble = rendered(body="\u202egnp.exe").all("div")[0]
    assert bubble["dir"] == "auto"


def test_links_open_in_a_tab_that_learns_nothing():
    links = rendered(body="See https://example.com/a?b=1&c=2, www.example.org and mail help@example.com.").all("a")
    assert [link["href"] for link in links] == [
        "https://example.com/a?b=1&c=2",
        "http://www.example.org",
        "mailto:help@example.com",
    ]
    assert all(link["target"] == "_blank" for link in links)
    assert all(link["rel"] == "nofollow noopener noreferrer" for link in links)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "https://good.example/\u202egpj.exe"])
def test_what_could_deceive_is_no_link(address):
    assert rendered(body=address).all("a") == []


def test_a_link_cannot_leave_its_attribute():
    [link] = rendered(body='https://example.com/"onmouseover="alert(1)').all("a")
    assert set(link) == {"href", "dir", "target", "rel"}


def test_a_mark_before_a_link_does_not_turn_the_address_that_is_read():
    [link] = rendered(body="\u202elook: https://good.example/").all("a")
    assert link["dir"] == "ltr"


def test_a_message_names_its_place_its_author_and_its_moment():
    article = rendered().all("article")[0]
    assert article["data-chat"] == "7"
    assert article["data-seq"] == "3"
    assert article["data-side"] == "contact"
    assert article["data-author"] == "c9"
    assert article["data-client-id"] == FACTS["client_id"]
    assert rendered().all("time")[0]["datetime"] == FACTS["at"]


HAPPENED = [
    (Kind.REQUESTED, {}),
    (Kind.ACCEPTED, {}),
    (Kind.TICKET_OPENED, {"number": 1042, "how": "itself"}),
    (Kind.TICKET_OPENED, {"number": 1042, "how": "linked"}),
    (Kind.TICKET_RENAMED, {"number": 1042, "title": "Printer"}),
    *[(Kind.ENDED, {"reason": reason.value}) for reason in EndReason],
]


@pytest.mark.parametrize(("kind", "data"), HAPPENED)
def test_everything_that_happens_has_words_for_each_side(kind, data):
    for viewer, asked_by, ticket in product(SIDES, SIDES, (None, 1042)):
        words = said(kind, data, viewer_side=viewer, asked_by=asked_by, ticket=ticket)
        assert words.strip(" ·"), (viewer, asked_by)
        assert "{" not in words


def test_every_kind_of_event_is_tried_here():
    assert {kind for kind, _ in HAPPENED} | {Kind.MESSAGE, Kind.FILE} == set(Kind)


@pytest.mark.parametrize(
    ("viewer", "asked_by", "words"),
    [
        (Side.CONTACT, Side.CONTACT, "Tina Okafor joined"),
        (Side.CONTACT, Side.TECHNICIAN, "Tina Okafor joined"),
        (Side.TECHNICIAN, Side.CONTACT, "Ann asked to chat, Tina Okafor accepted"),
        (Side.TECHNICIAN, Side.TECHNICIAN, "Tina Okafor asked to chat, Ann accepted"),
    ],
)
def test_both_read_the_technicians_name_when_a_chat_begins(viewer, asked_by, words):
    assert said(Kind.ACCEPTED, {}, viewer_side=viewer, asked_by=asked_by).startswith(words)


def test_the_end_says_who_ended_it_and_after_how_long():
    by_tina = {"reason": EndReason.BY_TECHNICIAN.value}
    assert said(Kind.ENDED, by_tina) == "Tina Okafor ended the chat at , after 19 minutes"
    by_ann = {"reason": EndReason.BY_CONTACT.value}
    assert said(Kind.ENDED, by_ann, viewer_side=Side.CONTACT).startswith("You ended the chat")


def test_a_quiet_end_says_where_everything_is(settings):
    idle = {"reason": EndReason.IDLE.value}
    assert "5 quiet minutes. Everything is in ticket #1042" in said(Kind.ENDED, idle, ticket=1042)
    assert "5 quiet minutes. Everything is kept" in said(Kind.ENDED, idle, ticket=None)


@pytest.mark.parametrize(
    ("side", "address"), [(Side.TECHNICIAN, "/tickets/1042/"), (Side.CONTACT, "/agent/tickets/1042/")]
)
def test_the_ticket_is_linked_where_the_reader_may_see_it(side, address):
    [link] = rendered(side, kind=Kind.TICKET_OPENED, data={"number": 1042, "how": "chat"}, seq="opened").all("a")
    assert link["href"] == address


def test_a_line_follows_the_ticket_that_came_after_it():
    ended = {"kind": Kind.ENDED, "data": {"reason": EndReason.IDLE.value}, "seq": "idle"}
    assert "Everything is kept" in rendered(**ended).text
    assert "ticket #1042" in rendered(**ended, ticket=1042).text


def test_a_line_is_rendered_once(monkeypatch):
    first = rendering.render_event(FACTS | {"seq": 99}, Side.TECHNICIAN, "en")
    monkeypatch.setattr(rendering, "_load", lambda: pytest.fail("rendered again"))
    assert rendering.render_event(FACTS | {"seq": 99}, Side.CONTACT, "es") == first
