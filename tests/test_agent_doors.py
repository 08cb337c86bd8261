"""Who is let in to the contact's page (N3, HAZARDS cases 21, 22 and 25): nobody without a live page session."""

import json
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chat.agent_access import PAGE_COOKIE
from chat.agent_urls import urlpatterns
from chat.viewers import at_desk
from devices.actions import assign_contact, forget_pages, new_launch_link, revoke_launch_link
from devices.models import PAGE_GETS_OLD_AFTER, PAGE_LASTS, PageSession
from tests.agent import Page, text
from tests.cast import contact, page_on, say, talking, ticket_of

OPEN_TO_ALL = {"open", "demo"}
CLOSED = "Open this page from the HelpDesk Agent on your computer."


def _filled(pattern):
    """With some number where it names one, and some key."""
    return {name: UUID(int=1) if name == "key" else 1 for name in pattern.pattern.converters}


# Every address of the page that somebody must be let in for.
ADDRESSES = [
    reverse(f"agent:{pattern.name}", kwargs=_filled(pattern))
    for pattern in urlpatterns
    if pattern.name not in OPEN_TO_ALL
]


def nobody(desk, now):
    return None


def empty(desk, now):
    return ""


def made_up(desk, now):
    return "x" * 43


def a_hash(desk, now):
    """What an intruder would find in a stolen copy of the database."""
    return Page(desk.pc).on.page.secret_hash


def a_launch_secret(desk, now):
    return Page(desk.pc).on.secret


def ended(desk, now):
    page = Page(desk.pc).on
    PageSession.objects.filter(pk=page.page.pk).update(ended_at=now)
    return page.cookie


def revoked(desk, now):
    page = Page(desk.pc).on
    revoke_launch_link(desk.pc, now)
    return page.cookie


def of_long_ago(desk, now):
    page = Page(desk.pc).on
    PageSession.objects.filter(pk=page.page.pk).update(created_at=timezone.now() - PAGE_LASTS)
    return page.cookie


def of_who_sat_here_before(desk, now):
    page = Page(desk.pc).on
    assign_contact(desk.pc, contact(desk.acme, "Bob Doe"), now)
    return page.cookie


@pytest.mark.parametrize(
    "credential", [nobody, empty, made_up, a_hash, a_launch_secret, ended, revoked, of_long_ago, of_who_sat_here_before]
)
def test_nobody_gets_in_anywhere_without_a_live_page_session(credential, desk, now):
    ticket_of(desk, now, title="Printer jams")
    client = Client()
    cookie = credential(desk, now)
    if cookie is not None:
        client.cookies[PAGE_COOKIE] = cookie
    for address in ADDRESSES:
        for answer in (client.get(address), client.post(address, {"about": "Let me in"})):
            assert answer.status_code in {401, 405}, address
            assert "Ann" not in text(answer), address
            assert "ACME" not in text(answer), address
    assert desk.pc.chats.count() == 0


def test_a_stranger_reads_how_to_get_in(desk):
    assert CLOSED in text(Client().get("/agent/"))


def test_what_htmx_asks_for_in_vain_takes_the_whole_page_away(desk, now):
    ann = Page(desk.pc)
    revoke_launch_link(desk.pc, now)
    answer = ann.press("start/", about="Printer")
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/agent/"
    assert not answer.content


def test_a_technicians_sign_in_does_not_open_the_contacts_page(desk):
    client = Client()
    client.force_login(desk.tina, "django.contrib.auth.backends.ModelBackend")
    assert client.get("/agent/tickets/").status_code == 401


def test_the_contacts_cookie_does_not_open_the_portal(desk):
    assert Page(desk.pc).client.get("/chats/").status_code == 302


@pytest.mark.parametrize("path", ["chats/{}/", "chats/{}/?read=1", "chats/{}/history/?before=1:9"])
def test_another_devices_chat_is_not_there(path, desk, now, clock):
    chat = talking(desk, now)
    say(chat, at_desk(desk.tina), "Your new password is swordfish", now)
    answer = Page(desk.eves_pc).get(path.format(chat.pk))
    assert answer.status_code == 404
    assert "swordfish" not in text(answer)


