"""Files that are not what their name says are refused, each for its reason."""

import pytest

from accounts.file_types import FileType, type_of
from tests.files import HONEST, archives, compound, documents, films, hostile, pictures, put
from tickets.content.examine import examine
from tickets.refusals import Refusal, Refused

EMPTY, MISMATCH, DAMAGED = Refusal.EMPTY, Refusal.MISMATCH, Refusal.DAMAGED
ENCRYPTED, MACROS, PACKED = Refusal.ENCRYPTED, Refusal.MACROS, Refusal.PACKED
VERDICTS = [
    # written by, under the name, refused as
    (archives.jar, "agent.docx", MISMATCH),
    (archives.plain_zip, "notes.docx", MISMATCH),
    (archives.plain_zip, "notes.xlsx", MISMATCH),
    (archives.docx_that_runs_as_jar, "agent.docx", MISMATCH),
    (archives.template, "template.docx", MISMATCH),
    (documents.xlsx, "paper.docx", MISMATCH),
    (documents.docx, "paper.xlsx", MISMATCH),
    (documents.docx, "paper.doc", MISMATCH),
    (documents.docx, "paper.pdf", MISMATCH),
    (compound.doc, "paper.docx", MISMATCH),
    (compound.msi, "agent.doc", MISMATCH),
    (compound.msi, "agent.xls", MISMATCH),
    (compound.doc, "paper.xls", MISMATCH),
    (documents.xls, "paper.doc", MISMATCH),
    (compound.doc, "paper.msi", MISMATCH),
    (hostile.doc_and_xls, "both.doc", MISMATCH),
    (hostile.exe, "agent.msi", MISMATCH),
    (hostile.exe, "agent.pdf", MISMATCH),
    (hostile.text, "notes.doc", MISMATCH),
    (hostile.msi_and_jar, "signed.msi", MISMATCH),
    (lambda: hostile.HTML, "page.pdf", MISMATCH),
    (hostile.pdf_after_html, "paper.pdf", MISMATCH),
    (hostile.pdf_before_html, "paper.pdf", MISMATCH),
    (hostile.pdf_before_zip, "paper.pdf", MISMATCH),
    (hostile.pdf_in_zip_comment, "paper.pdf", MISMATCH),
    (pictures.heic, "film.mp4", MISMATCH),
    (hostile.heic_behind_film, "film.mp4", MISMATCH),
    (films.webm, "film.mp4", MISMATCH),
    (films.quicktime, "film.mp4", MISMATCH),
    (hostile.mp4_and_zip, "film.mp4", MISMATCH),
    (hostile.gif_and_jar, "moving.gif", MISMATCH),
    (hostile.png_and_html, "screen.png", MISMATCH),
    (hostile.jpeg_and_zip, "screen.jpg", MISMATCH),
    (hostile.jpeg_and_html, "screen.jpg", MISMATCH),
    (hostile.jpeg_and_picture_with_html, "screen.jpg", MISMATCH),
    (hostile.webp_and_html, "screen.webp", MISMATCH),
    (pictures.png, "screen.jpg", MISMATCH),
    (pictures.jpeg, "screen.png", MISMATCH),
    (lambda: hostile.SVG, "screen.png", MISMATCH),
    (lambda: hostile.HTML, "moving.gif", MISMATCH),
    (lambda: b"GIF89a" + hostile.HTML, "moving.gif", DAMAGED),
    (hostile.text, "song.mp3", MISMATCH),
    (hostile.mp3_and_zip, "song.mp3", MISMATCH),
    (hostile.mp3_and_html, "song.mp3", DAMAGED),
    (lambda: b"ID3\4\0\0\0\0\0\0" + hostile.HTML, "song.mp3", DAMAGED),
    (hostile.flipped_png, "screen.png", DAMAGED),
    (archives.docx_without_its_document, "paper.docx", DAMAGED),
    (archives.docx_of_entities, "paper.docx", DAMAGED),
    (archives.lying_about_size, "paper.docx", DAMAGED),
    (lambda: hostile.SENTENCE + documents.docx(), "paper.docx", MISMATCH),
    (lambda: documents.docx() + hostile.HTML, "paper.docx", DAMAGED),
    (archives.with_gap, "paper.docx", DAMAGED),
    (documents.locked_pdf, "locked.pdf", ENCRYPTED),
    (hostile.locked_package, "locked.docx", ENCRYPTED),
    (hostile.locked_package, "locked.xlsx", ENCRYPTED),
    (hostile.locked_doc, "locked.doc", ENCRYPTED),
    (hostile.locked_xls, "locked.xls", ENCRYPTED),
    (archives.locked_member, "locked.docx", ENCRYPTED),
    (archives.docx_with_macros, "macros.docx", MACROS),
    (archives.docm, "macros.docx", MACROS),
    (archives.docx_with_macros_in_its_spreadsheet, "macros.docx", MACROS),
    (archives.xlsx_with_macros, "macros.xlsx", MACROS),
    (archives.xlsx_with_macro_sheet, "macros.xlsx", MACROS),
    (hostile.doc_with_macros, "macros.doc", MACROS),
    (hostile.xls_with_macros, "macros.xls", MACROS),
    (hostile.xls_with_macro_sheet, "macros.xls", MACROS),
    (hostile.xls_with_two_books, "plan.xls", MACROS),
    (hostile.xls_with_late_macro_sheet, "plan.xls", MACROS),
    (archives.flat_bomb, "bomb.docx", PACKED),
    (archives.crowded, "bomb.docx", PACKED),
    (archives.nested_bomb, "bomb.docx", PACKED),
    (archives.overlapping, "bomb.docx", PACKED),
    (hostile.huge_png, "bomb.png", PACKED),
]


def refusal_of(path, file_type):
    with pytest.raises(Refused) as refused:
        examine(path, file_type)
    return refused.value.reason


@pytest.mark.parametrize(
    ("written", "name", "reason"),
    VERDICTS,
    ids=[f"{getattr(written, '__name__', '')}-as-{name}" for written, name, _reason in VERDICTS],
)
def test_a_file_that_is_not_what_it_says_is_refused(written, name, reason, tmp_path):
    assert refusal_of(put(written(), tmp_path, name), type_of(name)) == reason


@pytest.mark.parametrize("kind", HONEST)
def test_a_cut_file_is_damaged(kind, tmp_path):
    path = put(hostile.truncated(HONEST[kind]()), tmp_path, f"cut.{kind}")

    assert refusal_of(path, type_of(path.name)) == DAMAGED


@pytest.mark.parametrize("kind", HONEST)
def test_an_empty_file_is_empty(kind, tmp_path):
    assert refusal_of(put(b"", tmp_path, "empty"), type_of(f"x.{kind}")) == EMPTY


@pytest.mark.parametrize("file_type", FileType)
@pytest.mark.parametrize(
    "content", [b"\0", b"\n", b"MZ", hostile.HTML, bytes(5000)], ids=["0", "line", "MZ", "HTML", "00"]
)
def test_something_else_is_no_type_at_all(file_type, content, tmp_path):
    assert refusal_of(put(content, tmp_path, "something"), file_type) == MISMATCH


@pytest.mark.parametrize("name", ["README", "pdf", "paper.", "paper.pdf.exe", "paper.html", ".htaccess"])
def test_a_name_without_a_type_of_ours_has_none(name):
    assert type_of(name) is None
