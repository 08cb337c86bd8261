"""What no page of ours sends is refused in its place: it never ends in an error of the server."""

import json

import pytest
from django.test import Client
from twisted.internet.abstract import FileDescriptor

from helpdesk.nonsense import REFUSAL
from helpdesk.server import MAX_UNREAD_BYTES, LimitedSocket
from tests.agent import Page

HTMX = {"HX-Request": "true"}
FORM = '--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{}\r\n--x--\r\n'
HUGE = "9" * 5000

pytestmark = pytest.mark.django_db


@pytest.fixture
def tina(desk):
    client = Client()
    client.force_login(desk.tina)
    return client


@pytest.mark.parametrize("charset", ["zlib_codec", "undefined", "utf-7", "unicode_escape", "utf-16", "nonsense"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_letters_that_no_browser_sends_are_refused(client, kind, charset):
    sent = client.generic("POST", "/sign-in/", FORM.format("\\ud800"), content_type=f"{kind}; charset={charset}")
    assert (sent.status_code, sent.content.decode()) == (400, REFUSAL)


def test_the_letters_of_browsers_are_let_in(client):
    sent = client.post("/sign-in/", "username=tina", content_type="application/x-www-form-urlencoded; charset=UTF-8")
    assert sent.status_code == 200


@pytest.mark.parametrize("cookie", ["sessionid", "hd_agent", "csrftoken"])
def test_a_null_character_in_a_cookie_is_refused(client, cookie):
    client.cookies[cookie] = "\0" * 40
    assert client.get("/agent/").status_code == 400


def test_a_null_character_in_an_address_is_refused(client):
    assert client.get("/agent/demo/%00/").status_code == 400


def test_an_address_of_htmx_that_is_none_is_refused(client):
    assert client.get("/tickets/", headers=HTMX | {"HX-Current-URL": "http://["}).status_code == 400


def test_sign_in_does_not_send_round_in_circles(tina):
    assert tina.get("/sign-in/?next=/sign-in/").headers["Location"] == "/"


def test_a_number_that_nobody_has_opens_nothing_beside_the_list(tina):
    assert tina.get(f"/chats/list/?open={HUGE}").status_code == 200


@pytest.mark.parametrize("secret", ["\ud800", "\0", "", None, [], {"a": 1}, HUGE])
def test_what_is_no_secret_opens_no_page(client, secret):
    sent = client.post("/agent/open/", json.dumps({"secret": secret}), content_type="application/json")
    assert sent.status_code == 403


def test_a_form_in_the_place_of_a_secret_opens_no_page():
    browser = Client(enforce_csrf_checks=True)
    token = browser.get("/sign-in/").context["csrf_token"]
    sent = browser.post("/agent/open/", FORM.format(token), content_type="multipart/form-data; boundary=x")
    assert sent.status_code == 403


def test_a_form_in_the_place_of_a_message_is_refused(desk):
    ann = Page(desk.pc)
    form = FORM.format(ann.token)
    sent = ann.client.post("/agent/chats/1/messages/", form, content_type="multipart/form-data; boundary=x")
    assert (sent.status_code, sent.json()["code"]) == (422, "bad_frame")


class Line(FileDescriptor):
    """The wire to a client that takes nothing."""

    connected = True
    is_cut = False

    def startWriting(self):  # noqa: N802 - Twisted's name
        pass

    def abortConnection(self):  # noqa: N802 - Twisted's name
        self.is_cut = True


def test_who_asks_for_more_and_more_without_reading_it_is_cut_off():
    socket = LimitedSocket()
    socket.transport = Line(reactor=object())
    for _ in range(MAX_UNREAD_BYTES // 1024):
        socket.transport.write(b" " * 1024)
    socket.cut_off_who_does_not_read()
    assert not socket.transport.is_cut
    socket.transport.write(b" ")
    socket.cut_off_who_does_not_read()
    assert socket.transport.is_cut