@pytest.mark.parametrize("verb", ["accept", "decline", "cancel", "end", "keep-open", "messages", "seen"])
def test_nobody_acts_on_another_devices_chat(verb, desk, now, clock):
    chat = talking(desk, now)
    before = chat.events.count()
    words = {"client_id": "5f0c1bcf-5bb6-4f66-a4a0-5cf7f2d3a9a1", "body": "I am Ann", "delivered": 1, "read": 1}
    answer = Page(desk.eves_pc).post_json(f"chats/{chat.pk}/{verb}/", words)
    assert answer.status_code == 404
    chat.refresh_from_db()
    assert (chat.events.count(), chat.is_open) == (before, True)


def test_another_contact_at_the_device_sees_nothing_of_the_one_before(desk, now, clock):
    chat = talking(desk, now)
    ticket = ticket_of(desk, now, title="Printer jams", device=desk.pc)
    assign_contact(desk.pc, contact(desk.acme, "Bob Doe"), now)
    bob = Page(desk.pc)
    assert bob.get(f"chats/{chat.pk}/").status_code == 404
    assert bob.get(f"tickets/{ticket.number}/").status_code == 404
    assert "Printer jams" not in text(bob.get("tickets/"))


POSTS = ["start/", "identity/", "identity/token/", "identity/change/", "tickets/new/"]
CHAT_POSTS = ["accept", "decline", "cancel", "end", "keep-open", "messages", "seen"]


@pytest.mark.parametrize("path", [*POSTS, *(f"chats/1/{verb}/" for verb in CHAT_POSTS)])
def test_nothing_is_posted_from_another_site(path, desk, now):
    ann = Page(desk.pc)
    ann.get("")
    for token in ({}, {"csrfmiddlewaretoken": "x"}, {"csrfmiddlewaretoken": Page(desk.eves_pc).token}):
        assert ann.client.post(f"/agent/{path}", {"about": "Help", "title": "Help"} | token).status_code == 403
    assert not desk.pc.chats.exists()
    assert not desk.pc.tickets.exists()


def test_a_technician_who_signs_in_beside_it_does_not_break_the_page(desk):
    ann = Page(desk.pc)
    ann.client.handler.enforce_csrf_checks = True
    assert ann.token in text(ann.get(""))
    ann.client.force_login(desk.tina, "django.contrib.auth.backends.ModelBackend")
    assert "Asking our technicians" in text(ann.press("start/"))


def test_who_opened_another_device_in_the_same_browser_acts_as_nobody_else(desk):
    ann = Page(desk.pc)
    headers = {"HX-Request": "true", "X-CSRFToken": ann.token}
    ann.client.cookies[PAGE_COOKIE] = Page(desk.eves_pc).on.cookie
    for answer in (ann.client.get("/agent/", headers=headers), ann.client.post("/agent/start/", headers=headers)):
        assert (answer.status_code, answer["HX-Redirect"]) == (403, "/agent/")
    assert not desk.eves_pc.chats.exists()


# The launch link.


def use(client, secret):
    return client.post("/agent/open/", json.dumps({"secret": secret}), content_type="application/json")


