"""The pages of Helpdesk and some that fail, each with a secret in everything that a careless line would tell."""

from celery import shared_task
from django.contrib.auth.decorators import login_not_required
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
@login_not_required
def fail(request, secret):
    posted = request.POST.get("text", "")
    try:
        raise KeyError(f"{secret} {posted}")
    except KeyError as first:
        raise ValueError(secret, posted) from first


@csrf_exempt
@login_not_required
def fail_in_database(request, secret):
    with connection.cursor() as cursor:
        # PostgreSQL tells the whole row that breaks a rule, and the number that is none.
        if connection.vendor == "postgresql" and request.GET.get("kind") == "number":
            cursor.execute("SELECT %s::integer", [secret])
        columns = "(id, code_hash, created_at)"
        cursor.execute(f"INSERT INTO accounts_setupcode {columns} VALUES (7, %s, CURRENT_TIMESTAMP)", [secret])


@shared_task(name="tests.fail")
def fail_as_task(secret):
    raise ValueError(secret)


class FailingMail(BaseEmailBackend):
    """A mail server that repeats what it refuses."""

    def send_messages(self, messages):
        raise OSError(f"550 refused: {messages[0].body} {messages[0].to}")


urlpatterns = [
    path("fail/<str:secret>/", fail),
    path("fail-in-database/<str:secret>/", fail_in_database),
    path("", include("helpdesk.urls")),
]
