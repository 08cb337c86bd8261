"""One's own switches, on every page of the portal (S13), and the frame that they stand in."""

import json
import re

import pytest
from django.test import Client

from accounts import events
from accounts.models import Installation, Vocabulary
from tests.cast import PASSWORD, technician

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def tina(client):
    tina = technician("tina", name="Tina Okafor", is_available=False)
    client.force_login(tina)
    return tina


def page(client, address="/customers/"):
    return client.get(address).content.decode()


def switch(client, value):
    return client.post("/availability/", {"is_available": value}, headers=HTMX)


def test_becoming_available_is_stored_and_answered_to_the_page(client, tina):
    answer = switch(client, "1")
    tina.refresh_from_db()
    assert tina.is_available
    assert answer.status_code == 204
    assert json.loads(answer.headers["HX-Trigger"]) == {"hd:me": {"is_available": True}}


def test_becoming_unavailable_is_stored(client, tina):
    switch(client, "1")
    switch(client, "0")
    tina.refresh_from_db()
    assert not tina.is_available


def test_everybody_is_told_of_a_change(client, tina, monkeypatch):
    heard = []
    monkeypatch.setattr(events, "announce", lambda group, message: heard.append((group, message)))
    changed = (events.TECHNICIANS, {"type": "technician.changed", "technician": tina.pk})
    switch(client, "1")
    # She is the first who is there: that is news on devices too.
    assert heard == [changed, (events.PAGES, {"type": "help.changed"})]
    heard.clear()
    technician("omar")
    switch(client, "0")
    assert heard == [changed]


@pytest.mark.parametrize("nonsense", ["", "2", "yes", "\x00"])
def test_nonsense_changes_nothing(client, tina, nonsense):
    assert switch(client, nonsense).status_code == 400
    tina.refresh_from_db()
    assert not tina.is_available


def test_profile_button_bears_the_name_and_the_state(client, tina):
    words = re.search(r'<button class="hd-profile".*?</button>', page(client), re.S)[0]
    assert "Tina Okafor" in words
    assert ">Unavailable<" in words
    switch(client, "1")
    assert ">Available<" in re.search(r'<button class="hd-profile".*?</button>', page(client), re.S)[0]


def test_chosen_appearance_is_kept_for_the_person(client, tina):
    assert "data-bs-theme" not in page(client)
    assert client.post("/theme/", {"theme": "dark"}, headers=HTMX).status_code == 204
    assert 'data-bs-theme="dark"' in page(client)
    client.post("/theme/", {"theme": "system"}, headers=HTMX)
    assert "data-bs-theme" not in page(client)


def test_unknown_appearance_is_refused(client, tina):
    assert client.post("/theme/", {"theme": "<b>"}, headers=HTMX).status_code == 400


def test_page_tells_its_scripts_who_and_where_they_are(client, tina):
    body = re.search(r"<body[^>]*>", page(client))[0]
    for words in ('data-side="technician"', f'data-viewer="t{tina.pk}"', 'data-socket="/ws/"', "X-CSRFToken"):
        assert words in body


def test_admin_is_offered_to_admins_alone(client, tina):
    assert 'href="/admin/"' not in page(client)
    client.force_login(technician("jun", is_staff=True))
    assert 'href="/admin/"' in page(client)


def test_it_department_reads_its_own_words(client, tina):
    Installation.objects.filter(pk=Installation.objects.current().pk).update(vocabulary=Vocabulary.IT)
    words = page(client)
    assert "<h1>Sites</h1>" in words
    assert "Customers" not in words


def test_name_with_markup_is_shown_as_text(client):
    client.force_login(technician("eve", name="<img src=x> {{ 7|add:7 }}"))
    words = page(client)
    assert "<img src=x>" not in words
    assert "&lt;img src=x&gt; {{ 7|add:7 }}" in words


def test_unknown_address_says_so_with_a_way_on(client, tina):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_missing_part_of_a_page_is_answered_with_a_part(client, tina):
    words = client.get("/no/such/part/", headers=HTMX).content.decode()
    assert "There is nothing here" in words
    assert "<html" not in words


def test_failure_of_the_server_is_said_in_words(client, tina, monkeypatch):
    def fail(*_args):
        raise RuntimeError

    monkeypatch.setattr("accounts.customer_views.render", fail)
    client.raise_request_exception = False
    answer = client.get("/customers/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()


def test_everybody_changes_their_own_password(client, tina):
    elsewhere = Client()
    elsewhere.force_login(tina, "django.contrib.auth.backends.ModelBackend")
    assert 'href="/password/"' in page(client)
    new = {"new_password1": "a mouse in the attic", "new_password2": "a mouse in the attic"}
    assert client.post("/password/", new | {"old_password": "guess"}).status_code == 422
    assert client.post("/password/", new | {"old_password": PASSWORD}).headers["Location"] == "/"
    tina.refresh_from_db()
    assert tina.check_password("a mouse in the attic")
    assert "Your password is changed." in page(client)
    assert elsewhere.get("/customers/").status_code == 302
