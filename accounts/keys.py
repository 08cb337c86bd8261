"""Secrets that are handed out once and kept only as hashes."""

import secrets
from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac


def new_secret() -> str:
    """A fresh secret of 256 bits, safe in a URL fragment and in a cookie."""
    return secrets.token_urlsafe(32)


def new_digits(count: int) -> str:
    """A fresh number of `count` digits, leading zeros kept."""
    return f"{secrets.randbelow(10**count):0{count}d}"


def hashed(secret: str, *, use: str) -> str:
    """The keyed hash of a secret, 64 hex characters; `use` keeps hashes of different uses apart."""
    # What somebody sends as a secret may hold half a character, which matches nothing.
    return salted_hmac(f"helpdesk.{use}", secret.encode(errors="replace"), algorithm="sha256").hexdigest()


def matches(secret: str, stored: str, *, use: str) -> bool:
    return constant_time_compare(hashed(secret, use=use), stored)


def mail_id(made_at: datetime) -> str:
    """A Message-ID that stays the same however often one mail is sent."""
    return f"<{made_at:%Y%m%d%H%M%S}.{secrets.token_hex(12)}@helpdesk.invalid>"
