"""What time does to chats."""

from celery import shared_task
from django.utils import timezone

from chat import actions


@shared_task(name="chat.sweep")
def sweep() -> None:
    actions.sweep(timezone.now())
