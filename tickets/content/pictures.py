"""PNG, GIF and WebP: parts that follow each other from the first byte to the last.

Allowed: moving pictures, notes and colour profiles inside, zeros after the end of a GIF. Anything else after the end
is a second file.
"""

from mmap import mmap
from struct import unpack_from
from zlib import crc32

from tickets.content.facts import Facts
from tickets.refusals import Refusal, Refused

# A reader takes four bytes for each when it shows the picture. Beyond it, a small file fills a browser's memory.
MAX_PIXELS = 120_000_000
MAX_PARTS = 50_000
# Of those in which a GIF keeps its pixels; they hold up to 255 bytes.
MAX_BLOCKS = 1_000_000
PIECE = 64 * 1024


def size_of(width: int, height: int) -> Facts:
    """A picture of this size. Raises Refused: DAMAGED when it is empty, PACKED when nobody could show it."""
    if not width or not height:
        raise Refused(Refusal.DAMAGED)
    if width * height > MAX_PIXELS:
        raise Refused(Refusal.PACKED)
    return Facts(width=width, height=height)


def examine_png(view: mmap) -> Facts:
    """Raises Refused: MISMATCH, DAMAGED or PACKED."""
    if view[:8] != b"\x89PNG\r\n\x1a\n":
        raise Refused(Refusal.MISMATCH)
    at, seen = 8, set()
    for _count in range(MAX_PARTS):
        length, kind = unpack_from(">I4s", view, at)
        end = at + 12 + length
        if end > len(view) or (at == 8 and (kind, length) != (b"IHDR", 13)) or not _sums_up(view, at + 4, end - 4):
            raise Refused(Refusal.DAMAGED)
        seen.add(kind)
        at = end
        if kind == b"IEND":
            break
    if not seen >= {b"IDAT", b"IEND"}:
        raise Refused(Refusal.DAMAGED)
    if at != len(view):
        raise Refused(Refusal.MISMATCH)
    return size_of(*unpack_from(">II", view, 16))


def _sums_up(view: mmap, start: int, end: int) -> bool:
    total = 0
    for at in range(start, end, PIECE):
        total = crc32(view[at : min(at + PIECE, end)], total)
    return bool(total == unpack_from(">I", view, end)[0])


def examine_gif(view: mmap) -> Facts:
    """Raises Refused: MISMATCH, DAMAGED or PACKED."""
    if view[:6] not in {b"GIF87a", b"GIF89a"}:
        raise Refused(Refusal.MISMATCH)
    width, height, flags = unpack_from("<HHB", view, 6)
    at, pictures = 13 + _colours(flags), 0
    for _count in range(MAX_PARTS):
        kind = view[at]
        if kind == 0x3B:
            break
        if kind == 0x2C:
            pictures += 1
            at = _after_blocks(view, at + 11 + _colours(view[at + 9]))
        elif kind == 0x21:
            at = _after_blocks(view, at + 2)
        else:
            raise Refused(Refusal.DAMAGED)
    if view[at] != 0x3B or not pictures:
        raise Refused(Refusal.DAMAGED)
    if not _is_blank(view, at + 1):
        raise Refused(Refusal.MISMATCH)
    return size_of(width, height)


def _colours(flags: int) -> int:
    """The bytes of the table of colours that follows."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_blocks(view: mmap, at: int) -> int:
    for _count in range(MAX_BLOCKS):
        size = view[at]
        at += size + 1
        if not size:
            return at
    raise Refused(Refusal.DAMAGED)


def _is_blank(view: mmap, start: int) -> bool:
    return not any(view[at : at + PIECE].strip(b"\0") for at in range(start, len(view), PIECE))


def examine_webp(view: mmap) -> Facts:
    """Raises Refused: MISMATCH, DAMAGED or PACKED."""
    if view[:4] != b"RIFF" or view[8:12] != b"WEBP":
        raise Refused(Refusal.MISMATCH)
    end = 8 + unpack_from("<I", view, 4)[0]
    if end > len(view):
        raise Refused(Refusal.DAMAGED)
    if end < len(view) and not _is_blank(view, end):
        raise Refused(Refusal.MISMATCH)
    at, kinds = 12, set()
    for _count in range(MAX_PARTS):
        if at >= end:
            break
        kind, length = unpack_from("<4sI", view, at)
        kinds.add(kind)
        at += 8 + length + length % 2
    if at != end or not kinds & {b"VP8 ", b"VP8L", b"ANMF"}:
        raise Refused(Refusal.DAMAGED)
    return size_of(*_size_of_webp(view))


def _size_of_webp(view: mmap) -> tuple[int, int]:
    """By its first chunk, which is of one of three kinds, each with a way of its own."""
    match view[12:16]:
        case b"VP8X":
            return int.from_bytes(view[24:27], "little") + 1, int.from_bytes(view[27:30], "little") + 1
        case b"VP8L" if view[20] == 0x2F:
            bits = int.from_bytes(view[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 " if view[23:26] == b"\x9d\x01\x2a":
            width, height = unpack_from("<HH", view, 26)
            return width & 0x3FFF, height & 0x3FFF
    raise Refused(Refusal.DAMAGED)
