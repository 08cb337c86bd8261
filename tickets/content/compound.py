"""DOC, XLS and MSI: compound files, which hold streams in storages as a disk holds files in folders.

Allowed: embedded objects and pictures, free sectors, Word 6 and Excel 5, installers that bring their own programs,
which is what they are for. Not allowed: macros in DOC and XLS, of Excel 4 as well; anything locked.
"""

from collections.abc import Iterator, Sequence
from mmap import mmap
from struct import unpack_from
from typing import Any, NamedTuple

import olefile
from olefile.olefile import UNKNOWN_SIZE as UNKNOWN

from accounts.file_types import FileType
from tickets.content.facts import Facts
from tickets.refusals import Refusal, Refused

MAGIC = olefile.MAGIC
INSTALLER = "000C1084-0000-0000-C000-000000000046"
DOCUMENTS, BOOKS = {"worddocument"}, {"workbook", "book"}
LOCKED = {"encryptedpackage", "encryptioninfo"}
MACROS = {"macros", "vba", "_vba_project", "_vba_project_cur"}
# Every entry costs microseconds, and each is compared with all before it.
MAX_ENTRIES = 5_000
# What is looked for in a workbook is among the records before the first LAST.
MAX_RECORDS = 500_000
FILE_PASS, SHEET, LAST = 0x2F, 0x85, 0x0A
MACRO_SHEET = 1
WORD_MARKS = {0xA5EC, 0xA5DC}
WORD_LOCKED = 0x0100
# Streams below this size lie in sectors of this size.
SMALL, SMALL_SECTOR = 4096, 64


