"""Customers, contacts and devices in the admin."""

import pytest
from django.utils import timezone

from accounts import events
from accounts.models import Contact, Customer
from devices import actions as devices
from devices.models import Device, LaunchLink
from tests.admin import admin_desk, announced, filled, save, send
from tests.cast import contact, customer

LIST = "/admin/accounts/customer/"
TOLD_ONCE = [(events.TECHNICIANS, "installation.changed"), (events.PAGES, "help.changed")]


@pytest.fixture
def people(client, db):
    return admin_desk(client)


@pytest.fixture
def told(monkeypatch):
    return announced(monkeypatch, events)


def page_of(row):
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def ticked(client, action, *rows):
    return client.post(LIST, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)


def agents():
    return set(Customer.objects.filter(has_agent=True).values_list("name", flat=True))


def test_agent_of_a_customer_is_switched_on_its_page(client, people, told):
    save(client, page_of(people.acme), has_agent=None)
    assert agents() == {"Globex"}
    assert told == TOLD_ONCE


def test_saving_a_page_that_stood_open_undoes_nothing(client, people):
    """Two admins: what one did not touch stays as the other has left it meanwhile."""
    shown = filled(client, page_of(people.acme))
    Customer.objects.filter(pk=people.acme.pk).update(has_agent=False)
    client.post(page_of(people.acme), shown | {"name": "Acme & Co", "_save": "Save"})
    people.acme.refresh_from_db()
    assert (people.acme.name, people.acme.has_agent) == ("Acme & Co", False)


def test_language_that_a_contact_chose_meanwhile_stays(client, people):
    shown = filled(client, page_of(people.ann))
    Contact.objects.filter(pk=people.ann.pk).update(language="es")
    client.post(page_of(people.ann), shown | {"phone": "555 01", "_save": "Save"})
    people.ann.refresh_from_db()
    assert (people.ann.phone, people.ann.language) == ("555 01", "es")


def test_another_address_is_not_confirmed_yet(client, people, now):
    Contact.objects.filter(pk=people.ann.pk).update(confirmed_at=now)
    save(client, page_of(people.ann), phone="555 01")
    people.ann.refresh_from_db()
    assert people.ann.confirmed_at == now
    save(client, page_of(people.ann), email="Ann@Elsewhere.example")
    people.ann.refresh_from_db()
    assert (people.ann.email, people.ann.confirmed_at) == ("ann@elsewhere.example", None)


def test_agent_is_switched_off_and_on_for_many_at_once(client, people, told):
    page = ticked(client, "switch_agent_off", people.acme, people.globex).content.decode()
    assert agents() == set()
    assert told == TOLD_ONCE
    assert "The HelpDesk Agent was switched off for 2 customers." in page
    ticked(client, "switch_agent_on", people.globex)
    assert agents() == {"Globex"}


def test_a_switch_that_changes_nothing_tells_nobody(client, people, told):
    page = ticked(client, "switch_agent_on", people.acme).content.decode()
    assert told == []
    assert "switched on for 0 customers" in page


def test_switching_many_stands_in_the_history_of_each(client, people):
    ticked(client, "switch_agent_off", people.acme)
    history = client.get(f"{LIST}{people.acme.pk}/history/").content.decode()
    assert "HelpDesk Agent enabled" in history


def test_list_counts_contacts_and_devices_without_asking_for_each_customer(
    client, people, django_assert_max_num_queries
):
    client.get(LIST)
    for number in range(20):
        contact(customer(f"Customer {number}"), "Somebody Else")
    with django_assert_max_num_queries(12):
        page = client.get(LIST).content.decode()
    assert f'href="/admin/devices/device/?customer__id__exact={people.acme.pk}">2</a>' in page


def test_a_customer_is_not_added_twice_in_other_letters(client, people):
    assert "Acme is there already." in send(client, f"{LIST}add/", name="ACME").content.decode()


