"""What happened in a chat, as one sentence for each side: the lines in the middle of the thread."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chat.facts import Facts
from chat.outcomes import in_words, length_in_words, quiet_in_words
from chat.states import EndReason, Kind
from chat.viewers import Side


def line(event: Facts) -> SafeString:
    """The sentence of an event that is not a message, for the side in `viewer_side`, with its moment."""
    words = _words(event)
    names = {
        "contact": event["contact_first"],
        "technician": event["technician"],
        "ticket": _ticket(event, _("ticket #%(number)s")) if "{ticket}" in words else "",
        "Ticket": _ticket(event, pgettext("begins a sentence", "Ticket #%(number)s")) if "{Ticket}" in words else "",
        "title": event["data"].get("title", ""),
        "within": in_words(settings.CHAT_ANSWER_WITHIN),
        "quiet": quiet_in_words(settings.CHAT_IDLE_AFTER),
        "after": _lasted(event),
        "time": format_html('<time datetime="{}"></time>', event["at"]),
    }
    # The sentence is ours and translated; what people typed is in the names, which are escaped here.
    said = format_html(words, **names)
    return said if "{time}" in words else format_html("{} · {}", said, names["time"])


def _ticket(event: Facts, words: str) -> SafeString:
    """The ticket's number as a link, for the pages of the side that reads it."""
    number = event["data"].get("number") or event["ticket"]
    if not number:
        return SafeString("")
    place = "tickets:ticket" if event["viewer_side"] == Side.TECHNICIAN else "agent:ticket"
    return format_html('<a href="{}">{}</a>', reverse(place, args=[number]), words % {"number": number})


def _lasted(event: Facts) -> str:
    """How long it was talked."""
    if not event.get("accepted_at"):
        return ""
    return length_in_words(datetime.fromisoformat(event["at"]) - datetime.fromisoformat(event["accepted_at"]))


def _words(event: Facts) -> str:
    is_contact = event["viewer_side"] == Side.CONTACT
    is_asked_by_contact = event["asked_by"] == Side.CONTACT
    match event["kind"]:
        case Kind.REQUESTED:
            return _requested(is_contact, is_asked_by_contact)
        case Kind.ACCEPTED if is_contact:
            return _("{technician} joined")
        case Kind.ACCEPTED if is_asked_by_contact:
            return _("{contact} asked to chat, {technician} accepted")
        case Kind.ACCEPTED:
            return _("{technician} asked to chat, {contact} accepted")
        case Kind.TICKET_OPENED if event["data"].get("how") == "linked":
            return _("{Ticket}: the chat goes on in it")
        case Kind.TICKET_OPENED:
            return _("{Ticket} was opened")
        case Kind.TICKET_RENAMED:
            return _("{Ticket} is now called “{title}”")
        case Kind.ENDED:
            return _ended(event, is_contact, is_asked_by_contact)
    return ""


def _requested(is_contact: bool, is_asked_by_contact: bool) -> str:
    if is_asked_by_contact:
        return _("You asked to chat") if is_contact else _("{contact} asked to chat")
    return _("{technician} wants to chat with you") if is_contact else _("{technician} asked {contact} to chat")


def _ended(event: Facts, is_contact: bool, is_asked_by_contact: bool) -> str:
    match event["data"].get("reason"):
        case EndReason.DECLINED:
            return _("You declined the chat") if is_contact else _("{contact} declined the chat")
        case EndReason.NO_ANSWER:
            return _unanswered(is_contact, is_asked_by_contact)
        case EndReason.CANCELLED if is_asked_by_contact:
            return _("You cancelled the request") if is_contact else _("{contact} cancelled the request")
        case EndReason.CANCELLED:
            return _("{technician} cancelled the request")
        case EndReason.BUSY if is_contact:
            return _("All technicians are helping somebody else right now")
        case EndReason.BUSY:
            return _("Everybody who was available declined")
        case EndReason.IDLE if event["ticket"]:
            return _("The chat ended after {quiet}. Everything is in {ticket}")
        case EndReason.IDLE:
            return _("The chat ended after {quiet}. Everything is kept")
        case EndReason.BY_TECHNICIAN | EndReason.BY_CONTACT as reason:
            return _ended_by(reason, is_contact, bool(event.get("accepted_at")))
        case EndReason.REVOKED if not is_contact:
            return _("The chat was cut off: the device or the technician lost access")
    return _("The chat has ended")


def _unanswered(is_contact: bool, is_asked_by_contact: bool) -> str:
    if is_asked_by_contact:
        if is_contact:
            return _("Nobody could answer within {within}")
        return _("Nobody answered {contact} within {within}")
    if is_contact:
        return _("{technician} asked to chat. The request has ended")
    return _("{contact} did not answer within {within}")


def _ended_by(reason: str, is_contact: bool, is_length_known: bool) -> str:
    if reason == EndReason.BY_TECHNICIAN:
        if is_length_known:
            return _("{technician} ended the chat at {time}, after {after}")
        return _("{technician} ended the chat")
    if is_contact:
        return _("You ended the chat")
    if is_length_known:
        return _("{contact} ended the chat at {time}, after {after}")
    return _("{contact} ended the chat")
