"""Adding a device: its launch link is shown once, its name is its own, and a repeat adds nothing."""

import re

import pytest
from django.urls import reverse

from accounts import events
from accounts.models import Customer
from devices.models import Device, LaunchLink, Platform
from tests.cast import page_on

HTMX = {"HX-Request": "true"}


@pytest.fixture
def tina(client, desk):
    client.force_login(desk.tina)
    return client


def text(answer):
    return " ".join(answer.content.decode().split())


def given(desk, **more):
    return {"customer": desk.acme.pk, "name": "ACME-PC-03", "platform": "linux"} | more


def test_a_stranger_is_sent_to_the_sign_in(client, desk):
    assert client.get("/devices/new/").url.startswith("/sign-in/")
    assert client.post("/devices/new/", given(desk)).url.startswith("/sign-in/")
    assert not Device.objects.filter(name="ACME-PC-03").exists()


def test_a_new_device_shows_its_launch_link_once_and_opens_its_page(tina, client, desk):
    answer = tina.post("/devices/new/", given(desk), headers=HTMX)
    device = Device.objects.get(name="ACME-PC-03")
    assert (device.customer, device.platform, device.contact) == (desk.acme, Platform.LINUX, None)
    secret = re.search(r"/agent/#([\w-]{40,})", text(answer)).group(1)
    assert "no-store" in answer["Cache-Control"]
    assert "To try it, open it in another browser window" in text(answer)
    assert secret not in text(tina.get(reverse("devices:device", args=[device.pk])))
    assert LaunchLink.objects.live().get(device=device).made_by == desk.tina
    opened = client.post(reverse("agent:open"), {"secret": secret}, content_type="application/json")
    assert opened.status_code == 200


def test_it_is_told_to_every_page(tina, desk, monkeypatch):
    told = []
    monkeypatch.setattr(events, "announce", lambda group, message: told.append((group, message["type"])))
    tina.post("/devices/new/", given(desk))
    assert (events.TECHNICIANS, "installation.changed") in told


@pytest.mark.parametrize("name", ["ACME-PC-01", "acme-pc-01", " Acme-PC-01 "])
def test_a_name_is_one_devices_own_at_a_customer(tina, desk, name):
    answer = tina.post("/devices/new/", given(desk, name=name), headers=HTMX)
    assert answer.status_code == 422
    assert "ACME-PC-01 is here already." in text(answer)
    assert reverse("devices:device", args=[desk.pc.pk]) in text(answer)
    assert Device.objects.filter(customer=desk.acme).count() == 2
    assert tina.post("/devices/new/", given(desk, name=name, customer=desk.globex.pk)).status_code == 200


def test_a_form_that_is_sent_twice_adds_one_and_leaves_its_link_alone(tina, desk):
    assert tina.post("/devices/new/", given(desk)).status_code == 200
    link = LaunchLink.objects.live().get(device__name="ACME-PC-03")
    assert tina.post("/devices/new/", given(desk)).status_code == 422
    assert LaunchLink.objects.live().get(device__name="ACME-PC-03") == link


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"customer": ""}, "Choose whose device it is."),
        ({"customer": "9999"}, "This choice is not there any more."),
        ({"name": "\u200b"}, "Give the device a name."),
        ({"name": "x" * 81}, "at most 80 characters"),
        ({"platform": "amiga"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(tina, desk, more, words):
    answer = tina.post("/devices/new/", given(desk, **more), headers=HTMX)
    assert answer.status_code == 422
    assert words in text(answer)
    assert Device.objects.count() == 4


def test_whose_it_is_can_stand_in_the_address(tina, desk):
    page = text(tina.get("/devices/new/", {"customer": desk.globex.pk}))
    assert f'<option value="{desk.globex.pk}" selected>Globex</option>' in page
    assert f"/devices/new/?customer={desk.acme.pk}" in text(tina.get("/devices/", {"customer": desk.acme.pk}))


def test_without_a_customer_it_says_what_comes_first(tina, desk):
    Device.objects.all().delete()
    Customer.objects.all().delete()
    assert "A device belongs to a customer, and there is none yet. An admin can add one." in text(
        tina.get("/devices/new/")
    )


def test_revoke_is_offered_where_there_is_a_link(tina, desk, now):
    device = reverse("devices:device", args=[desk.pc.pk])
    revoke = reverse("devices:revoke", args=[desk.pc.pk])
    assert revoke not in text(tina.get(device))
    assert "There is no launch link any more." in text(tina.get(revoke))
    page_on(desk.pc, now)
    assert revoke in text(tina.get(device))
    assert revoke in text(tina.get(device, headers=HTMX))