class Compound(olefile.OleFileIO):
    """olefile's reader, with an end to what a hostile file makes it do. It reads tables and names, no streams."""

    def _open(self, start: int, size: int = UNKNOWN, force_FAT: bool = False) -> Any:  # noqa: N803 - olefile's name
        """Called for the tables. One in a circle has no end, so it is followed before it is read."""
        most = MAX_ENTRIES * 128 if size == UNKNOWN else size
        count = 0
        for count, _at in enumerate(_chain(self.fat, start, -(-most // self.sector_size), stops=True), 1):  # noqa: B007
            pass
        return super()._open(start, count * self.sector_size, force_FAT)

    def _load_direntry(self, sid: int) -> object:
        self.loaded = getattr(self, "loaded", 0) + 1
        if self.loaded > MAX_ENTRIES or (0 <= sid < len(self.direntries) and self.direntries[sid]):
            raise Refused(Refusal.DAMAGED)
        return super()._load_direntry(sid)

    def names(self) -> set[str]:
        """Of all streams and storages, in small letters."""
        return {entry.name.lower() for entry in self.direntries if entry}

    def own_names(self) -> set[str]:
        """Of the streams and storages that are in no storage."""
        return {entry.name.lower() for entry in self.root.kids}


def examine_doc(view: mmap) -> Facts:
    """Raises Refused: MISMATCH, DAMAGED, ENCRYPTED or MACROS."""
    return _examine(view, FileType.DOC)


def examine_xls(view: mmap) -> Facts:
    """Raises Refused: MISMATCH, DAMAGED, ENCRYPTED or MACROS."""
    return _examine(view, FileType.XLS)


def examine_msi(view: mmap) -> Facts:
    """Raises Refused: MISMATCH or DAMAGED."""
    return _examine(view, FileType.MSI)


def is_locked_package(view: mmap) -> bool:
    """Whether it is a DOCX or XLSX with a password, which is a compound file."""
    return bool(_opened(view).own_names() & LOCKED)


def _examine(view: mmap, file_type: FileType) -> Facts:
    if view[:8] != MAGIC:
        raise Refused(Refusal.MISMATCH)
    file = _opened(view)
    _check_kind(file, file_type)
    _check_streams(view, file)
    if file_type == FileType.MSI:
        return Facts()
    if file.names() & MACROS:
        raise Refused(Refusal.MACROS)
    if file_type == FileType.DOC:
        [document] = _streams(view, file, DOCUMENTS)
        _check_document(document.read(0, 32))
    else:
        # Which of several a program opens is its own affair.
        for book in _streams(view, file, BOOKS):
            _check_book(book)
    return Facts()


def _opened(view: mmap) -> Compound:
    """Read its tables, after a look at whether there can be as many of them as it says."""
    shift, mini_shift = unpack_from("<HH", view, 30)
    if shift not in {9, 12} or mini_shift != 6:
        raise Refused(Refusal.DAMAGED)
    tables, limit, mini_tables = unpack_from("<I8xI4xI", view, 44)
    a_table = 1 << shift - 2
    sectors = len(view) >> shift
    if limit != SMALL or tables > 2 * sectors // a_table + 16 or mini_tables > sectors * SMALL_SECTOR // a_table + 2:
        raise Refused(Refusal.DAMAGED)
    file = Compound(view)
    file.loadminifat()
    return file


def _check_kind(file: Compound, file_type: FileType) -> None:
    own, kinds = file.own_names(), set()
    if file.root.clsid.upper() == INSTALLER:
        kinds.add(FileType.MSI)
    if own & DOCUMENTS:
        kinds.add(FileType.DOC)
    if own & BOOKS:
        kinds.add(FileType.XLS)
    if own & LOCKED and file_type != FileType.MSI and not kinds:
        raise Refused(Refusal.ENCRYPTED)
    if kinds != {file_type}:
        raise Refused(Refusal.MISMATCH)


def _check_streams(view: mmap, file: Compound) -> None:
    """Every stream is there to its last byte, and no two share one."""
    sector, used, small_used = file.sectorsize, bytearray(len(file.fat)), bytearray(len(file.minifat))
    if len(view) > (len(file.fat) + 1) * sector:
        raise Refused(Refusal.DAMAGED)
    for entry in [entry for entry in file.direntries if entry]:
        if entry.entry_type not in {olefile.STGTY_STREAM, olefile.STGTY_ROOT} or not entry.size:
            continue
        if entry.size < SMALL and entry is not file.root:
            _check_chain(file.minifat, small_used, entry.isectStart, -(-entry.size // SMALL_SECTOR))
            continue
        count = -(-entry.size // sector)
        last = _check_chain(file.fat, used, entry.isectStart, count)
        if (last + 1) * sector + entry.size - (count - 1) * sector > len(view):
            raise Refused(Refusal.DAMAGED)


def _check_chain(table: Sequence[int], used: bytearray, start: int, count: int) -> int:
    """Follow so many sectors, none of them used before; the number of the last."""
    last = start
    for last in _chain(table, start, count):
        if used[last]:
            raise Refused(Refusal.DAMAGED)
        used[last] = 1
    return last


def _chain(table: Sequence[int], start: int, count: int, *, stops: bool = False) -> Iterator[int]:
    """So many sectors from this one on; fewer only of what `stops` at a mark of its end."""
    at = start
    for _number in range(count):
        if stops and at == olefile.ENDOFCHAIN:
            return
        if at >= len(table):
            raise Refused(Refusal.DAMAGED)
        yield at
        at = table[at]
    if stops and count and at < len(table):
        raise Refused(Refusal.DAMAGED)


class Stream(NamedTuple):
    """What lies in pieces of `step` bytes at these places of the file."""

    view: mmap
    starts: Sequence[int]
    step: int
    size: int

    def read(self, at: int, count: int) -> bytes:
        """So many bytes from this one on; fewer at the end."""
        found = b""
        while at < self.size and count > 0:
            piece, inside = divmod(at, self.step)
            length = min(count, self.step - inside, self.size - at)
            start = self.starts[piece] + inside
            found += self.view[start : start + length]
            at, count = at + length, count - length
        return found


def _streams(view: mmap, file: Compound, names: set[str]) -> list[Stream]:
    return [_stream(view, file, entry) for entry in file.root.kids if entry.name.lower() in names]


def _stream(view: mmap, file: Compound, entry: Any) -> Stream:
    size, sector = entry.size, file.sectorsize
    if size < SMALL:
        # Small streams lie in one of the root, in sectors of their own.
        root = list(_chain(file.fat, file.root.isectStart, -(-file.root.size // sector)))
        small = [at * SMALL_SECTOR for at in _chain(file.minifat, entry.isectStart, -(-size // SMALL_SECTOR))]
        return Stream(view, [(root[at // sector] + 1) * sector + at % sector for at in small], SMALL_SECTOR, size)
    return Stream(
        view, [(at + 1) * sector for at in _chain(file.fat, entry.isectStart, -(-size // sector))], sector, size
    )


def _check_document(head: bytes) -> None:
    mark, flags = unpack_from("<H8xH", head)
    if mark not in WORD_MARKS:
        raise Refused(Refusal.DAMAGED)
    if flags & WORD_LOCKED:
        raise Refused(Refusal.ENCRYPTED)


def _check_book(book: Stream) -> None:
    """The records that a workbook begins with: kind, length, content."""
    at = 0
    for number in range(MAX_RECORDS):
        head = book.read(at, 10)
        if len(head) < 4:
            break
        kind, length = unpack_from("<HH", head)
        if number == 0 and kind != 0x0809:
            raise Refused(Refusal.DAMAGED)
        if kind == FILE_PASS:
            raise Refused(Refusal.ENCRYPTED)
        if kind == SHEET and length > 5 and head[9] == MACRO_SHEET:
            raise Refused(Refusal.MACROS)
        if kind == LAST:
            return
        at += 4 + length
    raise Refused(Refusal.DAMAGED)
