"""Whatever people and browsers send, it is made safe or refused (HAZARDS cases 24, 27)."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.text import clean_line, clean_text
from chat.frames import BadFrame, read_frame, uuid_of, whole
from chat.live_views import _since

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.text(alphabet=st.characters()))
def test_clean_text_keeps_what_can_be_shown_and_nothing_else(text):
    clean = clean_text(text)
    assert clean == clean_text(clean)
    assert all(mark in "\t\n" or unicodedata.category(mark) not in {"Cc", "Cs"} for mark in clean)
    assert [mark for mark in clean if mark.isalnum()] == [mark for mark in text if mark.isalnum()]


@pytest.mark.parametrize("nothing", ["\u200b", "\u2800", " \u3164\n", "\u2066\u2069", "\xad"])
def test_what_draws_nothing_is_empty(nothing):
    assert clean_text(nothing) == ""


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f469\u200d\U0001f4bb",
        "\U0001fae9",
        "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645",
        "a\u200bb",
    ],
)
def test_joiners_inside_words_and_new_signs_stay(text):
    assert clean_text(text) == text


@given(st.text())
def test_clean_line_is_one_line_that_turns_nothing_round(text):
    line = clean_line(text)
    assert line == clean_line(line)
    assert line == " ".join(line.split())
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text() | ANYTHING.map(json.dumps))
def test_a_frame_is_an_object_with_a_type_or_refused(text):
    try:
        frame = read_frame(text)
    except BadFrame:
        return
    assert isinstance(frame["type"], str)


@given(ANYTHING)
def test_a_number_is_a_number_that_a_database_takes_or_refused(value):
    try:
        number = whole(value)
    except BadFrame:
        return
    assert type(number) is int
    assert 0 <= number < 2**31


@given(ANYTHING)
def test_only_a_uuid_is_a_client_id(value):
    with pytest.raises(BadFrame):
        uuid_of({"client_id": value}, "client_id")


@given(st.text(alphabet="0123456789:,٣² -x", max_size=40))
def test_places_to_catch_up_from_are_numbers_or_refused(text):
    try:
        since = _since(text)
    except BadFrame:
        return
    assert all(0 <= number < 2**31 for pair in since.items() for number in pair)
