"""The outbox: a mail goes out at least once, under one Message-ID, and leaves nothing behind (DESIGN)."""

from datetime import timedelta

import pytest
from django.core import mail as sent
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from accounts import mail
from accounts.mail import HELD_FOR, send_due, write_mail
from accounts.models import Mail
from tests.races import at_once


class Unreachable(BaseEmailBackend):
    """A mail server that does not answer."""

    tried = 0

    def send_messages(self, messages):
        type(self).tried += 1
        raise OSError("no route")


def write(now, **more):
    return write_mail("ann@acme.example", "Your token", "It is\n\n123456\n", now=now, **more)


@pytest.mark.django_db
def test_a_mail_is_sent_once_and_its_text_is_wiped(now):
    row = write(now)
    assert send_due(now) == 1
    assert send_due(now + timedelta(hours=1)) == 0
    [message] = sent.outbox
    assert message.to == ["ann@acme.example"]
    assert message.extra_headers["Message-ID"] == row.message_id
    row.refresh_from_db()
    assert (row.body, row.sent_at) == ("", now)


@pytest.mark.django_db
def test_what_failed_is_tried_again_under_the_same_message_id(now, settings):
    good, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.test_mail.Unreachable"
    row = write(now)
    assert send_due(now) == 0
    settings.EMAIL_BACKEND = good
    assert send_due(now) == 0
    assert send_due(now + timedelta(minutes=5)) == 1
    assert sent.outbox[0].extra_headers["Message-ID"] == row.message_id


@pytest.mark.django_db
def test_a_mail_that_is_no_longer_useful_is_given_up_and_wiped(now):
    row = write(now, useful_for=timedelta(minutes=10))
    assert send_due(now + timedelta(minutes=10)) == 0
    row.refresh_from_db()
    assert (row.body, sent.outbox) == ("", [])
    assert row.given_up_at


@pytest.mark.django_db
def test_what_a_dead_worker_held_is_sent_by_the_next(now):
    row = write(now)
    Mail.objects.filter(pk=row.pk).update(next_try_at=now + HELD_FOR)
    assert send_due(now) == 0
    assert send_due(now + HELD_FOR) == 1


@pytest.mark.django_db
def test_a_round_takes_no_more_than_it_can_hold(now, monkeypatch):
    write(now)
    write(now)
    monkeypatch.setattr(mail, "ROUND_LASTS", timedelta(0))
    assert send_due(now) == 0
    monkeypatch.undo()
    # Nobody holds what was not taken.
    assert send_due(now) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_it_once(now):
    for _ in range(5):
        write(now)
    assert sum(at_once(*[lambda: send_due(now)] * 4)) == 5
    assert Mail.objects.waiting().count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_taken_back_takes_its_mail_along(now):
    with transaction.atomic():
        write(now)
        transaction.set_rollback(True)
    assert not Mail.objects.exists()
