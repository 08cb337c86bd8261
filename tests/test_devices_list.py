"""The list of devices: state and last seen, filters that stand in its address, sorting, paging."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from devices.models import Device
from tests.cast import device


@pytest.fixture
def tina(client, desk):
    client.force_login(desk.tina)
    return client


def names(client, **asked):
    return [found.name for found in client.get("/devices/", asked).context["page"]]


def text(answer):
    return " ".join(answer.content.decode().split())


def seen(device, ago, *, page=False):
    moment = timezone.now() - ago
    Device.objects.filter(pk=device.pk).update(last_seen_at=moment, page_seen_at=moment if page else None)


def test_it_says_in_words_who_is_there(tina, desk):
    seen(desk.pc, timedelta(seconds=5), page=True)
    seen(desk.free_pc, timedelta(minutes=2))
    seen(desk.eves_pc, timedelta(hours=3))
    page = text(tina.get("/devices/"))
    for words in ("Page open", "</span> Online", "</span> Offline", "Never seen", "4 devices"):
        assert words in page


def test_filters_narrow_it_together(tina, desk):
    assert names(tina, contact="none") == ["ACME-PC-02", "GLOBEX-MAC-01"]
    assert names(tina, contact="none", customer=desk.acme.pk) == ["ACME-PC-02"]
    assert names(tina, contact="none", customer=desk.acme.pk, q="mac") == []
    assert len(names(tina, contact="everybody", customer="x")) == 4


def test_it_is_sorted_by_its_address(tina, desk):
    seen(desk.free_pc, timedelta(hours=1))
    seen(desk.mac, timedelta(minutes=1))
    assert names(tina) == names(tina, sort="nonsense") == ["ACME-PC-01", "ACME-PC-02", "GLOBEX-MAC-01", "GLOBEX-PC-01"]
    assert names(tina, sort="-name")[0] == "GLOBEX-PC-01"
    assert names(tina, sort="-seen")[:2] == ["GLOBEX-MAC-01", "ACME-PC-02"]
    # Who was never seen stands at the end, whichever way it is turned.
    assert names(tina, sort="seen")[:2] == ["ACME-PC-02", "GLOBEX-MAC-01"]
    assert names(tina, sort="contact")[:2] == ["ACME-PC-01", "GLOBEX-PC-01"]


def test_it_comes_in_pages_that_keep_what_was_asked(tina, desk):
    for number in range(60):
        device(desk.acme, f"MORE-{number:02}")
    page = text(tina.get("/devices/", {"q": "more", "sort": "-name", "page": 2}))
    assert "51–60 of 60" in page
    assert "q=more&amp;sort=-name&amp;page=1" in page
    assert "60 devices" in page


def test_it_costs_the_same_for_many(tina, desk):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            tina.get("/devices/", {"sort": "-contact"})
        return len(asked)

    before = queries()
    for number in range(30):
        device(desk.acme, f"MORE-{number:02}", contact=desk.ann)
    assert queries() == before


def test_what_is_empty_says_why_and_what_to_do(tina, desk):
    assert "Nothing found for “printer”" in text(tina.get("/devices/", {"q": "printer"}))
    Device.objects.filter(contact=None).update(contact=desk.ann)
    assert "Somebody is assigned to every device here" in text(tina.get("/devices/", {"contact": "none"}))
    desk.globex.devices.all().delete()
    assert "Globex has no device yet" in text(tina.get("/devices/", {"customer": desk.globex.pk}))
    Device.objects.all().delete()
    page = text(tina.get("/devices/"))
    assert "There are no devices yet" in page
    assert "Add device" in page
