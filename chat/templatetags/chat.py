"""How a conversation is drawn: its rows, the links in what people write, the sentences between."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import Urlizer, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.text import has_turning_marks
from chat import facts, rendering
from chat.lines import line
from chat.models import ChatSession
from chat.states import Kind
from chat.viewers import Side

register = template.Library()
register.filter("line", line)

ICONS = {
    Kind.REQUESTED: "message-circle",
    Kind.ACCEPTED: "user-check",
    Kind.TICKET_OPENED: "ticket",
    Kind.TICKET_RENAMED: "pencil",
    Kind.ENDED: "message-circle-off",
}


class Links(Urlizer):
    """Makes addresses clickable: in a new tab that learns nothing of this page."""

    # Its own direction, so that a mark that stands before it does not turn the address that is read.
    url_template = '<a href="{href}" dir="ltr" target="_blank" rel="nofollow noopener noreferrer">{url}</a>'

    def handle_word(self, word: str, **options: Any) -> str:
        # A mark that turns the direction could show another address than the one it opens.
        return escape(word) if has_turning_marks(word) else super().handle_word(word, **options)


linked = Links()


@register.filter
def with_links(body: str) -> SafeString:
    """What a person wrote, escaped, with its addresses as links."""
    # Most messages hold none, and need not be taken apart.
    if not any(mark in body for mark in ".@:"):
        return escape(body)
    return mark_safe(linked(body, autoescape=True))  # noqa: S308 - every word is escaped by the line itself


@register.filter
def icon_of(kind: str) -> str:
    """The icon of a line that nobody typed."""
    return ICONS.get(Kind(kind), "info-circle")


@register.filter
def file_url(event: facts.Facts) -> str:
    """Where the side in `viewer_side` gets the file of this line."""
    place = "chat:file" if event["viewer_side"] == Side.TECHNICIAN else "agent:file"
    return reverse(place, args=[event["chat"], event["data"]["key"]])


@register.filter
def files_place(chat: ChatSession) -> str:
    """The word by which the scripts know the files of this chat (static/js/chat_files.js)."""
    return f"chat-{chat.pk}"


@register.simple_tag
def event_rows(events: Iterable[facts.Facts], viewer_side: str) -> SafeString:
    """Draw the lines of a thread, for example {% event_rows thread.events "technician" %}."""
    language = get_language() or settings.LANGUAGE_CODE
    return SafeString("".join(rendering.render_event(event, viewer_side, language) for event in events))


@register.filter
def head_json(chat: ChatSession) -> str:
    """How the chat stands, as the scripts keep it."""
    return json.dumps(facts.head(chat))


@register.simple_tag
def idle_limits() -> SafeString:
    """The attributes that tell the scripts when a quiet chat ends, and when to warn."""
    return format_html(
        'data-idle-after-s="{}" data-idle-warning-s="{}"',
        settings.CHAT_IDLE_AFTER.total_seconds(),
        settings.CHAT_IDLE_WARNING.total_seconds(),
    )
