"""The outbox: mails are written with the change that needs them and sent by a job, at least once."""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from accounts.keys import mail_id
from accounts.models import Mail

log = logging.getLogger(__name__)

KEEP_TRYING_FOR = timedelta(days=2)
# One mail is held by one worker for this long, from the beginning of its round; a worker that died gives it back.
HELD_FOR = timedelta(minutes=2)
# A round takes no more after this: what comes last has the rest of that for a slow mail server.
ROUND_LASTS = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)


def write_mail(
    recipient: str, subject: str, body: str, *, now: datetime, useful_for: timedelta = KEEP_TRYING_FOR
) -> Mail:
    """Put a mail into the outbox; call it inside the transaction of what it tells about.

    After `useful_for` it is given up. The subject must be one line.
    """
    return Mail.objects.create(
        recipient=recipient,
        subject=subject,
        body=body,
        message_id=mail_id(now),
        created_at=now,
        expires_at=now + useful_for,
        next_try_at=now,
    )


def send_due(now: datetime) -> int:
    """Send what is due, the oldest first; returns how many went. A failed one is tried again later."""
    Mail.objects.waiting().filter(expires_at__lte=now).update(given_up_at=now, body="")
    due = Mail.objects.due(now).order_by("next_try_at").values_list("pk", flat=True)[:50]
    return sum(_send(pk, now) for pk in _in_time(list(due)))


def _in_time(keys: list[int]) -> Iterator[int]:
    """As many as there is time for: the others are due still, and belong to whoever looks next."""
    over_at = time.monotonic() + ROUND_LASTS.total_seconds()
    return takewhile(lambda _key: time.monotonic() < over_at, keys)


def _send(pk: int, now: datetime) -> bool:
    if not Mail.objects.due(now).filter(pk=pk).update(next_try_at=now + HELD_FOR):
        return False
    mail = Mail.objects.get(pk=pk)
    try:
        _message(mail).send()
    except Exception as error:
        log.warning("Mail %s could not be sent: %s", pk, type(error).__name__)
        _try_later(mail, now)
        return False
    Mail.objects.filter(pk=pk).update(sent_at=now, body="")
    return True


def _message(mail: Mail) -> EmailMessage:
    message = EmailMessage(
        subject=mail.subject, body=mail.body, from_email=settings.DEFAULT_FROM_EMAIL, to=[mail.recipient]
    )
    # The same at every try, so that a mail sent twice is recognised as one.
    message.extra_headers["Message-ID"] = mail.message_id
    return message


def _try_later(mail: Mail, now: datetime) -> None:
    with transaction.atomic():
        tries = mail.tries + 1
        pause = min(timedelta(seconds=15) * 2**tries, LONGEST_PAUSE)
        Mail.objects.waiting().filter(pk=mail.pk).update(tries=tries, next_try_at=now + pause)
