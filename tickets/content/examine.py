"""Decides whether a file is what it says."""

import logging
from collections.abc import Callable
from mmap import ACCESS_READ, mmap
from pathlib import Path
from threading import BoundedSemaphore
from typing import NamedTuple

from accounts.file_types import CONTENT_TYPES, FileType
from tickets.content.archives import ends_as_archive
from tickets.content.compound import examine_doc, examine_msi, examine_xls
from tickets.content.facts import Facts
from tickets.content.film import examine_mp4
from tickets.content.jpeg import examine_jpeg
from tickets.content.library import mime_of
from tickets.content.packages import examine_docx, examine_xlsx
from tickets.content.pdf import examine_pdf
from tickets.content.pictures import examine_gif, examine_png, examine_webp
from tickets.content.sound import examine_mp3
from tickets.refusals import Refusal, Refused

log = logging.getLogger(__name__)


class Sort(NamedTuple):
    """How a type is looked at, and what libmagic may call it besides its proper name."""

    structure: Callable[[mmap], Facts]
    also: frozenset[str] = frozenset()


# libmagic has no name for some writers' archives and compound files; what is in them was seen by then.
PACKAGE = frozenset({"application/zip", "application/octet-stream"})
COMPOUND = frozenset({"application/x-ole-storage", "application/CDFV2", "application/vnd.ms-office"})
SORTS = {
    FileType.PDF: Sort(examine_pdf),
    FileType.DOC: Sort(examine_doc, COMPOUND),
    FileType.DOCX: Sort(examine_docx, PACKAGE),
    FileType.XLS: Sort(examine_xls, COMPOUND),
    FileType.XLSX: Sort(examine_xlsx, PACKAGE),
    FileType.MSI: Sort(examine_msi, COMPOUND),
    FileType.MP3: Sort(examine_mp3),
    FileType.MP4: Sort(examine_mp4, frozenset({"video/x-m4v", "audio/x-m4a", "audio/mp4", "application/mp4"})),
    FileType.PNG: Sort(examine_png, frozenset({"image/apng", "image/vnd.mozilla.apng"})),
    FileType.JPEG: Sort(examine_jpeg),
    FileType.GIF: Sort(examine_gif),
    FileType.WEBP: Sort(examine_webp),
}
ARCHIVES = {FileType.DOCX, FileType.XLSX}


# A file that was made for it keeps a core busy for a second or two; pages are answered meanwhile.
AT_ONCE = BoundedSemaphore(2)


def examine(path: Path, file_type: FileType) -> Facts:
    """Look into the whole file; it must be a sound one of this type. Reads it in pieces, and changes nothing.

    Raises tickets.refusals.Refused: EMPTY, MISMATCH, DAMAGED, ENCRYPTED, MACROS, PACKED, or NO_CHECK where libmagic is
    missing. Nobody may shorten the file meanwhile: it is mapped.
    """
    if not path.stat().st_size:
        raise Refused(Refusal.EMPTY)
    sort = SORTS[file_type]
    with AT_ONCE:
        facts = _look(path, file_type, sort.structure)
        # Last, because it is the part written in C: it gets only what is sound.
        mime = mime_of(path)
    if mime != CONTENT_TYPES[file_type] and mime not in sort.also:
        raise Refused(Refusal.MISMATCH)
    return facts


def _look(path: Path, file_type: FileType, structure: Callable[[mmap], Facts]) -> Facts:
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as view:
        try:
            if file_type not in ARCHIVES and ends_as_archive(view):
                raise Refused(Refusal.MISMATCH)
            return structure(view)
        except Refused:
            raise
        except Exception as reason:
            # Every reader meets files that were made to break it, and then the file is at fault.
            log.info("A file could not be read as %s: %r", file_type, reason)
            raise Refused(Refusal.DAMAGED) from reason
