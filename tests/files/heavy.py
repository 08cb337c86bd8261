"""Files of 20 MB, each made to keep the reader of its type busy for as long as it can be."""

import struct
from random import Random
from zlib import crc32

from tests.files.archives import zipped
from tests.files.compound import FREE, MINI_LIMIT, NOTHING, ROOT, SECTOR, STREAM, compound, doc_parts, entry
from tests.files.documents import docx, pdf
from tests.files.films import mp4
from tests.files.hostile import HTML
from tests.files.pictures import gif, jpeg, png, webp

SIZE = 20 * 1024 * 1024


def filled(start, again, end=b""):
    """20 MB of the same over and over, between these."""
    room = SIZE - len(start) - len(end)
    return start + (again * (room // len(again) + 1))[:room] + end


def pdf_of_ends():
    return filled(b"%PDF-1.7\n", b"%%EOF\n")


def pdf_of_encryption():
    """What looks like an encryption, and is none at its last letter."""
    return filled(b"%PDF-1.7\n1 0 obj /Root\n", b"/Encrypt 1111111111 ", b"\nstartxref\n0\n%%EOF\n")


def pdf_of_digits():
    return filled(b"%PDF-1.7\n/Root\n", b"1111111111 1111111111 ", b"\nstartxref\n0\n%%EOF\n")


def pdf_of_blanks():
    return pdf() + b" " * (SIZE - len(pdf()))


def jpeg_of_marks():
    return filled(jpeg()[:-2], b"\xff")


def jpeg_of_segments():
    return filled(b"\xff\xd8", b"\xff\xe1\0\2")


def jpeg_of_scans():
    return filled(jpeg()[:-2], b"\xff\xda\0\2aaaa")


def jpeg_of_padding():
    return filled(jpeg(), b"\0\xff ")


def jpeg_before_markup():
    return filled(jpeg() + jpeg(), b"<htm<PK\5<svx")


def png_of_chunks():
    return filled(png()[:33], b"\0\0\0\0tEXt" + struct.pack(">I", crc32(b"tEXt")))


def gif_of_blocks():
    return filled(gif()[:-1] + b"!\xfe", b"\1a")


def gif_of_extensions():
    return filled(gif()[:-1], b"!\xfe\0")


def webp_of_chunks():
    content = filled(webp(), b"NONE\0\0\0\0")
    return content[:4] + struct.pack("<I", SIZE - 8) + content[8:]


def mp4_of_boxes():
    return filled(mp4(), b"\0\0\0\x08free")


def mp4_of_tracks():
    """One index with a million empty tracks in it."""
    inside = b"\0\0\0\x08trak" * (SIZE // 8 - 100)
    return mp4()[:32] + struct.pack(">I4s", 8, b"mdat") + struct.pack(">I4s", len(inside) + 8, b"moov") + inside


def mp3_of_frames():
    """The shortest frames there are, 24 bytes each."""
    return filled(b"", b"\xff\xf3\x14\xc0".ljust(24, b"a"))


def mp3_of_titles():
    return filled(b"", b"ID3\4\0\0\0\0\0\0")


def docx_of_entries():
    """A directory of 400,000 entries, of which the archive declares three."""
    line = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    directory = line * (SIZE // len(line) - 10)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 3, 3, len(directory), 35, 0)
    return b"PK\3\4".ljust(35, b"\0") + directory + end


def docx_of_ends():
    return filled(docx(), b"PK\5\6")


def docx_that_fills_the_budget():
    """Nearly as much as may be unpacked."""
    block = Random(1).randbytes(60_000) + bytes(964_000)
    return zipped(("[Content_Types].xml", b"<a/>"), *((f"{number}.xml", block) for number in range(240)))


def docx_of_elements():
    """A list of contents of more than half a million elements, each in the one before."""
    return zipped(("[Content_Types].xml", b"<a>" * 600_000), ("_rels/.rels", b"<a/>"))


def head_of_compound(directory_at, tables=1, **numbers):
    content = bytearray(compound(doc_parts())[:SECTOR])
    struct.pack_into("<I", content, 44, tables)
    struct.pack_into("<I", content, 48, directory_at)
    struct.pack_into("<I", content, 56, MINI_LIMIT)
    for at, number in numbers.items():
        struct.pack_into("<I", content, int(at[1:]), number)
    return bytes(content)


def tables_of(chain):
    """Allocation tables for 20 MB, with this rule of what follows a sector; they are the first sectors."""
    count = SIZE // SECTOR
    return struct.pack(f"<{count}I", *(chain(at) for at in range(count)))


def doc_in_a_circle():
    """A directory whose last sector leads to its first."""
    return filled(
        listing_tables(head_of_compound(400, 320)) + tables_of(lambda at: 400 if at == 500 else at + 1), b"\0"
    )


def listing_tables(head):
    """The first 109 sectors are the tables, which is as many as the head can name."""
    return head[:76] + struct.pack("<109I", *range(109))


def doc_of_entries():
    """A directory of 150,000 streams, as a tree."""
    count = (SIZE - 330 * SECTOR) // 128 // 4 * 4
    names = (
        entry(f"{at:x}", STREAM, left=2 * at if 2 * at < count else NOTHING, right=min(2 * at + 1, count - 1))
        for at in range(1, count)
    )
    directory = entry("Root Entry", ROOT, child=1, start=FREE) + b"".join(names)
    tables = tables_of(lambda at: at + 1)[: 109 * SECTOR]
    return (listing_tables(head_of_compound(109, 109)) + tables + directory)[:SIZE]


def doc_of_small_tables():
    """Says that it has two thousand million sectors of tables for its small streams, in a circle."""
    content = bytearray(compound(doc_parts()))
    struct.pack_into("<I", content, 64, 0x7FFFFFFF)
    return bytes(content)


def doc_of_far_tables():
    """Says that its tables are named in a million sectors, which lead to each other."""
    return filled(head_of_compound(1, 0x7FFFFFFF, _68=1, _72=0x1020408), b"\1\0\0\0")


def doc_of_root():
    """Its small streams lie in one of four thousand million bytes, in a circle of one sector."""
    content = bytearray(compound(doc_parts()))
    at = content.index("Root Entry".encode("utf-16-le"))
    struct.pack_into("<I", content, at + 120, 0xFFFFFFF0)
    return bytes(content)


def html():
    return filled(HTML, b"<p>a")
