"""JPEG: segments up to the pixels, and the mark of its end.

Allowed after that end: padding, and what cameras and phones append, which is more pictures (previews, gain maps), the
film of a moving picture, and Samsung's notes; never with markup or the end of a zip among it.
"""

import re
from mmap import mmap
from struct import unpack_from

from tickets.content.facts import Facts
from tickets.content.pictures import size_of
from tickets.refusals import Refusal, Refused

MAX_SEGMENTS = 20_000
# Within the pixels a marker is hidden by a zero, and eight others only help to find the way again.
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
FILLED = re.compile(rb"\xff+([^\x00\xff])")
FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ALONE = {0x01, *range(0xD0, 0xD8)}
EXIF, PIXELS, END = 0xE1, 0xDA, 0xD9
ORIENTATION = 0x0112
ANOTHER_FILE = re.compile(
    rb"PK\x05\x06\x00{4}|<(?:html|script|iframe|!doctype|\?php|\?xml)[\s>]|<svg[\s>:]|%PDF-", re.IGNORECASE
)
PADDING = re.compile(rb"[\x00\xff\s]*")


def examine_jpeg(view: mmap) -> Facts:
    """Raises Refused: MISMATCH, DAMAGED or PACKED."""
    if view[:3] != b"\xff\xd8\xff":
        raise Refused(Refusal.MISMATCH)
    at, frame, exif = 2, 0, 0
    for _count in range(MAX_SEGMENTS):
        marker, at = _next(view, at)
        if marker == END:
            break
        if marker in ALONE:
            continue
        if marker in FRAMES:
            frame = frame or at
        elif marker == EXIF and view[at + 2 : at + 8] == b"Exif\0\0":
            exif = exif or at + 8
        at = _after(view, marker, at)
    else:
        raise Refused(Refusal.DAMAGED)
    if not frame:
        raise Refused(Refusal.DAMAGED)
    _check_rest(view, at)
    height, width = unpack_from(">HH", view, frame + 3)
    return size_of(height, width) if exif and _is_turned(view, exif) else size_of(width, height)


def _next(view: mmap, at: int) -> tuple[int, int]:
    """The marker here, behind any filling, and where what it holds begins."""
    found = FILLED.match(view, at)
    if not found:
        raise Refused(Refusal.DAMAGED)
    return found[1][0], found.end()


def _after(view: mmap, marker: int, at: int) -> int:
    """Behind this segment; behind the pixels too, when they follow it."""
    length = unpack_from(">H", view, at)[0]
    if length < 2:
        raise Refused(Refusal.DAMAGED)
    at += length
    if marker == PIXELS:
        found = MARKER.search(view, at)
        if not found:
            raise Refused(Refusal.DAMAGED)
        at = found.start()
    return at


def _check_rest(view: mmap, start: int) -> None:
    padding = PADDING.match(view, start)
    begins = padding.end() if padding else start
    if begins == len(view):
        return
    is_of_a_camera = (
        view[begins - 1 : begins + 2] == b"\xff\xd8\xff"  # the padding took its first byte
        or view[start + 4 : start + 8] == b"ftyp"
        or view[-4:] == b"SEFT"
    )
    found = ANOTHER_FILE.search(view, start)
    if not is_of_a_camera or found:
        raise Refused(Refusal.MISMATCH)


def _is_turned(view: mmap, start: int) -> bool:
    """Whether EXIF says to show it turned by a quarter."""
    order = {b"II": "<", b"MM": ">"}.get(view[start : start + 2])
    if not order:
        return False
    entries = start + unpack_from(order + "I", view, start + 4)[0]
    if entries + 2 > len(view):
        return False
    count = unpack_from(order + "H", view, entries)[0]
    for at in range(entries + 2, min(entries + 2 + 12 * count, len(view) - 12), 12):
        tag, _kind, _count, value = unpack_from(order + "HHIH", view, at)
        if tag == ORIENTATION:
            return value in {5, 6, 7, 8}
    return False
