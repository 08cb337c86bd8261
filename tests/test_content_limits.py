"""Whatever a file is made of, it is decided soon, in little memory, and never by a crash."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.file_types import FileType, type_of
from tests.files import HONEST, big, compound, documents, films, heavy, put
from tickets.content.examine import examine
from tickets.refusals import Refused

MB = 1024 * 1024
HEAVY = [
    (writer, name.partition("_")[0])
    for name, writer in vars(heavy).items()
    if name.partition("_")[0] in HONEST and writer.__module__ == heavy.__name__
]
KINDS = {**HONEST, "fragmented": films.fragmented_mp4, "amended": documents.amended_pdf, "large": compound.short_doc}
CHANGES = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=0, max_size=6), st.integers(0, 6)),
    min_size=1,
    max_size=6,
)


def outcome(path, file_type):
    try:
        return examine(path, file_type)
    except Refused as refused:
        return refused.reason


@pytest.mark.parametrize(("writer", "kind"), HEAVY, ids=[writer.__name__ for writer, _kind in HEAVY])
@pytest.mark.timeout(30)
def test_a_file_made_to_take_long_does_not(writer, kind, tmp_path):
    path = put(writer(), tmp_path, "heavy")

    assert outcome(path, FileType(kind)) is not None


@pytest.mark.parametrize("kind", ["mp3", "mp4"])
def test_a_big_file_takes_little_memory(kind, tmp_path):
    assert memory_of(big(kind, tmp_path, 15), FileType(kind)) < 2 * MB


def test_a_package_is_never_unpacked_into_memory(tmp_path):
    path = put(heavy.docx_that_fills_the_budget(), tmp_path, "heavy.docx")

    assert memory_of(path, FileType.DOCX) < 8 * MB


def memory_of(path, file_type):
    """The most that Python held at once while it looked into a file. What C holds is not counted."""
    outcome(path, file_type)
    tracemalloc.start()
    try:
        outcome(path, file_type)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@settings(max_examples=400, deadline=None)
@given(kind=st.sampled_from(sorted(KINDS)), changes=CHANGES)
def test_a_file_with_random_changes_is_taken_or_refused(kind, changes, tmp_path_factory):
    content = bytearray(KINDS[kind]())
    for place, new, instead_of in changes:
        at = int(place * len(content))
        content[at : at + instead_of] = new
    path = put(content, tmp_path_factory.getbasetemp(), "changed")

    for file_type in {type_of(f"x.{kind}") or FileType.MP4, FileType.DOC, FileType.PDF}:
        assert outcome(path, file_type) is not None


@settings(max_examples=100, deadline=None)
@given(kind=st.sampled_from(sorted(HONEST)), place=st.floats(0.01, 0.99))
def test_a_file_cut_anywhere_is_refused(kind, place, tmp_path_factory):
    content = HONEST[kind]()
    cut = content[: int(place * len(content))]
    path = put(cut, tmp_path_factory.getbasetemp(), "cut")

    assert isinstance(outcome(path, type_of(f"x.{kind}")), str)
