"""The HTML of one line of a chat: made once for all who see the same, then kept."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from django.template import Context, Template
from django.template.loader import get_template
from django.utils import translation

from chat.facts import Facts, named
from chat.states import Kind

KEPT_AT_MOST = 4096
SHOWN_OF_MESSAGE = ("chat", "seq", "at", "side", "person", "author", "body", "client_id")

_kept: OrderedDict[tuple[str, ...], str] = OrderedDict()
_lock = Lock()
_template: list[Template] = []


def render_event(facts: Facts, side: str, language: str) -> str:
    """One event (`chat.facts.told`) as a page of that side and language shows it; safe HTML."""
    facts = named(facts, language)
    key = _key(facts, str(side), language)
    with _lock:
        if found := _kept.get(key):
            _kept.move_to_end(key)
            return found
    with translation.override(language):
        html = _load().render(Context({"event": facts | {"viewer_side": str(side)}}, use_l10n=False))
    with _lock:
        _kept[key] = html
        if len(_kept) > KEPT_AT_MOST:
            _kept.popitem(last=False)
    return html


def _key(facts: Facts, side: str, language: str) -> tuple[str, ...]:
    """Everything that the HTML depends on. What a person said looks the same to everybody."""
    if facts["kind"] == Kind.MESSAGE:
        return tuple(str(facts[name]) for name in SHOWN_OF_MESSAGE)
    return (*map(str, facts.values()), side, language)


def _load() -> Template:
    """The template, read once: finding it costs more than rendering it."""
    if not _template:
        _template.append(get_template("chat/_event.html").template)  # type: ignore[attr-defined]
    return _template[0]
