"""MP4: boxes that add up to the file, and one that says what to play.

Allowed: the index at the front or at the end, a film in fragments, a sound in an MP4, codecs that a browser does not
know, and any box besides, such as cameras write with their own notes.
"""

from collections.abc import Iterator
from mmap import mmap
from struct import unpack_from
from typing import NamedTuple

from tickets.content.facts import Facts
from tickets.refusals import Refusal, Refused

PLAIN = {b"isom", b"avc1", b"dash", b"MSNV", b"M4V ", b"M4VH", b"M4VP", b"M4A ", b"mp41", b"mp42"}
FILMS = PLAIN | {b"iso%d" % number for number in range(2, 10)}
# A film never calls itself this as well: HEIC, AVIF and camera raw are boxes too.
PICTURES = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis", b"crx "}
# Each costs about a microsecond, so a file may bring so many: side by side, within one, of tracks.
MAX_BOXES, MAX_INSIDE, MAX_TRACKS = 50_000, 500, 64
LONGEST = 10**7


class Box(NamedTuple):
    kind: bytes
    start: int
    end: int


def examine_mp4(view: mmap) -> Facts:
    """Raises Refused: MISMATCH or DAMAGED."""
    if view[4:8] != b"ftyp":
        raise Refused(Refusal.MISMATCH)
    boxes = boxes_in(view, 0, len(view), MAX_BOXES)
    first = next(boxes)
    _check_brands(view[first.start : min(first.end, first.start + 1024)])
    kept = {box.kind: box for box in boxes if box.kind in {b"moov", b"mdat"}}
    if len(kept) < 2:
        raise Refused(Refusal.DAMAGED)
    return _facts(view, kept[b"moov"])


def boxes_in(view: mmap, start: int, end: int, most: int = MAX_INSIDE) -> Iterator[Box]:
    """What lies between these places. Raises Refused(DAMAGED) when it does not add up exactly, or never ends."""
    count = 0
    while start < end:
        count += 1
        if end - start < 8 or count > most:
            raise Refused(Refusal.DAMAGED)
        size, kind = unpack_from(">I4s", view, start)
        head = 8
        if size == 1:
            head, size = 16, unpack_from(">Q", view, start + 8)[0]
        elif size == 0:
            size = end - start
        if size < head or size > end - start:
            raise Refused(Refusal.DAMAGED)
        yield Box(kind, start + head, start + size)
        start += size


def _check_brands(brands: bytes) -> None:
    """The major brand, a version, then those it can be read as too."""
    listed = {brands[at : at + 4] for at in range(8, len(brands), 4)}
    if brands[:4] not in FILMS or listed & PICTURES:
        raise Refused(Refusal.MISMATCH)


def _facts(view: mmap, moov: Box) -> Facts:
    inside = list(boxes_in(view, moov.start, moov.end))
    tracks = [box for box in inside if box.kind == b"trak"]
    head = next((box for box in inside if box.kind == b"mvhd"), None)
    if not 0 < len(tracks) <= MAX_TRACKS or not head:
        raise Refused(Refusal.DAMAGED)
    width, height = max((_size(view, track) for track in tracks), key=lambda size: size[0] * size[1])
    return Facts(width=width or None, height=height or None, seconds=_seconds(view, head, inside))


def _seconds(view: mmap, head: Box, inside: list[Box]) -> int | None:
    long = view[head.start] == 1
    scale, length = unpack_from(">IQ" if long else ">II", view, head.start + (20 if long else 12))
    if not length:
        length = _length_of_fragments(view, inside)
    seconds = round(length / scale) if scale else 0
    return seconds if 0 < seconds < LONGEST else None


def _length_of_fragments(view: mmap, inside: list[Box]) -> int:
    """A film in fragments says its length elsewhere, or not at all."""
    for box in inside:
        for extends in boxes_in(view, box.start, box.end) if box.kind == b"mvex" else ():
            if extends.kind == b"mehd":
                return int(unpack_from(">Q" if view[extends.start] else ">I", view, extends.start + 4)[0])
    return 0


def _size(view: mmap, track: Box) -> tuple[int, int]:
    """Of a track its width and height as shown: a phone held upright says so by a matrix that turns the film."""
    for box in boxes_in(view, track.start, track.end):
        if box.kind == b"tkhd" and box.end - box.start >= 80:
            matrix = unpack_from(">9i", view, box.end - 44)
            width, height = (number >> 16 for number in unpack_from(">II", view, box.end - 8))
            return (height, width) if matrix[0] == matrix[4] == 0 else (width, height)
    return 0, 0
