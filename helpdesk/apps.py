from django.apps import AppConfig
from django.core.checks import register

from helpdesk import checks


class HelpdeskConfig(AppConfig):
    name = "helpdesk"

    def ready(self) -> None:
        for check in (
            checks.check_secret_key,
            checks.check_demo_stays_here,
            checks.check_redis_client,
            checks.check_one_process,
            checks.check_mail_leaves,
        ):
            register(check)
