"""Documents, written by fpdf2, python-docx, openpyxl and xlwt."""

from functools import cache
from io import BytesIO

import fpdf
import xlwt
from docx import Document
from openpyxl import Workbook

from tests.files.pictures import png

SENTENCE = "The printer on the second floor is out of paper."


def started_pdf():
    document = fpdf.FPDF()
    document.add_page()
    document.set_font("Helvetica", size=12)
    document.cell(text=SENTENCE)
    return document


@cache
def pdf():
    document = started_pdf()
    document.image(BytesIO(png()), x=20, y=40)
    return bytes(document.output())


@cache
def locked_pdf():
    document = started_pdf()
    document.set_encryption(owner_password="owner", user_password="guess")
    return bytes(document.output())


@cache
def amended_pdf():
    """With a later change at its end, as signing and filling in do: a second cross-reference and a second end."""
    content = pdf()
    xref = content.rindex(b"startxref")
    before = content[xref:].split()[1]
    size = content[content.rindex(b"/Size") :].split()[1]
    root = content[content.rindex(b"/Root") :].split(b"\n")[0].split(b">>")[0]
    return content + (
        b"\nxref\n0 0\ntrailer\n<< /Size " + size + b" /Prev " + before + b" " + root + b" >>\n"
        b"startxref\n" + str(len(content) + 1).encode() + b"\n%%EOF\n"
    )


@cache
def docx():
    document = Document()
    document.add_heading("Paper")
    document.add_paragraph(SENTENCE)
    document.add_picture(BytesIO(png()))
    return saved(document)


@cache
def xlsx():
    book = Workbook()
    book.active.append(["floor", "paper"])
    book.active.append([2, SENTENCE])
    return saved(book)


@cache
def xls():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Paper")
    for row in range(60):
        sheet.write(row, 0, f"{row}: {SENTENCE}")
    return saved(book)


def saved(document):
    sink = BytesIO()
    document.save(sink)
    return sink.getvalue()


@cache
def pdf_for_the_web():
    """Its first part ends on its own, with a cross-reference for the first page, as a web server wants it."""
    content = pdf()
    first = content.index(b"1 0 obj")
    part = b"99 0 obj\n<< /Linearized 1 >>\nendobj\nxref\n0 0\ntrailer\n<< /Size 1 >>\nstartxref\n0\n%%EOF\n"
    return content[:first] + part + content[first:]


def padded_pdf():
    return pdf() + b"\r\n\0\0\0\n"


@cache
def long_xls():
    """Of several sheets, with streams that fill hundreds of sectors."""
    book = xlwt.Workbook()
    for number in range(5):
        sheet = book.add_sheet(f"Floor {number}")
        for row in range(2000):
            sheet.write(row, 0, f"{number} {row}: {SENTENCE}")
    return saved(book)
