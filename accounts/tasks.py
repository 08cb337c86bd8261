"""What time does to mail."""

from celery import shared_task
from django.utils import timezone

from accounts.mail import send_due


@shared_task(name="accounts.send_mail")
def send_mail() -> None:
    send_due(timezone.now())
