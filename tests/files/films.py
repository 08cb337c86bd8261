"""Films, written by FFmpeg's libraries: H.264 without sound, which every browser plays."""

import struct
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import av

from tests.files.pictures import drawn
from tests.files.sounds import RATE, tone

SIZE = (320, 240)
FRAMES_A_SECOND = 10


@cache
def film(form, codec="libx264", seconds=5, **options):
    """A film of this container format; options are those of FFmpeg's muxer."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film"
        write(path, form, codec, seconds, options)
        return path.read_bytes()


def write(path, form, codec, seconds, options):
    with av.open(path, "w", format=form, options=options) as container:
        stream = container.add_stream(codec, rate=FRAMES_A_SECOND)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for number in range(seconds * FRAMES_A_SECOND):
            container.mux(stream.encode(av.VideoFrame.from_image(drawn(number, SIZE))))
        container.mux(stream.encode())


def mp4():
    """Five seconds, with what a player needs first at the front."""
    return film("mp4", movflags="faststart")


def mp4_ending_in_its_index():
    return film("mp4")


def fragmented_mp4():
    return film("mp4", movflags="frag_keyframe+empty_moov+default_base_moof")


def quicktime():
    return film("mov")


def webm():
    return film("webm", codec="libvpx", seconds=1)


def big_mp4(size):
    """The same film with a box of nothing in front of its end, so that the file has this size."""
    content = mp4()
    return content + free_box(max(size - len(content), 8))


def free_box(size):
    return struct.pack(">I4s", size, b"free") + bytes(size - 8)


def upright_mp4():
    """A phone held upright films lying and says by a matrix to turn it by a quarter."""
    content = bytearray(mp4())
    matrix = content.index(b"tkhd") + 4 + 40
    content[matrix : matrix + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, SIZE[1] << 16, 0, 1 << 30)
    return bytes(content)


@cache
def sound_in_mp4():
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sound"
        with av.open(path, "w", format="mp4") as container:
            stream = container.add_stream("aac", rate=RATE, layout="mono")
            for number in range(RATE // 1152):
                container.mux(stream.encode(tone(number)))
            container.mux(stream.encode())
        return path.read_bytes()
