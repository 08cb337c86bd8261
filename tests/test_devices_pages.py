"""The portal's pages about devices and the people who sit at them (S7, S15, D4, D8)."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from devices.models import LaunchLink, PageSession
from tests.cast import contact as new_contact
from tests.cast import device as new_device
from tests.cast import page_on


@pytest.fixture
def portal(client, desk):
    client.force_login(desk.tina, "django.contrib.auth.backends.ModelBackend")
    return client


def text(response):
    return response.content.decode()


ADDRESSES = ("device", "assign_contact", "new_launch_link", "revoke")


@pytest.mark.parametrize("name", ADDRESSES)
def test_unknown_device_is_404(portal, name):
    assert portal.get(reverse(f"devices:{name}", args=[9_999])).status_code == 404


@pytest.mark.parametrize("name", [*ADDRESSES, "contact", "select_agent"])
def test_a_stranger_is_sent_to_the_sign_in(client, desk, name):
    address = reverse(f"devices:{name}", args=[desk.pc.pk])
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 302
        assert answer.url.startswith("/sign-in/")


def test_list_names_each_device_its_contact_and_its_state(portal, desk):
    page = text(portal.get("/devices/"))
    for words in ("ACME-PC-01", "Ann Keller", "Nobody assigned", "Never seen"):
        assert words in page


def test_list_is_searched_and_narrowed_to_a_customer(portal, desk):
    page = text(portal.get("/devices/", {"q": "keller"}))
    assert "ACME-PC-01" in page
    assert "GLOBEX-PC-01" not in page
    page = text(portal.get("/devices/", {"customer": desk.globex.pk}))
    assert "GLOBEX-PC-01" in page
    assert "ACME-PC-01" not in page
    assert "<tbody>" not in text(portal.get("/devices/", {"q": "nothing like it"}))


@pytest.mark.parametrize("customer", ["x", "-1", "999999999999999999999"])
def test_a_customer_that_is_none_narrows_nothing(portal, customer):
    assert "ACME-PC-01" in text(portal.get("/devices/", {"customer": customer}))


def test_list_costs_the_same_for_many(portal, desk, django_assert_max_num_queries):
    for number in range(30):
        new_device(desk.acme, f"MORE-{number:02}", contact=desk.ann)
    with django_assert_max_num_queries(9):
        portal.get("/devices/")


def test_device_page_offers_connect_and_says_what_a_mac_cannot(portal, desk):
    page = text(portal.get(reverse("devices:device", args=[desk.pc.pk])))
    assert reverse("chat:connect", args=[desk.pc.pk]) in page
    assert "Ask Ann Keller to chat" in page
    page = text(portal.get(reverse("devices:device", args=[desk.mac.pk])))
    assert "Chat is not available on Mac yet." in page


def test_another_contact_closes_the_page_on_the_device(portal, desk, now):
    sitting = page_on(desk.pc, now)
    answer = portal.post(reverse("devices:assign_contact", args=[desk.pc.pk]), {"contact": ""})
    assert answer.status_code == 302
    desk.pc.refresh_from_db()
    assert desk.pc.contact is None
    assert not PageSession.objects.live(timezone.now()).filter(pk=sitting.page.pk).exists()


def test_a_contact_of_another_customer_is_refused_in_words(portal, desk):
    answer = portal.post(reverse("devices:assign_contact", args=[desk.pc.pk]), {"contact": desk.eve.pk})
    assert answer.status_code == 422
    assert "hd-field-error" in text(answer)
    desk.pc.refresh_from_db()
    assert desk.pc.contact == desk.ann


def test_select_agent_and_apply_assigns_the_device(portal, desk):
    address = reverse("devices:select_agent", args=[desk.ann.pk])
    assert "ACME-PC-02" in text(portal.get(address))
    assert portal.post(address, {"device": desk.free_pc.pk}).status_code == 302
    desk.free_pc.refresh_from_db()
    assert desk.free_pc.contact == desk.ann


def test_who_was_replaced_is_named(portal, desk):
    select = reverse("devices:select_agent", args=[desk.ann.pk])
    assert "ACME-PC-02 now.</p>" in text(portal.post(select, {"device": desk.free_pc.pk}, follow=True))
    desk.free_pc.refresh_from_db()
    bea = new_contact(desk.acme, "Bea Long")
    assign = reverse("devices:assign_contact", args=[desk.free_pc.pk])
    page = text(portal.post(assign, {"contact": bea.pk}, follow=True))
    assert "Bea Long is assigned to ACME-PC-02 now, in place of Ann Keller." in page
    assert "Nobody is assigned to ACME-PC-02 now." in text(portal.post(assign, {"contact": ""}, follow=True))


def test_page_names_where_its_live_parts_come_from(portal, desk):
    page = text(portal.get(reverse("devices:device", args=[desk.pc.pk])))
    asked = re.search(r'data-parts="([^"]*)"', page)[1].split()
    parts = "".join(text(portal.get(address, headers={"HX-Request": "true"})) for address in asked)
    for name in ("state", "facts", "contact", "link", "tickets", "chats", "readiness"):
        assert f'id="device-{name}"' in page
        assert f'id="device-{name}"' in parts


def test_select_agent_knows_the_customers_own_devices_only(portal, desk):
    address = reverse("devices:select_agent", args=[desk.ann.pk])
    assert "GLOBEX-PC-01" not in text(portal.get(address))
    for wrong in ({"device": desk.eves_pc.pk}, {}):
        assert portal.post(address, wrong).status_code == 422
    desk.eves_pc.refresh_from_db()
    assert desk.eves_pc.contact == desk.eve


def test_select_agent_finds_one_of_many(portal, desk):
    pcs = [new_device(desk.acme, f"PC-{n:03}") for n in range(60)]
    desk.ann.devices.set([pcs[7]])
    address = reverse("devices:select_agent", args=[desk.ann.pk])
    page = text(portal.get(address))
    assert page.count('name="device"') == 51
    assert "There are more" in page
    assert f'value="{pcs[7].pk}" checked' in page
    # What is marked stays, whatever is searched for, and the rest is found.
    page = text(portal.get(address, {"q": "pc-055", "device": pcs[9].pk}))
    assert re.findall(r"<b>(PC-\d+)</b>", page) == ["PC-009", "PC-055"]
    assert f'value="{pcs[9].pk}" checked' in page
    assert "Nothing found" in text(portal.get(address, {"q": "nonsense", "device": "x"}))


def test_new_launch_link_is_shown_once_and_opens_the_page(portal, client, desk):
    answer = portal.post(reverse("devices:new_launch_link", args=[desk.pc.pk]))
    secret = re.search(r"/agent/#([\w-]{40,})", text(answer)).group(1)
    assert "no-store" in answer["Cache-Control"]
    assert secret not in text(portal.get(reverse("devices:device", args=[desk.pc.pk])))
    opened = client.post(reverse("agent:open"), {"secret": secret}, content_type="application/json")
    assert opened.status_code < 300
    assert client.cookies["hd_agent"].value


def test_revoked_link_opens_nothing(portal, client, desk, now):
    sitting = page_on(desk.pc, now)
    portal.post(reverse("devices:revoke", args=[desk.pc.pk]))
    assert not LaunchLink.objects.live().filter(device=desk.pc).exists()
    opened = client.post(reverse("agent:open"), {"secret": sitting.secret}, content_type="application/json")
    assert opened.status_code >= 400
    assert not PageSession.objects.live(timezone.now()).exists()


def test_what_changes_is_asked_first(portal, desk, now):
    page_on(desk.pc, now)
    for name, words in (("revoke", "Revoke the launch link of ACME-PC-01?"), ("new_launch_link", "becomes void")):
        assert words in text(portal.get(reverse(f"devices:{name}", args=[desk.pc.pk])))
    assert LaunchLink.objects.live().filter(device=desk.pc).exists()


def test_names_are_text(portal, desk):
    evil = new_device(desk.acme, '<b hx-get="/x">{{ 7 }}</b>')
    page = text(portal.get(reverse("devices:device", args=[evil.pk]))) + text(portal.get("/devices/"))
    assert "<b hx-get" not in page
    assert "{{ 7 }}" in page
