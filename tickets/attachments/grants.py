"""The leave to send the bytes of one file: signed, for an hour. Whoever has none is refused at the first header."""

from django.core.signing import BadSignature, TimestampSigner

from tickets.attachments.models import KEPT_UNSENT_FOR, Attachment

# A header rather than a part of the address, which is written into logs.
GRANT_HEADER = "X-Upload-Grant"


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="upload")


def grant(attachment: Attachment) -> str:
    """The leave to send this file."""
    return _signer().sign(f"{attachment.key}:{attachment.size}")


def granted(text: str) -> tuple[str, int] | None:
    """Which file this leave is for, and how many bytes; None when it is none, or has ended. Asks no database."""
    try:
        key, _, size = _signer().unsign(text, max_age=KEPT_UNSENT_FOR).partition(":")
    except BadSignature:
        return None
    return key, int(size)
