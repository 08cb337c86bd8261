"""What the product keeps for itself: mails on their way, and sign-ins that failed."""

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from axes.utils import reset
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.kept import ReadOnly, moment
from accounts.models import Mail

for unused in (AccessAttempt, AccessLog, AccessFailureLog):
    admin.site.unregister(unused)

# The lists of django-axes bear its own words, which have no Spanish: named here, they are in our catalogue.
FROM_AXES = (_("access attempt"), _("access attempts"))


@admin.register(Mail)
class MailAdmin(ReadOnly):
    """Never the text of a mail: it may hold a token that is not the reader's."""

    icon = "mail"
    about = _("What was sent, and what still waits to be sent.")
    list_display = ["written", "to", "on", "state"]
    list_display_links = None
    fields = ["written", "to", "on", "state"]
    ordering = ["-created_at"]
    search_fields = ["recipient", "subject"]
    date_hierarchy = "created_at"

    @admin.display(description=_("Written"), ordering="created_at")
    def written(self, mail: Mail) -> str:
        return moment(mail.created_at)

    @admin.display(description=_("To"), ordering="recipient")
    def to(self, mail: Mail) -> str:
        return mail.recipient

    @admin.display(description=_("Subject"), ordering="subject")
    def on(self, mail: Mail) -> str:
        return mail.subject

    @admin.display(description=_("State"), ordering="sent_at")
    def state(self, mail: Mail) -> str:
        if mail.sent_at:
            return gettext("Sent")
        if mail.given_up_at:
            return gettext("Given up")
        if not mail.tries:
            return gettext("Waiting")
        return ngettext("Waiting, tried once", "Waiting, tried %(tries)s times", mail.tries) % {"tries": mail.tries}


@admin.register(AccessAttempt)
class SignInAttemptAdmin(ReadOnly):
    """Wrong passwords, counted by django-axes; an admin who knows who it was can let them try again."""

    icon = "lock"
    about = _("Wrong passwords, and who is locked out for a while.")
    list_display = ["last", "who", "where", "failures", "state"]
    list_display_links = None
    fields = ["last", "who", "where", "failures", "state"]
    search_fields = ["username", "ip_address"]
    actions = ["let_in"]

    @property
    def heading(self) -> str:
        return gettext("Failed sign-ins")

    @admin.display(description=_("Last try"), ordering="attempt_time")
    def last(self, attempt: AccessAttempt) -> str:
        return moment(attempt.attempt_time)

    @admin.display(description=_("Username"), ordering="username")
    def who(self, attempt: AccessAttempt) -> str | None:
        return attempt.username

    @admin.display(description=_("Address"), ordering="ip_address")
    def where(self, attempt: AccessAttempt) -> str | None:
        return attempt.ip_address

    @admin.display(description=_("Wrong passwords"), ordering="failures_since_start")
    def failures(self, attempt: AccessAttempt) -> int:
        return attempt.failures_since_start

    @admin.display(description=_("State"), ordering="failures_since_start")
    def state(self, attempt: AccessAttempt) -> str:
        is_out = attempt.failures_since_start >= settings.AXES_FAILURE_LIMIT
        return gettext("Locked out") if is_out else gettext("May try again")

    @admin.action(description=_("Let them try again now"))
    def let_in(self, request: HttpRequest, queryset: QuerySet[AccessAttempt]) -> None:
        pairs = set(queryset.values_list("username", "ip_address"))
        for username, address in pairs:
            reset(ip=address, username=username)
        told = ngettext("One person can try again.", "%(count)s people can try again.", len(pairs))
        messages.success(request, told % {"count": len(pairs)})
