"""Technicians in the admin: who may sign in, who is an admin, who is available."""

import pytest

from accounts import actions, events
from accounts.models import Technician, Theme
from tests.admin import admin_desk, announced, filled, save, send
from tests.cast import technician
from tests.races import at_once

LIST = "/admin/accounts/technician/"
NEW = {"password1": "a long way from home", "password2": "a long way from home"}


@pytest.fixture
def people(client, db):
    return admin_desk(client)


@pytest.fixture
def told(monkeypatch):
    return announced(monkeypatch, events)


def page_of(person):
    return f"{LIST}{person.pk}/change/"


def test_new_technician_signs_in_and_begins_unavailable(client, people):
    save(client, f"{LIST}add/", username="omid", first_name="Omid", email="omid@desk.example", **NEW)
    omid = Technician.objects.get(username="omid")
    assert omid.check_password("a long way from home")
    assert [omid.is_available, omid.is_staff, omid.is_superuser] == [False, False, False]


def test_new_person_can_be_an_admin_from_the_start(client, people):
    save(client, f"{LIST}add/", username="omid", role="admin", **NEW)
    client.force_login(Technician.objects.get(username="omid"))
    assert client.get("/admin/accounts/installation/1/change/").status_code == 200


def test_a_new_person_without_a_password_is_refused(client, people):
    answer = send(client, f"{LIST}add/", username="omid")
    assert answer.status_code == 200
    assert not Technician.objects.filter(username="omid").exists()


def test_role_makes_an_admin_and_takes_it_back(client, people):
    save(client, page_of(people.tina), role="admin")
    people.tina.refresh_from_db()
    assert people.tina.is_staff
    assert people.tina.is_superuser
    save(client, page_of(people.tina), role="technician")
    client.force_login(people.tina)
    assert client.get("/admin/", follow=True).status_code == 403


def test_who_is_switched_off_loses_their_open_pages(client, people, told):
    save(client, page_of(people.tina), is_active=None)
    people.tina.refresh_from_db()
    assert not people.tina.is_active
    assert (events.technician_group(people.tina.pk), "rights.changed") in told
    assert "May not sign in" in client.get(LIST).content.decode()


def test_nobody_shuts_themselves_out(client, people):
    page = client.get(page_of(people.jun)).content.decode()
    save(client, page_of(people.jun), role="technician", is_active=None)
    people.jun.refresh_from_db()
    assert people.jun.is_active
    assert people.jun.is_staff
    assert "Nobody shuts themselves out" in page


def test_the_last_admin_stays(people):
    people.jun.is_staff = False
    with pytest.raises(actions.LastAdmin):
        actions.save_technician(people.jun, ["is_staff"])
    assert Technician.objects.admins().get() == people.jun


def test_an_admin_who_would_be_the_last_reads_that_nothing_was_changed(client, people, monkeypatch):
    monkeypatch.setattr("accounts.admin.technicians.TechnicianAdmin.get_readonly_fields", lambda *_: [])
    monkeypatch.setattr("accounts.admin.technicians._own", lambda field: field)
    monkeypatch.setattr("accounts.admin.technicians.TechnicianAdmin.fieldsets", [(None, {"fields": ["role"]})])
    answer = send(client, page_of(people.jun), role="technician")
    assert answer.status_code == 302
    assert "no admin would be left" in client.get(page_of(people.jun)).content.decode()
    assert Technician.objects.admins().exists()


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_switch_each_other_off_leave_one():
    pair = [technician(name, is_staff=True, is_superuser=True) for name in ("jun", "kim")]

    def switch_off(person):
        person.is_active = False
        actions.save_technician(person, ["is_active"])

    at_once(*(lambda person=person: switch_off(person) for person in pair))
    assert Technician.objects.admins().count() == 1


def test_availability_that_was_switched_meanwhile_stays(client, people, monkeypatch):
    stale = Technician.objects.get(pk=people.tina.pk)
    actions.set_availability(people.tina, is_available=False)
    monkeypatch.setattr("accounts.admin.TechnicianAdmin.get_object", lambda *_: stale)
    save(client, page_of(people.tina), first_name="Christina")
    people.tina.refresh_from_db()
    assert people.tina.first_name == "Christina"
    assert not people.tina.is_available


def test_language_and_appearance_of_a_person_are_set_here(client, people):
    save(client, page_of(people.tina), language="es", theme=Theme.DARK)
    people.tina.refresh_from_db()
    assert (people.tina.language, people.tina.theme) == ("es", Theme.DARK)


def test_new_password_closes_the_open_pages(client, people, told):
    answer = client.post(f"{LIST}{people.tina.pk}/password/", NEW)
    people.tina.refresh_from_db()
    assert answer.status_code == 302
    assert people.tina.check_password("a long way from home")
    assert (events.technician_group(people.tina.pk), "rights.changed") in told


def test_a_password_is_replaced_and_never_just_taken(client, people):
    answer = client.post(f"{LIST}{people.tina.pk}/password/", {"usable_password": "false", "unset-password": "1"})
    people.tina.refresh_from_db()
    assert answer.status_code == 200
    assert people.tina.has_usable_password()


def test_own_password_takes_the_present_one_and_closes_other_pages(client, people, told):
    new = {"new_password1": "a long way from home", "new_password2": "a long way from home"}
    assert client.post("/admin/password_change/", new | {"old_password": "guess"}).status_code == 200
    client.post("/admin/password_change/", new | {"old_password": "correct horse battery"})
    assert Technician.objects.get(pk=people.jun.pk).check_password("a long way from home")
    assert (events.technician_group(people.jun.pk), "rights.changed") in told
    assert client.get("/admin/").status_code == 200


def test_list_says_who_is_available_at_a_glance(client, people):
    actions.set_availability(people.omar, is_available=False)
    page = client.get(LIST).content.decode()
    assert page.count('<span class="hd-dot is-ok"></span>Available') == 2
    assert page.count('<span class="hd-dot"></span>Unavailable') == 1


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ("state=available", {"tina"}),
        ("state=unavailable", {"omar", "jun"}),
        ("state=off", {"kim"}),
        ("role=admin", {"jun"}),
    ],
)
def test_list_can_be_narrowed(client, people, choice, found):
    technician("kim", is_active=False)
    actions.set_availability(people.omar, is_available=False)
    Technician.objects.filter(pk=people.jun.pk).update(is_available=False)
    listed = client.get(f"{LIST}?{choice}").context["cl"].result_list
    assert {person.username for person in listed} == found


def test_a_page_that_stood_open_gives_no_role_and_no_language_back(client, people):
    shown = filled(client, page_of(people.tina))
    Technician.objects.filter(pk=people.tina.pk).update(language="es", is_staff=True, is_superuser=True)
    client.post(page_of(people.tina), shown | {"email": "tina@elsewhere.example", "_save": "Save"})
    people.tina.refresh_from_db()
    assert (people.tina.email, people.tina.language) == ("tina@elsewhere.example", "es")
    assert people.tina.is_staff
    assert people.tina.is_superuser
