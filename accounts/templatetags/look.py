"""How people and things are drawn: icons of the sprite, and the coloured circle of a person.

Plain string work without an include, because lists use these once or more a row.
"""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

TINTS = 6

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """Draw one icon of the sprite, for example {% icon "ticket" %}; the words beside it name it."""
    return _drawn_icon(name, classes)


@lru_cache(maxsize=512)
def _drawn_icon(name: str, classes: str) -> SafeString:
    return format_html(
        '<svg class="hd-icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        classes,
        static("icons.svg"),
        name,
    )


@register.filter
def initials(name: str) -> str:
    """Return the first letters of the first and the last word: "Ann Keller" gives "AK"."""
    words = [word for word in str(name or "").split() if word[0].isalnum()]
    ends = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in ends).upper() or "?"


@register.filter
def tint(key: object) -> int:
    """Return the number, 1 to 6, of the colour that a person keeps everywhere; hand in the id."""
    words = str(key)
    # Neighbours in a list often have neighbouring numbers: these shall differ, so they are not mixed up.
    return (int(words) if words.isdecimal() else crc32(words.encode())) % TINTS + 1


@register.simple_tag
def avatar(name: str, key: object, classes: str = "") -> SafeString:
    """Draw a person's circle, for example {% avatar contact.name contact.pk "hd-avatar-lg" %}.

    It is hidden from screen readers: the name stands beside it.
    """
    return _drawn_avatar(str(name or ""), str(key), classes)


@lru_cache(maxsize=1024)
def _drawn_avatar(name: str, key: str, classes: str) -> SafeString:
    return format_html(
        '<span class="hd-avatar hd-tint-{} {}" aria-hidden="true">{}</span>', tint(key), classes, initials(name)
    )
