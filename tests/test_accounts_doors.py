"""The way in and the way out: who gets through, who does not, and what they read."""

import pytest
from django.test import Client

from accounts import actions, events
from accounts.models import Technician
from tests.cast import PASSWORD, technician

pytestmark = pytest.mark.django_db

SETUP = {"name": "Tina Okafor", "username": "tina", "password": "a long way from home"}


@pytest.fixture
def tina():
    return technician("tina", name="Tina Okafor")


@pytest.fixture
def told(monkeypatch):
    """What is announced, as (group, type)."""
    heard = []
    monkeypatch.setattr(events, "announce", lambda group, message: heard.append((group, message["type"])))
    return heard


def sign_in(client, password=PASSWORD, username="tina", **more):
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def test_right_password_opens_the_portal(client, tina):
    assert sign_in(client).headers["Location"] == "/"
    assert client.get("/customers/").status_code == 200


def test_wrong_password_says_so_and_lets_nobody_in(client, tina):
    assert "The username or the password is not right" in sign_in(client, "guess").content.decode()
    assert client.get("/customers/").headers["Location"] == "/sign-in/?next=/customers/"
    # A button pressed after the session ended is no page to come back to.
    assert client.post("/chats/1/end/").headers["Location"] == "/sign-in/?next=/"


def test_sign_in_leads_to_the_page_that_was_asked_for(client, tina):
    assert sign_in(client, next="/customers/?q=acme").headers["Location"] == "/customers/?q=acme"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_sign_in_never_leads_to_another_site(client, tina, elsewhere):
    assert sign_in(client, next=elsewhere).headers["Location"] == "/"


def test_who_is_signed_in_is_not_asked_again(client, tina):
    client.force_login(tina)
    assert client.get("/sign-in/").headers["Location"] == "/"


def test_five_wrong_tries_lock_even_the_right_password_out(client, tina):
    answers = [sign_in(client, "guess").status_code for _ in range(5)]
    locked = sign_in(client)
    assert answers == [200, 200, 200, 200, 429]
    assert locked.status_code == 429
    assert "Wait 15 minutes" in locked.content.decode()


def test_another_person_at_the_same_address_is_not_locked_out(client, tina):
    technician("omar")
    for _ in range(6):
        sign_in(client, "guess")
    assert sign_in(client, username="omar").headers["Location"] == "/"


def test_who_was_switched_off_cannot_sign_in(client, tina):
    tina.is_active = False
    actions.save_technician(tina, ["is_active"])
    assert sign_in(client).status_code == 200
    assert client.get("/customers/").status_code == 302


def test_stranger_is_sent_to_the_sign_in(client, tina):
    for address in ("/customers/", "/customers/1/", "/admin/"):
        assert client.get(address, follow=True).redirect_chain[-1][0] == f"/sign-in/?next={address}"
    for address in ("/availability/", "/theme/"):
        assert client.post(address).status_code == 302


def test_stranger_on_an_open_page_is_sent_away_as_a_whole(client):
    answer = client.post(
        "/availability/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/customers/"}
    )
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=/customers/"


def test_signing_out_ends_the_session_and_tells_the_open_pages(client, tina, told):
    client.force_login(tina)
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert told == [(events.technician_group(tina.pk), "rights.changed")]
    assert client.get("/customers/").status_code == 302


def test_a_link_signs_nobody_out(client, tina):
    client.force_login(tina)
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/customers/").status_code == 200


def test_signing_out_of_the_admin_is_the_same_way_out(client, tina, told):
    client.force_login(tina)
    assert client.post("/admin/logout/").headers["Location"] == "/sign-in/"
    assert told == [(events.technician_group(tina.pk), "rights.changed")]


def test_admin_has_no_second_sign_in(client, tina):
    answer = client.get("/admin/login/", {"next": "/admin/"})
    assert answer.headers["Location"] == "/sign-in/?next=/admin/"


def test_technician_who_is_no_admin_reads_why_the_admin_is_closed(client, tina):
    client.force_login(tina)
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "You are signed in as Tina Okafor" in answer.content.decode()


def test_form_from_an_old_page_says_what_to_do(tina):
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "tina", "password": PASSWORD})
    assert answer.status_code == 403
    assert "This page was out of date" in answer.content.decode()


def test_code_of_the_server_makes_the_first_admin_who_is_signed_in(client, now):
    code = actions.new_setup_code(now)
    spaced = f"{code[:4]} {code[4:]} "
    assert client.post("/setup/", SETUP | {"code": spaced}).headers["Location"] == "/"
    tina = Technician.objects.get()
    assert (tina.name, tina.is_staff, tina.is_superuser, tina.is_available) == ("Tina Okafor", True, True, False)
    assert client.get("/admin/").status_code == 200


def test_setup_is_gone_once_anybody_can_sign_in(client, tina, now):
    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", SETUP | {"code": "12345678"}).status_code == 404


def test_wrong_code_makes_nobody(client, now):
    actions.new_setup_code(now)
    answer = client.post("/setup/", SETUP | {"code": "nonsense"})
    assert answer.status_code == 422
    assert "This code is not right" in answer.content.decode()
    assert not Technician.objects.exists()


def test_weak_password_makes_nobody_and_says_why(client, now):
    answer = client.post("/setup/", SETUP | {"code": actions.new_setup_code(now), "password": "password"})
    assert "too common" in answer.content.decode()
    assert not Technician.objects.exists()


def test_empty_installation_points_to_the_setup(client):
    assert 'href="/setup/"' in client.get("/sign-in/").content.decode()
