"""Zip archives, looked through without unpacking them to anywhere: every byte has one place in the plan.

Entries follow each other from the first byte to the directory, without a gap in which something could hide; each
unpacks to what the directory says, and all of them, with the archives inside of them, to no more than a budget.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from mmap import ACCESS_READ, mmap
from struct import unpack_from
from tempfile import TemporaryFile
from typing import IO, NamedTuple, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from accounts.file_types import BYTES_PER_MB, HARD_LIMIT_MB
from tickets.refusals import Refusal, Refused

MAX_ENTRIES = 5_000
MAX_DIRECTORY_BYTES = 1024 * 1024
# What a spreadsheet of 20 MB unpacks to, and some more. A reader holds all of it.
MAX_UNPACKED = 250 * 1024 * 1024
# Empty cells pack well, but no document of this size packs a hundred to one.
MAX_RATIO = 100
FREELY = 16 * 1024 * 1024
# An archive in an archive in the file: a spreadsheet in a document that is attached to another.
MAX_DEPTH = 2
MAX_INNER_BYTES = HARD_LIMIT_MB * BYTES_PER_MB
PIECE = 256 * 1024
START, END, LONG_END = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x07"
IS_ENCRYPTED, SIZES_FOLLOW, IS_UTF8 = 0x1, 0x8, 0x800
# After the data: sum and sizes, with or without a mark, in four or eight bytes.
FOLLOWS = {12, 16, 20, 24}
UNKNOWN = 0xFFFFFFFF
LONGEST_COMMENT = 0xFFFF


class Entry(NamedTuple):
    start: int
    packed: int
    size: int
    is_deflated: bool
    checksum: int


@dataclass
class Archive:
    """A sound archive: its entries by name, and the names in the archives inside of it."""

    view: mmap
    entries: dict[str, Entry] = field(default_factory=dict)
    inner: set[str] = field(default_factory=set)

    @property
    def names(self) -> set[str]:
        return {*self.entries, *self.inner}


class Budget:
    """What may still be unpacked, over the file and the archives in it."""

    def __init__(self) -> None:
        self.entries, self.unpacked = MAX_ENTRIES, MAX_UNPACKED

    def take(self, entries: list[ZipInfo]) -> None:
        """Raises Refused(PACKED) by what the entries declare, before any of them is unpacked."""
        packed = sum(entry.compress_size for entry in entries)
        unpacked = sum(entry.file_size for entry in entries)
        self.entries -= len(entries)
        self.unpacked -= unpacked
        if self.entries < 0 or self.unpacked < 0 or unpacked > max(FREELY, packed * MAX_RATIO):
            raise Refused(Refusal.PACKED)


def open_archive(view: mmap, budget: Budget | None = None, *, depth: int = 0) -> Archive:
    """Look through all of it. Raises Refused: DAMAGED, ENCRYPTED or PACKED, and zipfile's errors."""
    budget = budget or Budget()
    entries, directory_at = _directory(view)
    if any(entry.flag_bits & IS_ENCRYPTED for entry in entries):
        raise Refused(Refusal.ENCRYPTED)
    budget.take(entries)
    archive = Archive(view)
    ends = [entry.header_offset for entry in entries[1:]] + [directory_at]
    for entry, end in zip(entries, ends, strict=True):
        archive.entries[entry.filename] = _placed(view, entry, end)
    if len({name.lower() for name in archive.entries}) != len(entries) or entries[0].header_offset:
        raise Refused(Refusal.DAMAGED)
    for placed in archive.entries.values():
        archive.inner |= _names_inside(view, placed, budget, depth)
    return archive


def ends_as_archive(view: mmap) -> bool:
    """Whether a zip reader takes this file as an archive, whatever it begins with."""
    tail = view[max(0, len(view) - LONGEST_COMMENT - 22) :]
    at = tail.rfind(END)
    while at >= 0:
        if at + 22 <= len(tail) and at + 22 + unpack_from("<H", tail, at + 20)[0] == len(tail):
            return True
        at = tail.rfind(END, 0, at)
    return False


def read(archive: Archive, name: str, most: int) -> bytes:
    """What this entry unpacks to. Raises Refused(PACKED) beyond `most` bytes."""
    entry = archive.entries[name]
    if entry.size > most:
        raise Refused(Refusal.PACKED)
    return b"".join(_unpacked(archive.view, entry))


