"""Sound files are taken, whoever wrote them, and what a page needs to show them is found."""

import pytest

from accounts.file_types import FileType, type_of
from tests.files import HONEST, archives, big, compound, documents, films, honest, hostile, pictures, put, sounds
from tickets.content.examine import examine
from tickets.content.facts import Facts

A_PICTURE = Facts(width=64, height=48)
A_FILM = Facts(width=320, height=240, seconds=5)
A_SOUND = Facts(seconds=2)
FACTS = {
    **dict.fromkeys(("png", "jpeg", "jpg", "gif", "webp"), A_PICTURE),
    **dict.fromkeys(("pdf", "doc", "docx", "xls", "xlsx", "msi"), Facts()),
    "mp4": A_FILM,
    "mp3": A_SOUND,
}
VARIETIES = [
    # written by, under the name, found
    (pictures.jpeg, "SCREEN.JPG", A_PICTURE),
    (pictures.progressive_jpeg, "progressive.jpg", A_PICTURE),
    (pictures.jpeg_of_a_camera, "turned.jpeg", Facts(width=48, height=64)),
    (pictures.jpeg_with_more_pictures, "phone.jpg", A_PICTURE),
    (hostile.jpeg_with_film, "moving photo.jpg", A_PICTURE),
    (hostile.padded_jpeg, "padded.jpg", A_PICTURE),
    (pictures.moving_png, "moving.png", A_PICTURE),
    (pictures.moving_gif, "moving.gif", A_PICTURE),
    (pictures.moving_webp, "moving.webp", A_PICTURE),
    (pictures.lossless_webp, "lossless.webp", A_PICTURE),
    (films.mp4_ending_in_its_index, "camera.MP4", A_FILM),
    (films.fragmented_mp4, "fragments.mp4", Facts(width=320, height=240)),
    (films.upright_mp4, "phone.mp4", Facts(width=240, height=320, seconds=5)),
    (films.sound_in_mp4, "sound.mp4", Facts(seconds=1)),
    (sounds.bare_mp3, "frames.mp3", A_SOUND),
    (sounds.mp3_with_old_tag, "old tag.mp3", A_SOUND),
    (documents.amended_pdf, "signed.pdf", Facts()),
    (documents.pdf_for_the_web, "web.pdf", Facts()),
    (documents.padded_pdf, "padded.pdf", Facts()),
    (archives.streamed_docx, "streamed.docx", Facts()),
    (archives.docx_in_long_form, "long form.docx", Facts()),
    (archives.docx_with_spreadsheet, "spreadsheet inside.docx", Facts()),
    (documents.long_xls, "long.xls", Facts()),
    (compound.large_msi, "large.msi", Facts()),
    (compound.short_doc, "short.doc", Facts()),
]


@pytest.mark.parametrize("kind", HONEST)
def test_an_honest_file_of_each_kind_is_taken(kind, tmp_path):
    path = honest(kind, tmp_path)

    assert examine(path, type_of(path.name)) == FACTS[kind]


@pytest.mark.parametrize(("written", "name", "facts"), VARIETIES, ids=lambda value: value if type(value) is str else "")
def test_honest_files_come_in_many_forms(written, name, facts, tmp_path):
    assert examine(put(written(), tmp_path, name), type_of(name)) == facts


@pytest.mark.parametrize("kind", ["mp3", "mp4"])
def test_a_big_file_is_taken(kind, tmp_path):
    path = big(kind, tmp_path, 15)

    assert path.stat().st_size >= 15 * 1024 * 1024
    assert examine(path, FileType(kind)).seconds


def test_a_file_is_left_as_it_was(tmp_path):
    path = honest("docx", tmp_path)
    before = path.read_bytes()

    examine(path, FileType.DOCX)

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
