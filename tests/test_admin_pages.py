"""The admin as a whole: what stands where, what can only be looked at, and what a browser may run there."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.utils import timezone

from accounts.mail import write_mail
from accounts.models import Theme
from chat.models import ChatSession
from chat.states import State
from tests.admin import admin_desk
from tests.cast import offered, talking, ticket_of

LISTS = [
    "accounts/technician",
    "accounts/customer",
    "accounts/contact",
    "accounts/mail",
    "devices/device",
    "tickets/ticket",
    "chat/chatsession",
    "axes/accessattempt",
]


@pytest.fixture
def people(client, db):
    return admin_desk(client)


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_start_page_is_in_the_order_in_which_an_admin_needs_it(client, people):
    sections = client.get("/admin/").context["app_list"]
    names = [str(page["name"]) for section in sections for page in section["models"]]
    assert names[:5] == ["Settings", "Technicians", "Customers", "Contacts", "Devices"]
    assert names[5:] == ["Chats", "Tickets", "Mails", "Failed sign-ins"]


def test_there_is_a_way_back_and_a_name_on_every_page(client, people):
    for address in ("/admin/", "/admin/accounts/customer/", "/admin/password_change/"):
        page = read(client, address)
        assert "Back to the help desk" in page
        assert "Jun Park" in page


def test_pages_look_as_the_person_chose(client, people):
    assert "data-bs-theme" not in read(client, "/admin/")
    people.jun.theme = Theme.DARK
    people.jun.save(update_fields=["theme"])
    assert 'data-bs-theme="dark"' in read(client, "/admin/")


def test_page_of_an_app_is_the_start_page(client, people):
    assert client.get("/admin/accounts/").headers["Location"] == "/admin/"


@pytest.mark.parametrize("room", LISTS)
def test_lists_open_and_are_searched(client, people, room):
    assert "hd-admin" in read(client, f"/admin/{room}/")
    assert "hd-admin" in read(client, f"/admin/{room}/?q=ann")


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/accounts/technician/add/", *(f"/admin/{room}/" for room in LISTS)]
)
def test_nothing_stands_in_a_page_that_the_strict_policy_would_refuse(client, people, address):
    answer = client.get(address)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    page = answer.content.decode()
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", page)


def test_who_is_no_admin_reads_why_and_finds_a_way_on(client, people):
    client.force_login(people.tina)
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "Go to the start page" in answer.content.decode()


def test_a_chat_that_is_over_is_not_listed_as_open(client, people):
    chat = offered(people, timezone.now() - timedelta(hours=1))
    assert "no answer" in read(client, "/admin/chat/chatsession/")
    chat.refresh_from_db()
    assert chat.state == State.ENDED


def test_chats_and_tickets_can_be_read_and_not_changed(client, people):
    now = timezone.now()
    chat, ticket = talking(people, now, about="It is dark here"), ticket_of(people, now)
    for address in (f"/admin/chat/chatsession/{chat.pk}/change/", f"/admin/tickets/ticket/{ticket.pk}/change/"):
        assert client.get(address).status_code == 200
        assert client.post(address, {"state": "ended", "title": "Mine"}).status_code == 403
        assert client.post(address.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert "It is dark here" in read(client, f"/admin/chat/chatsession/{chat.pk}/change/")
    assert ChatSession.objects.get().is_open


def test_mails_are_listed_without_their_text(client, people):
    mail = write_mail("ann@acme.example", "Your token", "It is 123456.", now=timezone.now())
    page = read(client, "/admin/accounts/mail/")
    assert "Your token" in page
    assert "Waiting" in page
    assert "123456" not in page + read(client, f"/admin/accounts/mail/{mail.pk}/change/")


def test_who_is_locked_out_can_be_let_in_again(client, people):
    tries = {"failures_since_start": 5, "ip_address": "127.0.0.1", "username": "tina", "user_agent": "x"}
    attempt = AccessAttempt.objects.create(**tries)
    asked = {"action": "let_in", "_selected_action": [attempt.pk]}
    page = client.post("/admin/axes/accessattempt/", asked, follow=True).content.decode()
    assert "One person can try again." in page
    assert not AccessAttempt.objects.exists()
