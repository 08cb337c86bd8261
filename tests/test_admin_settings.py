"""Settings → Chat with the agent → Enable chat → Save (S4); the plan and the trial, in words (S3)."""

from datetime import timedelta

import pytest

from accounts import events
from accounts.admin.settings import chat_words, plan_words, trial_words
from accounts.models import Customer, Installation, Plan
from tests.admin import admin_desk, announced, filled, save

SETTINGS = "/admin/accounts/installation/1/change/"


@pytest.fixture
def people(client, db):
    return admin_desk(client, is_chat_enabled=False)


def test_settings_are_one_form_with_the_switch_of_the_chat(client, people):
    page = client.get("/admin/accounts/installation/", follow=True).content.decode()
    assert "<h1>Settings</h1>" in page
    assert "Chat with the agent" in page
    assert "Enable chat" in page


def test_enabling_chat_starts_the_trial_and_tells_the_open_pages(client, people, monkeypatch):
    told = announced(monkeypatch, events)
    save(client, SETTINGS, is_chat_enabled="on")
    installation = Installation.objects.current()
    assert installation.is_chat_enabled
    assert installation.trial_started_at is not None
    assert told == [(events.TECHNICIANS, "installation.changed"), (events.PAGES, "help.changed")]


def test_what_was_saved_and_what_it_means_is_read_on_the_same_page(client, people):
    save(client, SETTINGS, is_chat_enabled="on", plan=Plan.PROFESSIONAL)
    page = client.get(SETTINGS).content.decode()
    assert "The settings are saved." in page
    assert "Chat is not part of the plan Professional. It works as long as the trial lasts." in page
    assert "30 days left" in page


def test_saving_the_settings_takes_no_ticket_number_back(client, people, monkeypatch):
    page = Installation.objects.current()
    Installation.objects.filter(pk=1).update(last_ticket_number=2000)
    monkeypatch.setattr("accounts.admin.InstallationAdmin.get_object", lambda *_: page)
    save(client, SETTINGS, name="Desk")
    assert Installation.objects.current().last_ticket_number == 2000


def test_name_and_words_are_set_here(client, people):
    save(client, SETTINGS, name="IT at Lindgren", vocabulary="it")
    installation = Installation.objects.current()
    assert (installation.name, installation.vocabulary) == ("IT at Lindgren", "it")


def test_trial_says_how_much_of_it_is_left(now):
    installation = Installation(trial_started_at=now)
    assert trial_words(installation, now) == "30 days left"
    assert trial_words(installation, now + timedelta(days=18)) == "12 days left"
    assert trial_words(installation, now + timedelta(days=29, hours=1)) == "1 day left"
    assert trial_words(installation, now + timedelta(days=30)) == "Over"
    assert trial_words(Installation(), now).startswith("30 days, which begin when")


def test_plan_says_whether_chat_is_part_of_it(now):
    assert plan_words(Installation(plan=Plan.POWER), now) == "Chat is part of the plan Power."
    over = Installation(plan=Plan.PROFESSIONAL, trial_started_at=now - timedelta(days=31))
    assert "the trial is over: nobody can start a chat. Tickets go on working." in plan_words(over, now)


def test_chat_says_who_can_start_one(people, now):
    desk = Installation.objects.current()
    assert chat_words(desk, now) == "Technicians can ask for a chat. The contacts cannot start one themselves."
    desk.is_chat_enabled = True
    Customer.objects.filter(pk=people.globex.pk).update(has_agent=False)
    assert "The contacts of 1 out of 2 customers can start chats" in chat_words(desk, now)
    Customer.objects.update(has_agent=False)
    desk.vocabulary = "it"
    assert chat_words(desk, now) == "No users can start a chat yet: the HelpDesk Agent is switched on nowhere."
    desk.plan, desk.trial_started_at = Plan.PROFESSIONAL, now - timedelta(days=31)
    assert chat_words(desk, now) == "Nobody can start a chat: it is not part of the plan."


def test_settings_that_stood_open_bring_nothing_back(client, people):
    Installation.objects.update(is_chat_enabled=True)
    shown = filled(client, SETTINGS)
    Installation.objects.update(is_chat_enabled=False, plan=Plan.PROFESSIONAL)
    client.post(SETTINGS, shown | {"name": "Northgate IT", "_save": "Save"})
    installation = Installation.objects.current()
    assert (installation.name, installation.is_chat_enabled, installation.plan) == (
        "Northgate IT",
        False,
        Plan.PROFESSIONAL,
    )