def test_customers_and_contacts_bear_the_words_of_an_it_department(client, people):
    people.installation.vocabulary = "it"
    people.installation.save()
    page = ticked(client, "switch_agent_off", people.acme).content.decode()
    assert "<h1>Sites</h1>" in page
    assert "switched off for 1 site." in page


def test_contact_keeps_their_customer(client, people):
    save(client, page_of(people.ann), name="Ann Keller-Moss", language="es", customer=people.globex.pk)
    ann = Contact.objects.get(pk=people.ann.pk)
    assert (ann.name, ann.language, ann.customer) == ("Ann Keller-Moss", "es", people.acme)


def test_a_contact_and_a_device_that_come_are_told_to_the_open_pages(client, people, told):
    save(client, "/admin/accounts/contact/add/", name="Nora Quist", customer=people.acme.pk)
    assert told == TOLD_ONCE[:1]
    save(client, "/admin/devices/device/add/", name="ACME-PC-09", customer=people.acme.pk)
    assert told == TOLD_ONCE[:1] * 2


def test_contact_shows_their_devices(client, people):
    page = client.get(page_of(people.ann)).content.decode()
    assert f'<a href="{page_of(people.pc)}">ACME-PC-01</a>' in page


def test_two_contacts_of_a_customer_cannot_share_an_address(client, people):
    fields = {"name": "Ann Two", "email": "ANN@acme.example", "customer": people.acme.pk}
    answer = send(client, "/admin/accounts/contact/add/", **fields)
    assert "Somebody here has this e-mail address already." in answer.content.decode()


def test_device_is_added_and_keeps_its_contact_when_changed(client, people):
    save(client, "/admin/devices/device/add/", name="ACME-PC-09", customer=people.acme.pk)
    save(client, page_of(people.pc), name="ACME-PC-10")
    assert Device.objects.filter(name="ACME-PC-09", contact=None).exists()
    assert Device.objects.get(name="ACME-PC-10").contact == people.ann


def test_a_device_is_not_added_twice_in_other_letters(client, people):
    answer = send(client, "/admin/devices/device/add/", name="acme-pc-01", customer=people.acme.pk)
    assert "ACME-PC-01 is there already." in answer.content.decode()
    assert send(client, "/admin/devices/device/add/", name="acme-pc-01", customer=people.globex.pk).status_code == 302


def test_device_shows_its_links_and_never_a_secret(client, people):
    now = timezone.now()
    secret = devices.new_launch_link(people.pc, by=people.tina, now=now)
    page = client.get(page_of(people.pc)).content.decode()
    assert "In use" in page
    assert "Tina Okafor" in page
    assert secret not in page
    assert LaunchLink.objects.get().secret_hash not in page
    devices.revoke_launch_link(people.pc, now)
    assert "Revoked" in client.get(page_of(people.pc)).content.decode()


def test_links_are_made_and_revoked_where_everybody_does_it(client, people):
    make, revoke = f'href="/devices/{people.pc.pk}/launch-link/"', f'href="/devices/{people.pc.pk}/revoke/"'
    page = client.get(page_of(people.pc)).content.decode()
    assert make in page
    assert revoke not in page
    devices.new_launch_link(people.pc, by=None, now=timezone.now())
    assert revoke in client.get(page_of(people.pc)).content.decode()


def test_names_are_stored_without_what_turns_or_hides_the_text_around_them(client, people):
    save(client, page_of(people.acme), name="\u202eAcme \x07 Ltd ")
    save(client, page_of(people.ann), name="Ann\u202e Keller")
    save(client, page_of(people.pc), name="\u2067ACME-PC-01")
    for row, name in ((people.acme, "Acme Ltd"), (people.ann, "Ann Keller"), (people.pc, "ACME-PC-01")):
        row.refresh_from_db()
        assert row.name == name
    assert people.ann.email == "ann@acme.example"


def test_a_name_of_marks_alone_is_no_name(client, people):
    answer = send(client, page_of(people.acme), name="\u202e")
    assert "This field is required." in answer.content.decode()
