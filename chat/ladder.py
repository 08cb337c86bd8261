"""*Connecting…*: the steps of a technician's request, each lit by what really happened (N5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Technician
from chat.models import ChatSession
from chat.outcomes import in_words, outcome
from chat.states import EndReason, State


@dataclass(frozen=True)
class Step:
    """One rung. `state`: done, now, next, failed, late; `at` is when it happened, `since` when it began."""

    state: str
    icon: str
    words: str
    detail: str = ""
    at: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Ladder:
    title: str
    steps: list[Step]
    is_over: bool

    @property
    def total_s(self) -> float:
        """How long a request waits altogether."""
        return settings.CHAT_ANSWER_WITHIN.total_seconds()


def ladder_of(chat: ChatSession, reader: Technician, now: datetime) -> Ladder:
    """How far the request has come. `chat` comes with its people, is not accepted, and was asked by a technician."""
    is_shown = bool(chat.shown_at or chat.contact_delivered_seq)
    sent = Step("done", "check", _("Request sent"), at=chat.requested_at)
    if chat.state == State.REQUESTED:
        return Ladder(_("Connecting…"), [sent, *_ahead(chat, is_shown, now)], is_over=False)
    page = [_page_was_open(chat)] if is_shown else []
    return Ladder(_title(chat, is_shown, reader), [sent, *page, _last(chat, is_shown, now)], is_over=True)


def _page_was_open(chat: ChatSession) -> Step:
    detail = _("HelpDesk Agent on %(device)s") % {"device": chat.device.name}
    if chat.device.system:
        detail = f"{detail}, {chat.device.system}"
    return Step("done", "check", _("Page opened on the device"), detail, at=chat.shown_at)


def _ahead(chat: ChatSession, is_shown: bool, now: datetime) -> list[Step]:
    names = {"contact": chat.contact_first, "device": chat.device.name}
    wait = _("Waiting for %(contact)s to answer") % names
    chat_step = Step("next", "message-circle", _("Chat opens here"))
    if is_shown:
        detail = _("%(contact)s sees your name, Accept and Decline.") % names
        waiting = Step("now", "hourglass", wait, detail, since=chat.shown_at or chat.requested_at)
        return [_page_was_open(chat), waiting, chat_step]
    if chat.device.has_page_open(now):
        detail = _("The page is open on %(device)s. It has not shown the request yet.") % names
    else:
        detail = _("The page is closed on %(device)s. The request appears there as soon as it opens.") % names
    page = Step("now", "device-desktop", _("Page opens on the device"), detail, since=chat.requested_at)
    return [page, Step("next", "hourglass", wait), chat_step]


def _title(chat: ChatSession, is_shown: bool, reader: Technician) -> str:
    if chat.end_reason == EndReason.NO_ANSWER and not is_shown:
        return _("The page did not open on %(device)s") % {"device": chat.device.name}
    return outcome(chat, reader=reader)


def _last(chat: ChatSession, is_shown: bool, now: datetime) -> Step:
    """The rung on which it stopped."""
    names = {"contact": chat.contact_first, "within": in_words(settings.CHAT_ANSWER_WITHIN)}
    if chat.end_reason == EndReason.DECLINED:
        return Step("failed", "x", _("Declined by %(contact)s") % names, at=chat.ended_at)
    if chat.end_reason == EndReason.NO_ANSWER and is_shown:
        return Step(
            "late", "clock-off", _("No answer within %(within)s") % names, _where_now(chat, now), at=chat.ended_at
        )
    if chat.end_reason == EndReason.NO_ANSWER:
        detail = _("%(contact)s saw no request.") % names
        return Step("failed", "device-desktop-off", _("Page not opened"), detail, at=chat.ended_at)
    if chat.end_reason == EndReason.CANCELLED:
        return Step("late", "x", _("Cancelled"), at=chat.ended_at)
    return Step("failed", "x", _("The request has ended"), at=chat.ended_at)


def _where_now(chat: ChatSession, now: datetime) -> str:
    names = {"contact": chat.contact_first}
    if chat.device.has_page_open(now):
        return _("The page is still open. %(contact)s may be away from the desk.") % names
    return _("The page was closed meanwhile.")
