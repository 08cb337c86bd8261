"""MP3: frames one after another, from the first byte after the title to the last.

Allowed: ID3v2 in front, ID3v1, APE and Lyrics3 notes and zeros at the end, one bit rate or many. Not allowed: a last
frame that is cut, because that is how a file looks that did not arrive in full.
"""

from functools import cache
from mmap import mmap

from tickets.content.facts import Facts
from tickets.refusals import Refusal, Refused

BIT_RATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
SAMPLE_RATES = {0b11: (44100, 48000, 32000), 0b10: (22050, 24000, 16000), 0b00: (11025, 12000, 8000)}
SAMPLES = {1: 1152, 2: 576}
FEWEST_FRAMES = 3
MAX_TITLES = 4
# Zeros that some writers put behind a title without counting them.
MAX_PADDING = 64 * 1024
NOTES = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3", b"3DI")
# Notes with a picture in them; more is not a title any more.
MAX_NOTES = 4 * 1024 * 1024


def examine_mp3(view: mmap) -> Facts:
    """Raises Refused: MISMATCH or DAMAGED."""
    start = _after_titles(view)
    if start >= len(view):
        raise Refused(Refusal.DAMAGED)
    lengths = _lengths()
    first = _head(view, start)
    if not lengths[first]:
        raise Refused(Refusal.MISMATCH if start == 0 else Refusal.DAMAGED)
    end, frames = _walk(view, start, first)
    if frames < FEWEST_FRAMES:
        raise Refused(Refusal.MISMATCH if start == 0 else Refusal.DAMAGED)
    _check_notes(view, end)
    _check_count(view, start, frames)
    generation, rate = _kind(first)
    return Facts(seconds=max(1, round(frames * SAMPLES[generation] / rate)))


def _after_titles(view: mmap) -> int:
    """Where the sound begins: behind ID3v2 tags, which say their size, with padding, in seven bits a byte."""
    at = 0
    for _count in range(MAX_TITLES):
        if view[at : at + 3] != b"ID3":
            break
        sizes = view[at + 6 : at + 10]
        if len(sizes) < 4 or max(sizes) > 127:
            raise Refused(Refusal.DAMAGED)
        footer = 10 if view[at + 5] & 0x10 else 0
        at += 10 + footer + (sizes[0] << 21 | sizes[1] << 14 | sizes[2] << 7 | sizes[3])
        padding = view[at : at + MAX_PADDING]
        at += len(padding) - len(padding.lstrip(b"\0"))
    return at


def _walk(view: mmap, at: int, first: int) -> tuple[int, int]:
    """Where the frames end, and how many there are. Those of a file are of one version and one sample rate."""
    lengths, same, size, frames = _lengths(), _sameness(first), len(view), 0
    while at + 4 <= size and view[at] == 0xFF:
        head = view[at + 1] << 8 | view[at + 2]
        length = lengths[head]
        if not length or head & 0xFE0C != same:
            break
        if at + length > size:
            raise Refused(Refusal.DAMAGED)
        at += length
        frames += 1
    return at, frames


def _check_notes(view: mmap, end: int) -> None:
    size = len(view) - end
    if size > MAX_NOTES:
        raise Refused(Refusal.DAMAGED)
    rest = view[end:]
    if rest.strip(b"\0") and not rest.lstrip(b"\0").startswith(NOTES):
        raise Refused(Refusal.DAMAGED)


def _check_count(view: mmap, start: int, frames: int) -> None:
    """The first frame may say how many follow; fewer were cut off."""
    head = view[start : start + 64]
    at = max(head.find(b"Xing"), head.find(b"Info"))
    if at > 0 and head[at + 7] & 1 and int.from_bytes(head[at + 8 : at + 12]) > frames:
        raise Refused(Refusal.DAMAGED)


def _head(view: mmap, at: int) -> int:
    """The second and third byte of a frame: version, layer, bit rate, sample rate, padding. 0 where none begins."""
    return view[at + 1] << 8 | view[at + 2] if at + 4 <= len(view) and view[at] == 0xFF else 0


def _sameness(head: int) -> int:
    return head & 0xFE0C


def _kind(head: int) -> tuple[int, int]:
    version = head >> 11 & 3
    return 1 if version == 0b11 else 2, SAMPLE_RATES[version][head >> 2 & 3]


@cache
def _lengths() -> list[int]:
    """The bytes of a frame by its head; 0 where it is none of layer III."""
    return [_length(head) for head in range(0x10000)]


def _length(head: int) -> int:
    version = head >> 11 & 3
    if head >> 13 != 0b111 or version not in SAMPLE_RATES or head >> 9 & 3 != 0b01 or head >> 2 & 3 == 3:
        return 0
    generation, rate = _kind(head)
    kbit = BIT_RATES[generation][head >> 4 & 15]
    return SAMPLES[generation] * 125 * kbit // rate + (head >> 1 & 1) if kbit else 0
