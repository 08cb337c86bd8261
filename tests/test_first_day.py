"""The first day: each step is ticked by what is there, and the page is gone when the first chat has ended."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from accounts.models import Customer, Installation, Plan, Technician
from chat import actions
from chat.first_day import first_day
from chat.viewers import at_desk
from devices.actions import new_launch_link, revoke_launch_link
from devices.models import Device, Platform
from tests.cast import asked, cast, contact, customer, device, offered, talking, technician

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def jun(client, clock, settings):
    """The first admin of an empty installation, signed in, and unavailable as everybody new."""
    settings.DEMO = False
    jun = technician("jun", name="Jun Park", is_available=False, is_staff=True, is_superuser=True)
    client.force_login(jun)
    return jun


@pytest.fixture
def world(clock, now, settings):
    """The cast, with everything done; the first device has its launch link."""
    settings.DEMO = False
    world = cast()
    new_launch_link(world.pc, by=None, now=now)
    return world


def read(client):
    return " ".join(strip_tags(client.get("/chats/", headers=HTMX).content.decode()).split())


def done(technician, now):
    steps = first_day(technician, Installation.objects.current(), now).steps
    return [step.name for step in steps if step.is_done]


def test_an_empty_installation_has_four_steps(client, jun, now):
    page = read(client)
    assert "Welcome, Jun. Four steps to your first chat" in page
    for words in ("Become available", "Add customer", "add that first", "Open settings", "What your contacts see"):
        assert words in page
    assert done(jun, now) == []


def test_each_step_is_ticked_by_what_was_done_and_unticked_again(client, jun, now):
    client.post("/availability/", {"is_available": "1"})
    acme = customer("Acme")
    assert "Two steps to your first chat" in read(client)
    pc = device(acme, "ACME-PC-01")
    page = read(client)
    assert "Two steps to your first chat" in page
    assert "It has no launch link yet" in page
    new_launch_link(pc, by=jun, now=now)
    page = read(client)
    assert "One step to your first chat" in page
    assert "First customer: Acme No contacts yet, HelpDesk Agent is on" in page
    contact(acme, "Ann Keller")
    Installation.objects.update(is_chat_enabled=True)
    page = read(client)
    assert "Everything is ready for your first chat" in page
    assert "1 contact, HelpDesk Agent is on" in page
    client.post("/availability/", {"is_available": "0"})
    jun.refresh_from_db()
    assert done(jun, now) == ["customer", "device", "contacts"]


def ready(jun, now):
    """Everything done at Acme."""
    acme = customer("Acme")
    new_launch_link(device(acme, "ACME-PC-01"), by=jun, now=now)
    Technician.objects.update(is_available=True)
    Installation.objects.current()
    Installation.objects.update(is_chat_enabled=True)
    jun.refresh_from_db()
    assert done(jun, now) == ["available", "customer", "device", "contacts"]
    return acme


def test_a_plan_without_chat_is_not_ready(client, jun, now):
    ready(jun, now)
    Installation.objects.update(plan=Plan.PROFESSIONAL, trial_started_at=now - timedelta(days=31))
    assert "contacts" not in done(jun, now)
    assert "Chat is not part of this plan, and the trial is over." in read(client)


def test_an_agent_that_is_off_is_not_ready_and_leads_to_its_switch(client, jun, now):
    acme = ready(jun, now)
    Customer.objects.update(has_agent=False)
    assert "contacts" not in done(jun, now)
    assert "The HelpDesk Agent is off for Acme." in read(client)
    assert f'href="/customers/{acme.pk}/"' in client.get("/chats/").content.decode()


def test_the_customer_is_that_of_the_device(client, jun, now):
    ready(jun, now)
    Customer.objects.create(name="Aardvark", has_agent=False)
    assert "First customer: Acme" in read(client)


def test_a_revoked_link_is_none(client, jun, now):
    ready(jun, now)
    revoke_launch_link(Device.objects.get(), now)
    assert "device" not in done(jun, now)


def test_the_first_step_that_is_left_is_the_one_to_do(client, jun, now):
    steps = first_day(jun, Installation.objects.current(), now).steps
    assert [step.name for step in steps if step.is_now] == ["available"]
    assert client.get("/chats/").content.decode().count('aria-current="step"') == 1


def test_a_mac_is_no_device_to_chat_with(client, jun, now):
    device(customer("Acme"), "ACME-MAC", platform=Platform.MAC)
    assert "ACME-MAC is a Mac, and chat is not available there yet." in read(client)
    assert done(jun, now) == ["customer"]


def test_who_is_no_admin_reads_what_an_admin_can_do(client, jun):
    client.force_login(technician("tina", name="Tina Okafor"))
    page = read(client)
    assert "Welcome, Tina. Three steps to your first chat" in page
    assert page.count("An admin can do this.") == 2
    for words in ("Add customer", "Open settings", "Change the name"):
        assert words not in page


def test_it_is_gone_when_the_first_chat_has_ended(client, world, now, clock):
    client.force_login(world.tina)
    chat = talking(world, now)
    assert "Everything is ready" in read(client)
    actions.end(chat.pk, at_desk(world.tina), now)
    assert "Everything is ready" not in read(client)
    assert first_day(world.omar, world.installation, now) is None


def test_a_request_that_came_to_nothing_was_no_chat(client, world, now, clock):
    client.force_login(world.tina)
    actions.cancel(offered(world, now).pk, at_desk(world.tina), now)
    asked(world, now)
    clock.shift(timedelta(minutes=3))
    assert "Everything is ready" in read(client)


def test_a_chat_that_went_quiet_ends_the_day_without_any_job(client, world, now, clock):
    client.force_login(world.tina)
    talking(world, now)
    clock.shift(timedelta(minutes=6))
    assert "Everything is ready" not in read(client)


@pytest.mark.parametrize(
    ("plan", "begun", "words"),
    [
        (Plan.GROWTH, None, "Growth plan: chat is included"),
        (Plan.PROFESSIONAL, None, "Professional plan: chat can be tried for 30 days"),
        (Plan.PROFESSIONAL, timedelta(days=1), "Professional plan: 29 days of trial left"),
        (Plan.PROFESSIONAL, timedelta(days=29, hours=1), "Professional plan: 1 day of trial left"),
        (Plan.PROFESSIONAL, timedelta(days=31), "Professional plan: chat is not part of it"),
    ],
)
def test_the_plan_is_said_as_it_is(client, jun, now, plan, begun, words):
    Installation.objects.update_or_create(pk=1, defaults={"plan": plan, "trial_started_at": begun and now - begun})
    assert words in read(client)


def test_the_limits_are_those_of_this_installation(client, jun, settings):
    page = read(client)
    for words in ("Requests ring for 2 minutes", "After 2 minutes of chat", "After 5 quiet minutes", "warned 1 minute"):
        assert words in page
    settings.CHAT_ANSWER_WITHIN = timedelta(seconds=45)
    assert "Requests ring for 45 seconds" in read(client)


def test_it_costs_the_same_for_many(client, jun):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get("/chats/", headers=HTMX)
        return len(found)

    Installation.objects.current()
    for number in range(2):
        device(customer(f"Customer {number}"), "PC")
    before = queries()
    for number in range(2, 20):
        device(customer(f"Customer {number}"), "PC")
    assert queries() == before


def test_it_speaks_of_sites_and_users_where_those_are_the_words(client, jun):
    Installation.objects.update_or_create(pk=1, defaults={"vocabulary": "it"})
    page = read(client)
    for words in ("Add site", "Let users start chats", "What your users see"):
        assert words in page
    assert "customer" not in page.lower()


def test_names_are_text(client, jun):
    device(customer('<b hx-get="/x">'), '<i hx-get="/y">')
    page = client.get("/chats/").content.decode()
    assert "<b hx-get" not in page
    assert "<i hx-get" not in page
