"""The list of customers, and a customer with its contacts."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from tests.cast import cast, contact, customer, device

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(client):
    people = cast()
    client.force_login(people.tina)
    return people


def read(client, address, **query):
    """The words of a page's main part, one space between them."""
    main = re.search(r"<main.*</main>", client.get(address, query).content.decode(), re.S)[0]
    return " ".join(strip_tags(main).split())


def queries(client, address):
    """How often the database is asked for a page."""
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_list_counts_contacts_and_devices_and_says_the_switch(client, people):
    contact(people.acme, "Bea Long")
    customer("Initech", has_agent=False)
    words = read(client, "/customers/")
    assert "Acme On 2 2" in words
    assert "Globex On 1 2" in words
    assert "Initech Off 0 0" in words


def test_longer_list_costs_no_more_queries(client, people):
    before = queries(client, "/customers/")
    for number in range(20):
        device(customer(f"Customer {number}"), "PC")
    assert before == queries(client, "/customers/") == 5  # session, person, count, rows, settings


def test_search_finds_by_a_part_of_the_name(client, people):
    assert "Acme" in read(client, "/customers/", q="cm")
    assert "Globex" not in read(client, "/customers/", q="cm")


def test_search_without_a_find_says_so_and_leads_back(client, people):
    assert "Nothing found for “<b>”" in read(client, "/customers/", q="<b>").replace("&lt;", "<").replace("&gt;", ">")


def test_search_of_unprintable_characters_fails_nothing(client, people):
    assert client.get("/customers/", {"q": "ac\x00me\u202e"}).status_code == 200


def test_long_list_comes_in_pages(client, people):
    for number in range(60):
        customer(f"Customer {number:02}")
    assert "1–50 of 62" in read(client, "/customers/")
    assert "51–62 of 62 Previous Page 2 of 2" in read(client, "/customers/", page=2)
    assert "51–62 of 62" in read(client, "/customers/", page="99999999999999999999")


def test_empty_list_says_who_adds_customers(client, people):
    people.tina.is_staff = people.tina.is_superuser = True
    people.tina.save()
    for model in (people.acme, people.globex):
        model.devices.all().delete()
        model.delete()
    assert "There are no customers yet Add the first one, then its contacts and devices. Add customer" in read(
        client, "/customers/"
    )


def test_customer_shows_contacts_with_their_device(client, people):
    contact(people.acme, "Bea Long")
    words = read(client, f"/customers/{people.acme.pk}/")
    assert "Contacts 2 Devices 2" in words
    assert "Ann Keller ann@acme.example ACME-PC-01" in words
    assert "Bea Long bea@acme.example None" in words


def test_customer_shows_nothing_of_another(client, people):
    assert "Eve" not in client.get(f"/customers/{people.acme.pk}/").content.decode()


def test_contacts_are_found_by_name_and_address(client, people):
    contact(people.acme, "Bea Long")
    for words in ("bea", "BEA@ACME"):
        found = read(client, f"/customers/{people.acme.pk}/", q=words)
        assert "Bea Long" in found
        assert "Ann Keller" not in found


def test_many_contacts_cost_no_more_queries(client, people):
    address = f"/customers/{people.acme.pk}/"
    before = queries(client, address)
    for number in range(20):
        device(people.acme, f"PC-{number}", contact=contact(people.acme, f"Person{number} Long"))
    # Session, person, customer, count, rows, their devices, settings.
    assert before == queries(client, address) == 7


@pytest.mark.parametrize("pk", [0, 999_999, 10**30])
def test_unknown_customer_is_not_found(client, people, pk):
    assert client.get(f"/customers/{pk}/").status_code == 404