def test_a_launch_link_opens_the_page(desk, now):
    client = Client()
    answer = use(client, new_launch_link(desk.pc, by=desk.tina, now=now))
    cookie = answer.cookies[PAGE_COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/agent/", True, "Lax")
    assert cookie["max-age"] == 30 * 24 * 3600
    assert "Hello, Ann" in text(client.get("/agent/"))


def test_the_cookie_stays_on_https_where_the_portals_does(desk, now, settings):
    settings.SESSION_COOKIE_SECURE = True
    answer = use(Client(), new_launch_link(desk.pc, by=desk.tina, now=now))
    assert answer.cookies[PAGE_COOKIE]["secure"]


def test_the_same_link_again_is_the_same_page(desk, now):
    client, secret = Client(), new_launch_link(desk.pc, by=desk.tina, now=now)
    use(client, secret)
    again = use(client, secret)
    assert again.json() == {"is_new": False}
    assert PageSession.objects.count() == 1


def test_a_page_that_gets_old_is_begun_anew_when_the_agent_opens_it(desk, now):
    client, secret = Client(), new_launch_link(desk.pc, by=desk.tina, now=now)
    use(client, secret)
    before = client.cookies[PAGE_COOKIE].value
    PageSession.objects.update(created_at=timezone.now() - PAGE_GETS_OLD_AFTER)
    assert use(client, secret).json() == {"is_new": True}
    assert client.cookies[PAGE_COOKIE].value != before


def test_pages_that_are_long_over_are_forgotten(desk, now):
    old, fresh = page_on(desk.pc, now - PAGE_LASTS).page, page_on(desk.free_pc, now).page
    forget_pages(now)
    assert list(PageSession.objects.all()) == [fresh]
    assert not PageSession.objects.filter(pk=old.pk).exists()


def test_a_link_of_another_device_opens_that_one(desk, now):
    ann = Page(desk.pc)
    answer = use(ann.client, new_launch_link(desk.free_pc, by=desk.tina, now=now))
    assert answer.json() == {"is_new": True}
    assert "ACME-PC-02" in text(ann.get(""))


BAD_SECRETS = ["", "null", "[]", "{}", '{"secret": null}', '{"secret": ""}', '{"secret": 7}', '{"secret": "x"}']


@pytest.mark.parametrize("body", [*BAD_SECRETS, "[" * 9999])
def test_a_wrong_link_opens_nothing_and_says_so(body, desk, now):
    Page(desk.pc)
    answer = Client().post("/agent/open/", body, content_type="application/json")
    assert answer.status_code == 403
    assert PAGE_COOKIE not in answer.cookies
    assert "not valid any more" in answer.json()["words"]


def test_a_revoked_link_opens_nothing(desk, now):
    secret = new_launch_link(desk.pc, by=desk.tina, now=now)
    revoke_launch_link(desk.pc, now)
    assert use(Client(), secret).status_code == 403


# The demonstration.


def test_the_demonstration_opens_a_device_by_its_name(desk, settings):
    settings.DEMO = True
    client = Client()
    assert client.get("/agent/demo/ACME-PC-01/").headers["Location"] == "/agent/"
    assert "Hello, Ann" in text(client.get("/agent/"))


def test_the_demonstration_stays_the_same_page_in_one_browser(desk, settings):
    settings.DEMO = True
    client = Client()
    for name in ("ACME-PC-01", "ACME-PC-01", "ACME-PC-02"):
        client.get(f"/agent/demo/{name}/")
    assert PageSession.objects.count() == 2


@pytest.mark.parametrize(("is_demo", "name"), [(False, "ACME-PC-01"), (True, "NOWHERE")])
def test_there_is_no_such_address(is_demo, name, desk, settings):
    settings.DEMO = is_demo
    answer = Client().get(f"/agent/demo/{name}/")
    assert answer.status_code == 404
    assert PAGE_COOKIE not in answer.cookies


# Languages.


def test_the_page_does_not_take_the_language_of_a_technician_beside_it(desk):
    desk.tina.language = "es"
    desk.tina.save(update_fields=["language"])
    ann = Page(desk.pc)
    ann.client.force_login(desk.tina, "django.contrib.auth.backends.ModelBackend")
    assert '<html lang="en">' in text(ann.get("", **{"Accept-Language": "en"}))


def test_a_contact_reads_the_language_of_their_choice(desk):
    desk.ann.language = "es"
    desk.ann.save(update_fields=["language"])
    assert '<html lang="es">' in text(Page(desk.pc).get("", **{"Accept-Language": "en"}))
