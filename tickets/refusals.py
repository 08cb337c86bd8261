"""Why a file is not taken: each reason with its status and its sentence for the person who sent it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.file_types import BYTES_PER_MB, FileType


class Refusal(models.TextChoices):
    """The reasons, as they are stored and as a page is told."""

    TOO_LARGE = "too_large"
    TYPE = "type"
    MSI = "msi"
    EMPTY = "empty"
    CUT = "cut"
    MISMATCH = "mismatch"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    PACKED = "packed"
    TOO_MANY = "too_many"
    NO_ROOM = "no_room"
    NO_CHECK = "no_check"
    TAKEN = "taken"
    BUSY = "busy"
    GONE = "gone"


# HTTP's own words for them; anything else is 422.
STATUS = {
    Refusal.TOO_LARGE: 413,
    Refusal.TYPE: 415,
    Refusal.MSI: 415,
    Refusal.MISMATCH: 415,
    Refusal.CUT: 400,
    Refusal.TOO_MANY: 429,
    Refusal.NO_ROOM: 507,
    Refusal.NO_CHECK: 503,
    Refusal.TAKEN: 409,
    Refusal.BUSY: 409,
    Refusal.GONE: 409,
}
UNPROCESSABLE = 422

# Trying again can help without another file.
PASSING = {Refusal.CUT, Refusal.TOO_MANY, Refusal.NO_ROOM, Refusal.BUSY, Refusal.GONE}


class Refused(Exception):
    """This file is not taken, for this reason."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


def status_of(reason: Refusal) -> int:
    return STATUS.get(reason, UNPROCESSABLE)


def in_words(
    reason: Refusal, *, file_type: FileType | None, size: int, limit_mb: int, allowed: Iterable[FileType]
) -> str:
    """The sentence for the person who sent a file of `size` bytes that calls itself a `file_type`."""
    names = {
        "size": megabytes(size),
        "limit": limit_mb,
        "type": file_type.label if file_type else "",
        "allowed": ", ".join(str(choice.label) for choice in allowed),
    }
    return _sentence(reason, file_type) % names


def early_words(*, limit_mb: int, allowed: Iterable[FileType], is_msi_refused: bool) -> dict[str, str]:
    """The sentences that a page says by itself before it asks; {size} is filled in there."""
    names = {"size": "{size}", "limit": limit_mb, "allowed": ", ".join(str(choice.label) for choice in allowed)}
    reasons = [Refusal.TOO_LARGE, Refusal.TYPE, Refusal.EMPTY] + [Refusal.MSI] * is_msi_refused
    return {reason.value: _sentence(reason, None) % names for reason in reasons}


def megabytes(size: int) -> str:
    """A size in MB for people, never rounded down to what would be allowed: "48", "20.1"."""
    tenths = -(-size * 10 // BYTES_PER_MB)
    return str(tenths // 10) if tenths % 10 == 0 or tenths >= 1000 else number_format(tenths / 10, decimal_pos=1)


def _sentence(reason: Refusal, file_type: FileType | None) -> str:
    match reason:
        case Refusal.TOO_LARGE:
            return _("%(size)s MB. The limit is %(limit)s MB a file.")
        case Refusal.TYPE:
            return _("This type is not allowed. Allowed: %(allowed)s")
        case Refusal.MISMATCH if file_type and str(file_type.label)[0] in "MX":
            return _("This is not an %(type)s inside. It was not sent.")
        case Refusal.MISMATCH:
            return _("This is not a %(type)s inside. It was not sent.")
    return _plain()[reason]


def _plain() -> dict[Refusal, str]:
    return {
        Refusal.MSI: _("MSI files can only be sent by technicians here."),
        Refusal.EMPTY: _("This file is empty. It was not sent."),
        Refusal.CUT: _("Not all of this file arrived. Send it again."),
        Refusal.DAMAGED: _("This file is damaged or incomplete. It was not sent."),
        Refusal.ENCRYPTED: _("This file is locked with a password and cannot be checked. It was not sent."),
        Refusal.MACROS: _("There are macros in this file. Save it without them and send it again."),
        Refusal.PACKED: _("Too much is packed into this file. Send what is in it in parts."),
        Refusal.TOO_MANY: _("Too many files wait to be sent. Send or remove some, or try again in an hour."),
        Refusal.NO_ROOM: _("There is no room for files on the server at the moment. Messages still get through."),
        Refusal.NO_CHECK: _("Files cannot be checked here at the moment. Messages still get through."),
        Refusal.TAKEN: _("Another file was sent in its place before. Choose it again."),
        Refusal.BUSY: _("This file is still being checked. Try again in a moment."),
        Refusal.GONE: _("This file is not there any more. Choose it again."),
    }
