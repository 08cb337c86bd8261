from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core.checks import register

from helpdesk import checks


class HelpdeskConfig(AppConfig):
    name = "helpdesk"
    default = True

    def ready(self) -> None:
        for check in (
            checks.check_secret_key,
            checks.check_demo_stays_here,
            checks.check_redis_client,
            checks.check_one_process,
            checks.check_mail_leaves,
            checks.check_database_log,
            checks.check_files_can_be_checked,
            checks.check_files_can_be_kept,
        ):
            register(check)


class HelpdeskAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site, which every room registers its pages with."""

    default = False
    default_site = "helpdesk.administration.AdminSite"
