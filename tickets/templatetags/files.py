"""How files are drawn: their names, whose ends stay in sight, and their lengths."""

from typing import Any

from django import template

from accounts.file_types import PICTURES

# So much of a name's end stays when the rest is cut: "…passwords.pdf".
END_CHARS = 12

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
    """Whether it is shown in place as a picture; for an attachment and for the facts of one."""
    kind = file["file_type"] if isinstance(file, dict) else file.file_type
    return kind in PICTURES
