"""How files are drawn: their names, whose ends stay in sight, and their lengths."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.file_types import ENDINGS, PICTURES, FileType
from accounts.models import Installation
from tickets.refusals import early_words

# So much of a name's end stays when the rest is cut: "…passwords.pdf".
END_CHARS = 12

# More than any screen or camera of today; what is larger is a card to be downloaded.
MOST_PIXELS = 64_000_000

register = template.Library()


@register.filter
def stem(name: str) -> str:
    """The beginning of a file's name, which may be cut."""
    return name[:-END_CHARS] if len(name) > 2 * END_CHARS else ""


@register.filter
def ending(name: str) -> str:
    """The end of a file's name, which stays; all of a short one."""
    return name[-END_CHARS:] if len(name) > 2 * END_CHARS else name


@register.filter
def clock(seconds: int) -> str:
    """A length as players show it: "0:23", "1:02:03"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def is_picture(file: Any) -> bool:
    """Whether it is shown in place as a picture; for an attachment and for the facts of one.

    A few kilobytes can be a picture that takes a browser half a gigabyte to draw.
    """
    facts = file if isinstance(file, dict) else vars(file)
    return facts["file_type"] in PICTURES and (facts["width"] or 0) * (facts["height"] or 0) <= MOST_PIXELS


@register.filter
def frame(file: Any, most: str) -> SafeString:
    """The attributes that keep the room of a picture or film until it is there, at most so large: "320x240"."""
    size = file if isinstance(file, dict) else vars(file)
    most_width, most_height = map(int, most.split("x"))
    width, height = size["width"] or most_width, size["height"] or most_height
    scale = min(1, most_width / width, most_height / height)
    drawn = (max(1, round(width * scale)), max(1, round(height * scale)))
    return format_html('width="{}" height="{}"', *drawn)


@register.simple_tag
def file_limits(installation: Installation, side: str) -> SafeString:
    """The attributes that tell the scripts what "contact" or "technician" may send (static/js/file_limits.js)."""
    allowed = installation.allowed_types(is_contact=side == "contact")
    is_msi_refused = side == "contact" and not installation.is_contact_msi_allowed
    words = early_words(limit_mb=installation.max_file_mb, allowed=allowed, is_msi_refused=is_msi_refused)
    return format_html(
        'data-max-bytes="{}" data-endings="{}" data-refusals="{}"',
        installation.max_file_bytes,
        " ".join(_endings(allowed)),
        json.dumps(words),
    )


@register.simple_tag
def accepted_files(installation: Installation, side: str) -> str:
    """What a file chooser offers, for its attribute `accept`."""
    return ",".join(f".{ending}" for ending in _endings(installation.allowed_types(is_contact=side == "contact")))


def _endings(allowed: list[FileType]) -> list[str]:
    return [ending for ending, file_type in ENDINGS.items() if file_type in allowed]
