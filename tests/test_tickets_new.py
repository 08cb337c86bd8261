"""A technician writes a ticket: for whom, once, and with nothing typed lost."""

import re
from uuid import uuid4

import pytest
from django.utils.html import strip_tags

from tests.cast import contact
from tickets.models import EntryKind, Priority, Ticket

HTMX = {"HX-Request": "true"}


@pytest.fixture
def tina(client, desk):
    client.force_login(desk.tina)
    return client


def form(client, **query):
    return client.get("/tickets/new/", query).content.decode()


def chosen(html):
    """What stands in each of the selects."""
    selects = re.findall(r'<select name="(\w+)"(.*?)</select>', html, re.S)
    return {name: re.findall(r"selected>([^<]*)<", options)[0] for name, options in selects}


def write(client, desk, *, headers=HTMX, **given):
    typed = {"title": "Printer jams", "customer": desk.acme.pk, "priority": "medium", "key": uuid4()}
    return client.post("/tickets/new/", typed | given, headers=headers)


def words(answer):
    return " ".join(strip_tags(answer.content.decode()).split())


def test_ticket_is_written_and_opened(tina, desk):
    answer = write(
        tina,
        desk,
        contact=desk.ann.pk,
        device=desk.pc.pk,
        description="It eats\r\npaper.",
        priority="high",
    )
    ticket = Ticket.objects.get()
    assert answer["HX-Redirect"] == f"/tickets/{ticket.number}/"
    assert (ticket.title, ticket.customer, ticket.contact, ticket.device, ticket.priority) == (
        "Printer jams",
        desk.acme,
        desk.ann,
        desk.pc,
        Priority.HIGH,
    )
    opened, message = ticket.entries.all()
    assert (opened.kind, opened.technician, opened.data) == (EntryKind.OPENED, desk.tina, {"how": "technician"})
    assert (message.body, message.technician) == ("It eats\npaper.", desk.tina)


def test_without_scripts_it_leads_to_the_ticket_too(tina, desk):
    answer = write(tina, desk, headers={})
    assert answer["Location"] == f"/tickets/{Ticket.objects.get().number}/"


def test_double_submit_makes_one(tina, desk):
    key = uuid4()
    first, second = write(tina, desk, key=key), write(tina, desk, key=key)
    assert Ticket.objects.count() == 1
    assert first["HX-Redirect"] == second["HX-Redirect"]


def test_form_that_was_changed_and_sent_again_is_another_ticket(tina, desk):
    key = uuid4()
    write(tina, desk, key=key)
    write(tina, desk, key=key, title="Scanner jams")
    assert sorted(Ticket.objects.values_list("title", flat=True)) == ["Printer jams", "Scanner jams"]


def test_same_key_of_two_technicians_is_two_tickets(client, desk):
    key = uuid4()
    for person in (desk.tina, desk.omar):
        client.force_login(person)
        write(client, desk, key=key)
    assert Ticket.objects.count() == 2


def test_each_form_has_its_own_key(tina):
    keys = [re.search(r'name="key" value="([^"]+)"', form(tina))[1] for _ in range(2)]
    assert keys[0] != keys[1]


def test_device_brings_its_customer_and_its_contact(tina, desk):
    assert chosen(form(tina, device=desk.pc.pk)) == {
        "customer": "Acme",
        "contact": "Ann Keller",
        "device": "ACME-PC-01",
        "priority": "Medium",
    }
    assert chosen(form(tina, device=desk.free_pc.pk))["contact"] == "Nobody"


def test_contact_brings_their_customer(tina, desk):
    found = chosen(form(tina, contact=desk.eve.pk))
    assert (found["customer"], found["contact"], found["device"]) == ("Globex", "Eve Stone", "None")


@pytest.mark.parametrize("query", [{"device": "0"}, {"contact": "9" * 40}, {"device": "<b>"}, {"customer": "999"}])
def test_what_the_address_names_and_is_not_there_counts_as_not_given(tina, query):
    assert chosen(form(tina, **query)) == {"customer": "Choose…", "priority": "Medium"}


def test_only_people_and_devices_of_the_customer_are_offered(tina, desk):
    html = form(tina, customer=desk.acme.pk)
    assert "Ann Keller" in html
    assert "ACME-PC-02" in html
    assert "Eve Stone" not in html
    assert "GLOBEX-PC-01" not in html


def test_anothers_contact_or_device_is_refused(tina, desk):
    answer = write(tina, desk, contact=desk.eve.pk, device=desk.eves_pc.pk)
    assert answer.status_code == 422
    assert "This person does not belong there. Choose again." in words(answer)
    assert "This device does not belong there. Choose again." in words(answer)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("value", ["", "0", "x", "9" * 40, "\x00"])
def test_ticket_without_a_customer_is_refused_and_keeps_what_was_typed(tina, desk, value):
    answer = write(tina, desk, customer=value, description="It eats paper")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'id="id_customer_error"' in html
    assert 'value="Printer jams"' in html
    assert "It eats paper" in html


@pytest.mark.parametrize("title", ["", " \u202e\t", "x" * 201])
def test_title_is_one_line_that_says_something(tina, desk, title):
    answer = write(tina, desk, title=title)
    assert answer.status_code == 422
    field = re.search(r'<input type="text" name="title"[^>]*>', answer.content.decode())[0]
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_title_error"' in field
    assert "autofocus" in field
    assert not Ticket.objects.exists()


def test_description_that_is_too_long_is_refused(tina, desk):
    assert write(tina, desk, description="x" * 20_001).status_code == 422
    assert "HX-Redirect" in write(tina, desk, description="x" * 20_000)


def test_what_was_typed_is_text_when_it_comes_back(tina, desk):
    evil = '"></textarea><script>alert(1)</script>{{ 7 }}'
    html = write(tina, desk, title=evil, description=evil, customer="").content.decode()
    assert evil not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}") == 2


def test_words_of_an_it_department(tina, desk):
    desk.installation.vocabulary = "it"
    desk.installation.save()
    html = form(tina, customer=desk.acme.pk)
    assert '<label for="id_customer">Site</label>' in html
    assert '<label for="id_contact">User</label>' in html


def test_without_any_customer_it_says_who_adds_them(client, desk):
    for one in (desk.acme, desk.globex):
        one.devices.all().delete()
        one.delete()
    client.force_login(desk.tina)
    assert "There are no customers yet An admin adds them." in words(client.get("/tickets/new/"))


def test_many_contacts_cost_no_more_queries(tina, desk, django_assert_num_queries):
    for number in range(20):
        contact(desk.acme, f"Person{number} Long")
    # Session, person, the device, its customer, the selects of customers, contacts and devices, settings.
    with django_assert_num_queries(8):
        form(tina, device=desk.pc.pk)


def test_a_stranger_is_sent_to_sign_in(client, desk):
    for answer in (client.get("/tickets/new/"), write(client, desk, headers={})):
        assert answer["Location"].startswith("/sign-in/")
    assert not Ticket.objects.exists()
