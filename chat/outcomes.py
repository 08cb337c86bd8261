"""How a chat went, in a sentence for technicians: in the list, under a thread, on the pages of devices and tickets."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.models import ChatSession
from chat.states import EndReason
from chat.viewers import Side


def outcome(chat: ChatSession) -> str:
    """How an ended chat ended; blank while it is open. `chat` must come with its people (`shown()`)."""
    if chat.is_open or not chat.end_reason:
        return ""
    names = {
        "contact": chat.contact_first,
        "technician": chat.technician.name if chat.technician else "",
        "within": in_words(settings.CHAT_ANSWER_WITHIN),
        "quiet": in_words(settings.CHAT_IDLE_AFTER),
    }
    return _sentence(chat) % names


def _sentence(chat: ChatSession) -> str:
    is_by_contact = chat.asked_by == Side.CONTACT
    if chat.end_reason == EndReason.NO_ANSWER and is_by_contact:
        return _("Nobody answered %(contact)s within %(within)s")
    if chat.end_reason == EndReason.CANCELLED and is_by_contact:
        return _("%(contact)s cancelled the request")
    return {
        EndReason.DECLINED: _("%(contact)s declined the chat"),
        EndReason.NO_ANSWER: _("%(contact)s did not answer within %(within)s"),
        EndReason.CANCELLED: _("%(technician)s cancelled the request"),
        EndReason.BUSY: _("Everybody who was available declined"),
        EndReason.IDLE: _("The chat ended after %(quiet)s without a word"),
        EndReason.BY_TECHNICIAN: _("%(technician)s ended the chat"),
        EndReason.BY_CONTACT: _("%(contact)s ended the chat"),
        EndReason.REVOKED: _("The chat was cut off: the device or the technician lost access"),
    }[EndReason(chat.end_reason)]


def in_words(time: timedelta) -> str:
    """A limit as one says it: "2 minutes", or seconds where it is no whole number of minutes."""
    seconds = round(time.total_seconds())
    if seconds % 60:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    minutes = seconds // 60
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
