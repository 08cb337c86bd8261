"""Files that are not what their name says, or two things at once, or locked, or broken."""

import struct
from zlib import crc32

from tests.files.archives import jar, plain_zip
from tests.files.compound import SUMMARY, compound, doc_parts, msi, summary
from tests.files.documents import pdf, xls
from tests.files.films import mp4
from tests.files.pictures import gif, jpeg, png, webp
from tests.files.sounds import mp3

HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>\n'
SENTENCE = b"The printer on the second floor is out of paper.\n"


def text():
    return SENTENCE * 200


def exe():
    """The head of a program for Windows."""
    head = b"MZ".ljust(60, b"\0") + struct.pack("<I", 0x80)
    return head.ljust(0x80, b"\0") + b"PE\0\0" + struct.pack("<HH", 0x8664, 3) + bytes(2000)


def pdf_after_html():
    return HTML + pdf()


def pdf_before_html():
    return pdf() + HTML


def pdf_before_zip():
    return pdf() + plain_zip()


def pdf_in_zip_comment():
    """A zip whose comment ends as a PDF does, behind a PDF: each reader finds its own kind of end."""
    tail = b"\nstartxref\n0\n%%EOF\n"
    content = bytearray(pdf() + plain_zip())
    content[-2:] = struct.pack("<H", len(tail))
    return bytes(content) + tail


def gif_and_jar():
    return gif() + jar()


def png_and_html():
    return png() + HTML


def jpeg_and_zip():
    return jpeg() + plain_zip()


def jpeg_and_html():
    return jpeg() + HTML


def jpeg_and_picture_with_html():
    return jpeg() + jpeg() + HTML


def mp3_and_html():
    return mp3() + HTML


def mp3_and_zip():
    return mp3() + plain_zip()


def flipped_png():
    content = bytearray(png())
    content[len(content) // 2] ^= 1
    return bytes(content)


def huge_png():
    """Declares forty thousand pixels each way, in a few hundred bytes."""
    content = bytearray(png())
    content[16:24] = struct.pack(">II", 40_000, 40_000)
    content[29:33] = struct.pack(">I", crc32(content[12:29]))
    return bytes(content)


def doc_with_macros():
    return compound(doc_parts() | {"Macros": {"VBA": {"dir": bytes(500), "ThisDocument": bytes(5000)}}})


def locked_doc():
    return compound(doc_parts(flags=0x1200 | 0x0100))


def locked_package():
    """What Word and Excel make of a DOCX or an XLSX with a password."""
    return compound({"EncryptionInfo": bytes(200), "EncryptedPackage": bytes(9000), SUMMARY: summary(title="x")})


def book(*records):
    """A workbook that begins with these (kind, content)."""
    written = ((0x0809, b"\0\x06\5\0".ljust(16, b"\0")), *records, (0x0A, b""))
    return b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in written).ljust(5000, b"\0")


def locked_xls():
    return compound({"Workbook": book((0x2F, bytes(54)))})


def xls_with_macros():
    return compound({"Workbook": book(), "_VBA_PROJECT_CUR": {"VBA": {"dir": bytes(500)}}})


def xls_with_macro_sheet():
    return compound({"Workbook": book(macro_sheet())})


def macro_sheet():
    return 0x85, struct.pack("<IBB", 0, 0, 1) + b"\6\0Macro1"


def xls_with_two_books():
    return compound({"Book": book(), "Workbook": book(macro_sheet())})


def xls_with_late_macro_sheet():
    return compound({"Workbook": book(*[(0x1234, bytes(8000))] * 140, macro_sheet())})


def doc_and_xls():
    return compound(doc_parts() | {"Workbook": book()})


def truncated(content):
    """Its first two thirds."""
    return content[: len(content) * 2 // 3]


def xls_and_jar():
    return xls() + jar()


def msi_and_jar():
    """A signed installer stays signed with a jar behind it, and starts as one (CVE-2020-1464)."""
    return msi() + jar()


def mp4_and_zip():
    return mp4() + plain_zip()


def webp_and_html():
    return webp() + HTML


def heic_behind_film():
    """The brand of a film first, that of a picture among those it can be read as too."""
    return mp4().replace(b"iso2", b"heic", 1)


def jpeg_with_film():
    """A photo that moves, as phones write it."""
    return jpeg() + mp4()


def padded_jpeg():
    return jpeg() + b"\0" * 700 + b"\xff" * 20
