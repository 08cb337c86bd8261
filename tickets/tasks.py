"""What time does to files."""

from celery import shared_task
from django.utils import timezone

from tickets.attachments import actions


@shared_task(name="tickets.forget_files")
def forget_files() -> None:
    actions.forget(timezone.now())
