"""What time does to pages on devices."""

from celery import shared_task
from django.utils import timezone

from devices import actions


@shared_task(name="devices.forget_pages")
def forget_pages() -> None:
    actions.forget_pages(timezone.now())
