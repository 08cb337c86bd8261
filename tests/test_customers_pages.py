"""Adding customers and contacts in the portal: who may, what is refused beside its field, what a repeat is."""

import pytest
from django.urls import reverse

from accounts import events
from accounts.models import Contact, Customer
from tests.cast import contact, customer, technician

HTMX = {"HX-Request": "true"}


@pytest.fixture
def tina(client, desk):
    client.force_login(desk.tina)
    return client


@pytest.fixture
def admin(client, desk):
    client.force_login(technician("jun", name="Jun Park", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def told(monkeypatch):
    """What is announced, as (group, type)."""
    heard = []
    monkeypatch.setattr(events, "announce", lambda group, message: heard.append((group, message["type"])))
    return heard


def text(answer):
    return " ".join(answer.content.decode().split())


def addresses(desk):
    return [
        reverse("accounts:new_customer"),
        reverse("accounts:agent_switch", args=[desk.acme.pk]),
        reverse("accounts:new_contact", args=[desk.acme.pk]),
        reverse("accounts:edit_contact", args=[desk.ann.pk]),
        reverse("tickets:of_contact", args=[desk.ann.pk]),
        reverse("chat:of_contact", args=[desk.ann.pk]),
    ]


def test_a_stranger_is_sent_to_the_sign_in(client, desk):
    for address in addresses(desk):
        assert client.get(address).url.startswith("/sign-in/")
        assert client.post(address, {"name": "Evil"}).url.startswith("/sign-in/")
    assert Customer.objects.count() == 2


def test_only_admins_add_customers_and_switch_the_agent(tina, desk):
    assert tina.get("/customers/new/").status_code == 403
    assert tina.post("/customers/new/", {"name": "Initech"}).status_code == 403
    assert tina.post(reverse("accounts:agent_switch", args=[desk.acme.pk]), {"is_on": "0"}).status_code == 403
    desk.acme.refresh_from_db()
    assert desk.acme.has_agent
    assert "Add customer" not in text(tina.get("/customers/"))
    page = text(tina.get(f"/customers/{desk.acme.pk}/"))
    assert "HelpDesk Agent is on" in page
    assert 'role="switch" name="is_on"' not in page


def test_an_admin_adds_a_customer_and_is_led_there(admin, told):
    assert "Add customer" in text(admin.get("/customers/"))
    answer = admin.post("/customers/new/", {"name": "  Initech\u202e ", "has_agent": "on"}, headers=HTMX)
    added = Customer.objects.get(name="Initech")
    assert added.has_agent
    assert answer["HX-Redirect"] == f"/customers/{added.pk}/"
    assert "Initech was added." in text(admin.get(answer["HX-Redirect"]))
    assert (events.TECHNICIANS, "installation.changed") in told


@pytest.mark.parametrize(("name", "words"), [("acme", "Acme is here already."), ("  ", "Give it a name.")])
def test_a_name_that_is_taken_or_missing_is_refused_beside_its_field(admin, name, words):
    answer = admin.post("/customers/new/", {"name": name}, headers=HTMX)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text(answer)
    assert words.lower() in text(answer).lower()
    assert Customer.objects.count() == 2


def test_the_switch_says_what_holds_however_often_it_is_pressed(admin, desk, told):
    address = reverse("accounts:agent_switch", args=[desk.acme.pk])
    for _again in range(2):
        assert admin.post(address, {"is_on": "0"}, headers=HTMX)["HX-Redirect"] == f"/customers/{desk.acme.pk}/"
        desk.acme.refresh_from_db()
        assert not desk.acme.has_agent
    assert told.count((events.TECHNICIANS, "installation.changed")) == 1
    admin.post(address, {"is_on": "1"})
    desk.acme.refresh_from_db()
    assert desk.acme.has_agent
    assert admin.post(address, {"is_on": "maybe"}).status_code == 400


def test_any_technician_adds_a_contact(tina, desk, told):
    address = reverse("accounts:new_contact", args=[desk.acme.pk])
    assert "Add contact" in text(tina.get(f"/customers/{desk.acme.pk}/"))
    answer = tina.post(address, {"name": "Bea Long", "email": "bea@acme.example", "phone": "123"}, headers=HTMX)
    bea = Contact.objects.get(name="Bea Long")
    assert (bea.customer, bea.email, bea.phone) == (desk.acme, "bea@acme.example", "123")
    assert answer["HX-Redirect"] == reverse("devices:contact", args=[bea.pk])
    assert (events.TECHNICIANS, "installation.changed") in told


@pytest.mark.parametrize("email", ["bea@acme.example", ""])
def test_a_form_that_is_sent_twice_adds_one_person(tina, desk, email):
    address = reverse("accounts:new_contact", args=[desk.acme.pk])
    first, second = (tina.post(address, {"name": "Bea Long", "email": email}) for _again in range(2))
    assert first.url == second.url
    assert Contact.objects.filter(name="Bea Long").count() == 1
    assert "Bea Long is here already." in text(tina.get(second.url))


def test_an_address_belongs_to_one_person_of_a_customer(tina, desk):
    address = reverse("accounts:new_contact", args=[desk.acme.pk])
    answer = tina.post(address, {"name": "Anna", "email": "ANN@acme.example"})
    assert answer.status_code == 422
    assert "Somebody here has this e-mail address already." in text(answer)
    at_globex = reverse("accounts:new_contact", args=[desk.globex.pk])
    assert tina.post(at_globex, {"name": "Anna", "email": "ann@acme.example"}).status_code == 302


def test_a_contact_is_edited_and_stays_who_it_is(tina, desk):
    contact(desk.acme, "Bea Long")
    address = reverse("accounts:edit_contact", args=[desk.ann.pk])
    assert 'value="Ann Keller"' in text(tina.get(address))
    assert tina.post(address, {"name": "Ann K", "email": "bea@acme.example"}).status_code == 422
    assert tina.post(address, {"name": "", "email": "ann@acme.example"}).status_code == 422
    desk.ann.refresh_from_db()
    assert desk.ann.name == "Ann Keller"
    tina.post(address, {"name": "Ann Keller-Long", "email": "ann@acme.example", "customer": desk.globex.pk})
    desk.ann.refresh_from_db()
    assert (desk.ann.name, desk.ann.customer) == ("Ann Keller-Long", desk.acme)


def test_a_form_is_a_page_of_its_own_without_the_script(admin, desk):
    page = text(admin.get("/customers/new/"))
    assert "<html" in page
    assert 'hx-post="/customers/new/"' not in page
    assert '<a class="btn" href="/customers/">Cancel</a>' in page
    assert "<html" not in text(admin.get("/customers/new/", headers=HTMX))


@pytest.mark.parametrize(
    "name", ["accounts:new_contact", "accounts:edit_contact", "tickets:of_contact", "chat:of_contact"]
)
def test_what_is_not_there_is_404(tina, name):
    assert tina.get(reverse(name, args=[9_999])).status_code == 404


def test_list_is_sorted_by_its_address(tina, desk):
    customer("Zeta", has_agent=False)
    contact(desk.globex, "Bea Long")

    def names(sort):
        page = tina.get("/customers/", {"sort": sort}).context["page"]
        return [found.name for found in page]

    assert names("customer") == names("nonsense") == ["Acme", "Globex", "Zeta"]
    assert names("-customer") == ["Zeta", "Globex", "Acme"]
    assert names("-contacts") == ["Globex", "Acme", "Zeta"]
    assert names("agent")[0] == "Zeta"


def test_names_are_text(admin, desk):
    evil = '<b hx-get="/x">{{ 7 }}</b>'
    admin.post("/customers/new/", {"name": evil})
    added = Customer.objects.get(name=evil)
    admin.post(reverse("accounts:new_contact", args=[added.pk]), {"name": evil})
    page = "".join(
        text(admin.get(address))
        for address in ("/customers/", f"/customers/{added.pk}/", f"/contacts/{added.contacts.get().pk}/", "/chats/")
    )
    assert "<b hx-get" not in page
