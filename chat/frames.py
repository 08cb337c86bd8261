"""The frames that pages and the server send each other: built here, and what comes in is judged here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from chat.facts import Facts, named
from chat.rendering import render_event
from chat.states import SPOKEN
from chat.viewers import Side

Frame = dict[str, Any]

PREVIEW_CHARS = 120
# Larger numbers are nobody's: a database refuses to compare with them.
LARGEST = 2**31 - 1


class BadFrame(Exception):
    """Not a frame that a page of ours sends."""


def read_frame(text: str | None) -> Frame:
    """Decode what came in. Raises BadFrame for anything but a JSON object with a `type`."""
    try:
        frame = json.loads(text or "")
    except (ValueError, RecursionError):
        raise BadFrame from None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise BadFrame
    return frame


def whole(value: Any) -> int:
    """A number of a chat, a place, a ticket. Raises BadFrame for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise BadFrame
    return value


def text_of(frame: Mapping[str, Any], name: str) -> str:
    value = frame.get(name)
    if not isinstance(value, str):
        raise BadFrame
    return value


def uuid_of(frame: Mapping[str, Any], name: str) -> UUID:
    try:
        return UUID(text_of(frame, name))
    except ValueError:
        raise BadFrame from None


def event_frame(facts: Facts, head: Facts | None, *, side: Side, language: str) -> Frame:
    """One event as a page gets it, with its HTML for that side and language."""
    facts = named(facts, language)
    frame = {name: facts[name] for name in ("chat", "seq", "kind", "side", "author", "client_id", "at")}
    frame |= {"type": "event", "text": preview(facts), "html": render_event(facts, side, language)}
    return frame | {"head": head} if head else frame


def preview(facts: Facts) -> str:
    """What was said, on one short line, for the list of chats."""
    if facts["kind"] not in SPOKEN:
        return ""
    return " ".join(facts["body"].split())[:PREVIEW_CHARS]


def refused(code: str, *, chat: int | None = None, client_id: UUID | None = None) -> Frame:
    """A refusal, in words for the person who reads it."""
    frame: Frame = {"type": "refused", "code": code, "words": _refusals()[code]}
    if chat is not None:
        frame["chat"] = chat
    if client_id is not None:
        frame["client_id"] = str(client_id)
    return frame


def _refusals() -> dict[str, str]:
    return {
        "ended": _("Not sent: the chat has ended."),
        "not_yours": _("Not sent: only the technician who holds this chat writes in it."),
        "taken": _("Not sent: this text was changed after it was first sent."),
        "empty": _("Not sent: there is nothing in it that can be shown."),
        "long": _("Not sent: this text is too long. Please send it in parts."),
        "not_found": _("This chat is not open on this page any more."),
        "bad_frame": _("This page is out of date. Please load it again."),
        "later": _("Not sent yet: the server could not take it. This page tries again."),
        "too_fast": _("Too much at once. Please load the page again."),
    }
