"""How a chat went, in a sentence for technicians: in the list, under a thread, on the pages of devices and tickets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Technician
from chat.models import ChatSession
from chat.states import EndReason, State
from chat.viewers import Side


def outcome(chat: ChatSession, *, reader: Technician | None = None) -> str:
    """How an ended chat ended; blank while it is open. `chat` must come with its people (`shown()`).

    `reader` is told of the own deeds as "you".
    """
    if chat.is_open or not chat.end_reason:
        return ""
    own = {
        EndReason.BY_TECHNICIAN.value: _("You ended the chat"),
        EndReason.CANCELLED.value: _("You cancelled the request"),
    }
    if reader is not None and chat.technician_id == reader.pk and chat.end_reason in own:
        return own[chat.end_reason]
    names = {
        "contact": chat.contact_first,
        "technician": chat.technician.name if chat.technician else "",
        "within": in_words(settings.CHAT_ANSWER_WITHIN),
        "quiet": quiet_in_words(settings.CHAT_IDLE_AFTER),
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
        EndReason.IDLE: _("The chat ended after %(quiet)s"),
        EndReason.BY_TECHNICIAN: _("%(technician)s ended the chat"),
        EndReason.BY_CONTACT: _("%(contact)s ended the chat"),
        EndReason.REVOKED: _("The chat was cut off: the device or the technician lost access"),
    }[EndReason(chat.end_reason)]


def standing(chat: ChatSession) -> str:
    """How a chat stands at this moment, for a technician who came too late."""
    names = {"contact": chat.contact_name, "technician": chat.technician.name if chat.technician else ""}
    if not chat.is_open:
        return outcome(chat)
    if chat.state == State.ACTIVE:
        return _("%(technician)s took this chat") % names
    if chat.asked_by == Side.CONTACT:
        return _("%(contact)s is waiting for an answer") % names
    return _("%(technician)s asked %(contact)s for a chat") % names


def summary(chat: ChatSession, messages: int) -> str:
    """A chat in one line: who talked and how much was said, or why it came to nothing."""
    if chat.accepted_at is None or chat.technician is None:
        return outcome(chat) or standing(chat)
    names = {"contact": chat.contact_name, "technician": chat.technician.name, "count": messages}
    return (
        ngettext(
            "%(contact)s with %(technician)s · %(count)s message",
            "%(contact)s with %(technician)s · %(count)s messages",
            messages,
        )
        % names
    )


@dataclass(frozen=True)
class Past:
    """One chat of a device, as a line that leads to it."""

    chat: ChatSession
    words: str
    # How long people talked; blank where they did not, or still do.
    lasted: str


def past(chat: ChatSession, messages: int) -> Past:
    """`chat` comes with its people; `messages` is how much was said in it."""
    if chat.accepted_at is None or chat.ended_at is None:
        return Past(chat, summary(chat, messages), "")
    return Past(chat, summary(chat, messages), length_in_words(chat.ended_at - chat.accepted_at))


def in_words(time: timedelta) -> str:
    """A limit as one says it: "2 minutes", or seconds where it is no whole number of minutes."""
    seconds = round(time.total_seconds())
    if seconds % 60:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    minutes = seconds // 60
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def length_in_words(talked: timedelta) -> str:
    """How long people talked, in minutes; less than one is said so."""
    if talked < timedelta(minutes=1):
        return _("less than a minute")
    return in_words(timedelta(minutes=round(talked.total_seconds() / 60)))


def quiet_in_words(limit: timedelta) -> str:
    """How long nothing was said: "5 quiet minutes", or seconds where it is no whole number of minutes."""
    seconds = round(limit.total_seconds())
    if seconds % 60:
        return ngettext("%(count)s quiet second", "%(count)s quiet seconds", seconds) % {"count": seconds}
    minutes = seconds // 60
    return ngettext("%(count)s quiet minute", "%(count)s quiet minutes", minutes) % {"count": minutes}
