"""What time does to what nobody's room keeps: ended sessions and the record of sign-ins."""

from axes.handlers.proxy import AxesProxyHandler
from celery import shared_task
from django.core.management import call_command

KEEP_SIGN_INS_DAYS = 90


@shared_task(name="helpdesk.tidy")
def tidy() -> None:
    call_command("clearsessions", verbosity=0)
    AxesProxyHandler.reset_logs(age_days=KEEP_SIGN_INS_DAYS)
