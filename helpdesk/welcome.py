"""What the server does before its first request, and what it prints when it is ready."""

from datetime import datetime

from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from accounts.actions import SetupClosed, new_setup_code
from helpdesk import demo


class DemoData(Exception):
    """A real installation must not start with the demonstration's people; the message names them."""


def prepare(now: datetime) -> str:
    """Bring the database up to date and say, in lines for the terminal, where to go and who to be. Raises DemoData."""
    call_command("migrate", interactive=False, verbosity=0)
    lines = [_("Helpdesk is ready: %(address)s") % {"address": f"{settings.PUBLIC_URL}/"}]
    if settings.DEMO:
        demo.install(now)
        lines += _who_to_be()
    elif known := demo.known_passwords():
        raise DemoData(", ".join(known))
    else:
        lines += _how_to_begin(now)
    return "\n".join([*lines, _("Data is kept in %(folder)s. Ctrl-C ends it.") % {"folder": settings.DATA_DIR}])


def _who_to_be() -> list[str]:
    """The sign-ins and the device pages of the demonstration."""
    names = ", ".join(person.username for person in demo.PEOPLE)
    width = max(len(place.device) for place in demo.PLACES)
    pages = [f"  {place.device:<{width}}  {settings.PUBLIC_URL}/agent/demo/{place.device}/" for place in demo.PLACES]
    return [
        _("Sign in as %(names)s; the password of all is “%(password)s”.") % {"names": names, "password": demo.PASSWORD},
        _("Be the person at a device (in another browser window):"),
        *pages,
        _("Mail that is sent can be read at %(address)s") % {"address": f"{settings.PUBLIC_URL}/outbox/"},
    ]


def _how_to_begin(now: datetime) -> list[str]:
    """How the first admin of an empty installation is made; nothing when somebody can sign in already."""
    try:
        code = new_setup_code(now)
    except SetupClosed:
        return []
    return [
        _("Nobody can sign in yet. Make the first admin at %(address)s") % {"address": f"{settings.PUBLIC_URL}/setup/"},
        _("with this one-time code: %(code)s") % {"code": code},
    ]