def _directory(view: mmap) -> tuple[list[ZipInfo], int]:
    """The entries in the order of the file, and where the directory begins."""
    end = view.rfind(END, max(0, len(view) - LONGEST_COMMENT - 22))
    if view[:4] != START or end < 0:
        raise Refused(Refusal.DAMAGED)
    count, length, start = _declared(view, end)
    if count > MAX_ENTRIES or length > MAX_DIRECTORY_BYTES:
        raise Refused(Refusal.PACKED)
    view.seek(0)
    with ZipFile(cast(IO[bytes], view)) as archive:
        entries, comment = archive.infolist(), archive.comment
    if not entries or len(entries) != count or end + 22 + len(comment) != len(view):
        raise Refused(Refusal.DAMAGED)
    return sorted(entries, key=lambda entry: entry.header_offset), start


def _declared(view: mmap, end: int) -> tuple[int, int, int]:
    """How many entries, in a directory of how many bytes, from where; some writers always use the long form.

    zipfile forgives what lies in front of the archive by moving every place. Here the directory must be where it says.
    """
    count, length, start = unpack_from("<HII", view, end + 10)
    follows = end
    if end >= 20 and view[end - 20 : end - 16] == LONG_END:
        follows = unpack_from("<Q", view, end - 12)[0]
        count, length, start = unpack_from("<QQQ", view, follows + 32)
    if start + length != follows:
        raise Refused(Refusal.DAMAGED)
    return count, length, start


def _placed(view: mmap, entry: ZipInfo, end: int) -> Entry:
    """Where the entry's data are. Raises Refused: PACKED when entries share bytes, DAMAGED when there are others."""
    at = entry.header_offset
    mark, flags, packed, name_length, extra_length = unpack_from("<4s2xH10xI4xHH", view, at)
    name = view[at + 30 : at + 30 + name_length]
    start = at + 30 + name_length + extra_length
    rest = end - start - entry.compress_size
    if rest < 0:
        raise Refused(Refusal.PACKED)
    is_sound = (
        mark == START
        and name == entry.orig_filename.encode("utf-8" if entry.flag_bits & IS_UTF8 else "cp437")
        and entry.compress_type in {ZIP_STORED, ZIP_DEFLATED}
        and (packed in {entry.compress_size, UNKNOWN} or flags & SIZES_FOLLOW)
        and (rest == 0 or (rest in FOLLOWS and flags & SIZES_FOLLOW))
    )
    if not is_sound:
        raise Refused(Refusal.DAMAGED)
    return Entry(start, entry.compress_size, entry.file_size, entry.compress_type == ZIP_DEFLATED, entry.CRC)


def _names_inside(view: mmap, entry: Entry, budget: Budget, depth: int) -> set[str]:
    """Unpack an entry to see that it is as it says; look through it in turn when it is an archive itself."""
    pieces = _unpacked(view, entry)
    first = next(pieces, b"")
    if first[:4] != START:
        for _piece in pieces:
            pass
        return set()
    if depth == MAX_DEPTH or entry.size > MAX_INNER_BYTES:
        raise Refused(Refusal.PACKED)
    with TemporaryFile() as file:
        file.write(first)
        file.writelines(pieces)
        file.flush()
        with mmap(file.fileno(), 0, access=ACCESS_READ) as inside:
            return open_archive(inside, budget, depth=depth + 1).names


def _unpacked(view: mmap, entry: Entry) -> Iterator[bytes]:
    """The content in pieces. Raises Refused(DAMAGED) where size or checksum are not as declared."""
    size, checksum = 0, 0
    # Some writers call an empty entry packed, and write nothing.
    for piece in _inflated(view, entry) if entry.is_deflated and entry.packed else _stored(view, entry):
        size += len(piece)
        if size > entry.size:
            break
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if size != entry.size or checksum != entry.checksum:
        raise Refused(Refusal.DAMAGED)


def _stored(view: mmap, entry: Entry) -> Iterator[bytes]:
    end = entry.start + entry.packed
    for at in range(entry.start, end, PIECE):
        yield view[at : min(at + PIECE, end)]


def _inflated(view: mmap, entry: Entry) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for packed in _stored(view, entry):
        waiting = packed
        while waiting:
            if inflater.eof:
                raise Refused(Refusal.DAMAGED)
            piece = inflater.decompress(waiting, PIECE)
            waiting = inflater.unconsumed_tail or inflater.unused_data
            if piece:
                yield piece
    while not inflater.eof and (piece := inflater.decompress(b"", PIECE)):
        yield piece
    if not inflater.eof:
        raise Refused(Refusal.DAMAGED)
