"""The life cycle of a chat session, and the kinds of events in its log."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.words import worded


class State(models.TextChoices):
    REQUESTED = "requested", _("requested")
    ACTIVE = "active", _("active")
    ENDED = "ended", _("ended")


# What each state may become; nothing leaves the end.
MAY_BECOME = {
    State.REQUESTED: {State.ACTIVE, State.ENDED},
    State.ACTIVE: {State.ENDED},
    State.ENDED: set[State](),
}
OPEN_STATES = (State.REQUESTED, State.ACTIVE)


def may_precede(state: State) -> list[State]:
    """The states that a chat may be in to become this one."""
    return [before for before, after in MAY_BECOME.items() if state in after]


class EndReason(models.TextChoices):
    DECLINED = "declined", _("declined")
    NO_ANSWER = "no_answer", _("no answer")
    CANCELLED = "cancelled", _("cancelled")
    BUSY = "busy", _("busy")
    IDLE = "idle", _("idle")
    BY_TECHNICIAN = "by_technician", _("ended by technician")
    BY_CONTACT = "by_contact", worded(_("ended by %(contact)s"))
    REVOKED = "revoked", _("revoked")


class Kind(models.TextChoices):
    REQUESTED = "requested", _("requested")
    MESSAGE = "message", _("message")
    FILE = "file", _("file")
    ACCEPTED = "accepted", _("accepted")
    TICKET_OPENED = "ticket_opened", _("ticket opened")
    TICKET_RENAMED = "ticket_renamed", _("ticket renamed")
    ENDED = "ended", _("ended")


# What counts as having said something (S17, D10).
SPOKEN = (Kind.MESSAGE, Kind.FILE)
