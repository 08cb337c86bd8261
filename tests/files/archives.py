"""Zip archives that are not what they say, changed from honest ones or written by hand."""

import struct
from functools import cache
from io import BytesIO
from random import Random
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile
from zlib import crc32

from tests.files.documents import docx, xlsx

MANIFEST = ("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\nMain-Class: Agent\n")
JAVA_CLASS = ("Agent.class", b"\xca\xfe\xba\xbe\0\0\0\x34")


def zipped(*members, method=ZIP_DEFLATED):
    """An archive of (name, content)."""
    sink = BytesIO()
    with ZipFile(sink, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return sink.getvalue()


def members_of(content):
    with ZipFile(BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def with_members(content, *more):
    return zipped(*members_of(content), *more)


def with_text(content, name, old, new):
    """The same archive with something replaced in one of its members."""
    changed = [(each, body.replace(old, new) if each == name else body) for each, body in members_of(content)]
    assert changed != members_of(content)
    return zipped(*changed)


def plain_zip():
    return zipped(("notes.txt", b"The printer is out of paper."))


def jar():
    return zipped(MANIFEST, JAVA_CLASS)


def docx_that_runs_as_jar():
    return with_members(docx(), MANIFEST, JAVA_CLASS)


def docx_with_macros():
    return with_members(docx(), ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(100)))


def xlsx_with_macros():
    return with_members(xlsx(), ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(100)))


def xlsx_with_macro_sheet():
    return with_members(xlsx(), ("xl/macrosheets/sheet1.xml", b"<macrosheet/>"))


def docm():
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return with_text(docx(), "[Content_Types].xml", main, b"application/vnd.ms-word.document.macroEnabled.main+xml")


def template():
    return with_text(docx(), "[Content_Types].xml", b"document.main+xml", b"template.main+xml")


def docx_with_spreadsheet():
    return with_members(docx(), ("word/embeddings/sheet1.xlsx", xlsx()))


def docx_with_macros_in_its_spreadsheet():
    return with_members(docx(), ("word/embeddings/sheet1.xlsm", xlsx_with_macros()))


def docx_without_its_document():
    return zipped(*[member for member in members_of(docx()) if member[0] != "word/document.xml"])


def docx_of_entities():
    """A list of contents with a document type, in which entities could multiply."""
    return with_text(docx(), "[Content_Types].xml", b"<Types", b'<!DOCTYPE Types [<!ENTITY a "aaaa">]><Types')


@cache
def flat_bomb():
    """One member that unpacks a thousand to one, 200 MB from 200 KB."""
    return with_members(docx(), ("word/media/image9.bmp", bytes(200 * 1024 * 1024)))


@cache
def crowded():
    return with_members(docx(), *((f"word/media/{number}.xml", b"") for number in range(5_000)))


@cache
def nested_bomb():
    """Archives in archives: each is small, together they fill a disk."""
    content = zipped(("0", bytes(15 * 1024 * 1024)))
    for _depth in range(3):
        content = zipped(*((f"{number}.zip", content) for number in range(16)), method=ZIP_STORED)
        content = zipped(("inner.zip", content))
    return with_members(docx(), ("word/embeddings/a.zip", content))


def locked_member():
    """The flag of encryption on a member, where it lies and in the directory."""
    content = bytearray(docx())
    content[6] |= 1
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def overlapping(count=50):
    """Entries that are all the same bytes: little in the file, and much when each is unpacked."""
    body = Random(1).randbytes(100_000)
    sizes = (crc32(body), len(body), len(body), 3, 0)
    head = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0, *sizes)
    directory = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, *sizes, 0, 0, 0, 0, 0) + b"%03d" % number
        for number in range(count)
    )
    start = 30 + 3 + len(body)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), start, 0)
    return head + b"000" + body + directory + end


def lying_about_size():
    """A member that unpacks to more than the directory says."""
    content = bytearray(with_members(docx(), ("word/media/big.bin", bytes(5_000_000))))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(content)


class Stream(BytesIO):
    """A sink that cannot go back, so that sizes are written behind the data."""

    def seekable(self):
        return False

    def seek(self, *_args):
        raise OSError


def streamed_docx():
    sink = Stream()
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for name, content in members_of(docx()):
            archive.writestr(name, content)
    return sink.getvalue()


def docx_in_long_form():
    """With an end of the directory in 64 bits, which some writers always use."""
    content = docx()
    end = content.rindex(b"PK\5\6")
    count, length, start = struct.unpack_from("<HII", content, end + 10)
    long_end = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, start)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    short = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return content[:end] + long_end + locator + short


def with_gap():
    """Something between the last entry and the directory that no reader of archives looks at."""
    content = docx()
    end = content.rindex(b"PK\5\6")
    count, length, start = struct.unpack_from("<HII", content, end + 10)
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, length, start + 30, 0)
    return content[:start] + b"<script>alert(1)</script>".ljust(30) + content[start:end] + tail
