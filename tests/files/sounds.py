"""Sounds, written by FFmpeg's libraries with LAME."""

from fractions import Fraction
from functools import cache
from io import BytesIO

import av

RATE = 44100
SECONDS = 2


@cache
def mp3(**options):
    """Two seconds of a low tone, with ID3v2 in front and a Xing header; options are those of FFmpeg's muxer."""
    sink = BytesIO()
    with av.open(sink, "w", format="mp3", options=options) as container:
        container.metadata["title"] = "A low tone"
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono")
        for number in range(SECONDS * RATE // 1152):
            container.mux(stream.encode(tone(number)))
        container.mux(stream.encode())
    return sink.getvalue()


def tone(number):
    frame = av.AudioFrame(format="s16p", layout="mono", samples=1152)
    frame.planes[0].update(b"".join((sample * 60 % 8000).to_bytes(2, "little") for sample in range(1152)))
    frame.sample_rate, frame.pts, frame.time_base = RATE, number * 1152, Fraction(1, RATE)
    return frame


def bare_mp3():
    """Only frames: no ID3, no Xing header."""
    return mp3(id3v2_version="0", write_xing="0")


def mp3_with_old_tag():
    """ID3v1 at its end, the oldest kind of title."""
    return bare_mp3() + b"TAG" + b"A low tone".ljust(124, b"\0") + b"\xff"


def long_mp3(size):
    content = bare_mp3()
    return content * -(-size // len(content))
