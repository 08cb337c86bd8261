"""What people type, made safe to store: no control characters, no blank lines at the ends."""

import re
import unicodedata

# C0 and C1 controls but for tab and line feed, and lone surrogates, which PostgreSQL refuses.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_DRAWN_AS_NOTHING = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# Letters and signs that draw nothing: Hangul fillers and the empty Braille cell.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Marks that turn the direction of what follows: on one line they could dress a name as another.
_TURNING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean_text(text: str) -> str:
    """Several lines as typed: line ends made one kind, unprintable characters removed, ends trimmed.

    Empty where there is nothing to see in it.
    """
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return "" if all(map(_is_invisible, text)) else text


def _is_invisible(character: str) -> bool:
    return character in _BLANKS or unicodedata.category(character) in _DRAWN_AS_NOTHING


def clean_line(text: str) -> str:
    """One line: like `clean_text`, with every run of white space a single space and no direction marks."""
    return " ".join(_TURNING.sub("", clean_text(text)).split())


def has_turning_marks(text: str) -> bool:
    """Whether something in it turns the direction of what follows."""
    return bool(_TURNING.search(text))


class StrangeAddress(ValueError):
    """Not an e-mail address that one person alone can have."""


def one_address(address: str) -> str:
    """The one form of an e-mail address: small ASCII letters, the domain as it stands in the DNS.

    Letters that look alike, or that a database takes for one another, would else make one person another. Raises
    StrangeAddress, also for an address without a domain name.
    """
    name, _, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        raise StrangeAddress from None
    if not name.isascii() or domain.startswith("["):
        raise StrangeAddress
    return f"{name}@{domain}".lower()
