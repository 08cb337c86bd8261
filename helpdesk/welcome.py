"""What the server prints when it is ready: where to go, and who to be."""

from django.conf import settings


def welcome() -> str:
    return f"Helpdesk is ready: {settings.PUBLIC_URL}/"
