"""The admin's pages: what is saved there goes the same way as everywhere, and what happened stays as it was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import events
from accounts.admin import trial_words
from accounts.models import Contact, Customer, Installation, Technician
from chat.models import ChatSession
from chat.states import State
from devices.models import Device
from tests.cast import cast, offered, talking, technician, ticket_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(client):
    people = cast(is_chat_enabled=False)
    people.jun = technician("jun", name="Jun Park", is_staff=True, is_superuser=True)
    client.force_login(people.jun)
    return people


@pytest.fixture
def told(monkeypatch):
    """What is announced about people, as (group, type)."""
    heard = []
    monkeypatch.setattr(events, "announce", lambda group, message: heard.append((group, message["type"])))
    return heard


def test_a_chat_that_is_over_is_not_listed_as_open(client, people):
    long_ago = timezone.now() - timedelta(hours=1)
    chat = offered(people, long_ago)
    assert "no answer" in client.get("/admin/chat/chatsession/").content.decode()
    chat.refresh_from_db()
    assert chat.state == State.ENDED


def save(client, address, **fields):
    answer = client.post(address, fields | {"_save": "Save"})
    assert answer.status_code == 302, answer.context["errors"]


def settings_page(client, **fields):
    save(client, "/admin/accounts/installation/1/change/", name="Desk", vocabulary="msp", plan="growth", **fields)


def person_page(client, person, **fields):
    named = {"username": person.username, "first_name": person.first_name, "last_name": person.last_name}
    save(client, f"/admin/accounts/technician/{person.pk}/change/", **named, **fields)


def test_settings_are_one_form_with_the_switch_of_the_chat(client, people):
    page = client.get("/admin/accounts/installation/", follow=True).content.decode()
    assert "<h1>Settings</h1>" in page
    assert "Chat with the agent" in page
    assert "Enable chat" in page


def test_enabling_chat_starts_the_trial_and_tells_the_open_pages(client, people, told):
    settings_page(client, is_chat_enabled="on")
    installation = Installation.objects.current()
    assert installation.is_chat_enabled
    assert installation.trial_started_at is not None
    assert told == [(events.TECHNICIANS, "installation.changed")]


def test_saving_the_settings_takes_no_ticket_number_back(client, people, monkeypatch):
    page = Installation.objects.current()
    Installation.objects.filter(pk=1).update(last_ticket_number=2000)
    monkeypatch.setattr("accounts.admin.InstallationAdmin.get_object", lambda *_args: page)
    settings_page(client)
    assert Installation.objects.current().last_ticket_number == 2000


def test_settings_say_how_much_of_the_trial_is_left(people, now):
    installation = Installation(trial_started_at=now)
    assert trial_words(installation, now) == "30 days left"
    assert trial_words(installation, now + timedelta(days=29, hours=1)) == "1 day left"
    assert trial_words(installation, now + timedelta(days=30)) == "Over"


def test_switching_a_technician_off_closes_their_open_pages(client, people, told):
    person_page(client, people.tina)
    people.tina.refresh_from_db()
    assert not people.tina.is_active
    assert (events.technician_group(people.tina.pk), "rights.changed") in told


def test_new_password_closes_the_open_pages(client, people, told):
    new = {"password1": "a long way from home", "password2": "a long way from home"}
    answer = client.post(f"/admin/accounts/technician/{people.tina.pk}/password/", new)
    people.tina.refresh_from_db()
    assert answer.status_code == 302
    assert people.tina.check_password("a long way from home")
    assert (events.technician_group(people.tina.pk), "rights.changed") in told


def test_new_technician_begins_unavailable(client, people):
    new = {"password1": "a long way from home", "password2": "a long way from home"}
    save(client, "/admin/accounts/technician/add/", username="omid", usable_password="true", **new)
    assert not Technician.objects.get(username="omid").is_available


def test_new_admin_may_do_all_that_an_admin_does(client, people):
    person_page(client, people.tina, is_active="on", is_staff="on")
    client.force_login(Technician.objects.get(pk=people.tina.pk))
    assert client.get("/admin/accounts/installation/1/change/").status_code == 200


def test_nobody_shuts_themselves_out(client, people):
    person_page(client, people.jun)
    people.jun.refresh_from_db()
    assert people.jun.is_active
    assert people.jun.is_staff


def test_agent_of_a_customer_is_switched_here(client, people, told):
    save(client, f"/admin/accounts/customer/{people.acme.pk}/change/", name="Acme")
    assert not Customer.objects.get(pk=people.acme.pk).has_agent
    assert told == [(events.TECHNICIANS, "installation.changed")]


def test_contact_keeps_their_customer(client, people):
    fields = {"name": "Ann Keller-Moss", "email": "ann@acme.example", "customer": people.globex.pk}
    save(client, f"/admin/accounts/contact/{people.ann.pk}/change/", **fields)
    ann = Contact.objects.get(pk=people.ann.pk)
    assert (ann.name, ann.customer) == ("Ann Keller-Moss", people.acme)


def test_two_contacts_of_a_customer_cannot_share_an_address(client, people):
    fields = {"name": "Ann Two", "email": "ANN@acme.example", "customer": people.acme.pk}
    answer = client.post("/admin/accounts/contact/add/", fields)
    assert "Somebody here has this e-mail address already." in answer.content.decode()


def test_device_is_added_and_keeps_its_contact_when_changed(client, people):
    fields = {"name": "ACME-PC-09", "platform": "windows", "customer": people.acme.pk}
    save(client, "/admin/devices/device/add/", **fields)
    save(client, f"/admin/devices/device/{people.pc.pk}/change/", **fields | {"name": "ACME-PC-10"})
    assert Device.objects.filter(name="ACME-PC-09", contact=None).exists()
    assert Device.objects.get(name="ACME-PC-10").contact == people.ann


def test_chats_and_tickets_can_be_read_and_not_changed(client, people):
    now = timezone.now()
    people.installation.is_chat_enabled = True
    people.installation.save()
    chat, ticket = talking(people, now, about="It is dark here"), ticket_of(people, now)
    for address in (f"/admin/chat/chatsession/{chat.pk}/change/", f"/admin/tickets/ticket/{ticket.pk}/change/"):
        assert client.get(address).status_code == 200
        assert client.post(address, {"state": "ended", "title": "Mine"}).status_code == 403
        assert client.post(address.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert "It is dark here" in client.get(f"/admin/chat/chatsession/{chat.pk}/change/").content.decode()
    assert ChatSession.objects.get().is_open


@pytest.mark.parametrize("room", ["accounts/technician", "accounts/customer", "accounts/contact", "devices/device"])
def test_lists_open(client, people, room):
    assert client.get(f"/admin/{room}/").status_code == 200
    assert client.get(f"/admin/{room}/?q=ann").status_code == 200


def test_names_are_stored_without_what_turns_or_hides_the_text_around_them(client, people):
    save(client, f"/admin/accounts/customer/{people.acme.pk}/change/", name="\u202eAcme \x07 Ltd ")
    save(client, f"/admin/accounts/contact/{people.ann.pk}/change/", name="Ann\u202e Keller", email="ann@acme.example")
    save(client, f"/admin/devices/device/{people.pc.pk}/change/", name="\u2067ACME-PC-01", platform="windows")
    person_page(client, people.tina, is_active="on", email="tina@desk.example")
    people.acme.refresh_from_db()
    people.ann.refresh_from_db()
    people.pc.refresh_from_db()
    assert (people.acme.name, people.ann.name, people.pc.name) == ("Acme Ltd", "Ann Keller", "ACME-PC-01")
    assert people.ann.email == "ann@acme.example"


def test_a_name_of_marks_alone_is_no_name(client, people):
    answer = client.post(f"/admin/accounts/customer/{people.acme.pk}/change/", {"name": "\u202e"})
    assert "This field is required." in answer.content.decode()
