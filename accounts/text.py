"""What people type, made safe to store: no control characters, no blank lines at the ends."""

import re

# C0 and C1 controls but for tab and line feed, and lone surrogates, which PostgreSQL refuses.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Marks that turn the direction of what follows: on one line they could dress a name as another.
_TURNING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean_text(text: str) -> str:
    """Several lines as typed: line ends made one kind, unprintable characters removed, ends trimmed."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_line(text: str) -> str:
    """One line: like `clean_text`, with every run of white space a single space and no direction marks."""
    return " ".join(_TURNING.sub("", clean_text(text)).split())


def has_turning_marks(text: str) -> bool:
    """Whether something in it turns the direction of what follows."""
    return bool(_TURNING.search(text))
