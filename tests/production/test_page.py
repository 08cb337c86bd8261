"""The page that the tests here play waits as long as the scripts do that people have."""

import re
from pathlib import Path

import pytest

from tests.production import feeds, link, live, people, seen, sender

SCRIPTS = Path(__file__).parent.parent.parent / "static" / "js"
PLAYED = {
    "link.js": (link, ["DEAD_AFTER", "OPENS_WITHIN", "FIRST_WAIT", "LONGEST_WAIT"]),
    "live.js": (live, ["POLL_AFTER", "POLL_EVERY"]),
    "feeds.js": (feeds, ["ASK_AGAIN"]),
    "sender.js": (sender, ["ANSWERED_WITHIN", "ANSWERED_LATE_WITHIN", "POST_AFTER", "WAIT_AFTER_FAILURE"]),
    "seen.js": (seen, ["APART", "POST_AFTER", "TELL_AGAIN", "WAIT_AFTER_REFUSAL"]),
}


def number(script, name):
    """A constant of a script."""
    found = re.search(rf"(?m)^const {name} = ([\d_]+);", (SCRIPTS / script).read_text())
    return int(found[1].replace("_", ""))


@pytest.mark.parametrize("script", PLAYED)
def test_the_page_waits_as_its_scripts_do(script):
    module, names = PLAYED[script]
    played = {name: getattr(module, f"{name}_S") * 1000 for name in names}
    assert played == {name: number(script, f"{name}_MS") for name in names}


def test_a_line_is_closed_for_the_reasons_that_its_script_knows():
    names = ["MUST_SIGN_IN", "RESTARTING", "TOO_FAST"]
    assert {name: getattr(link, name) for name in names} == {name: number("link.js", name) for name in names}
    assert number("sender.js", "LARGEST_FRAME_BYTES") == sender.LARGEST_FRAME_BYTES


def test_the_smaller_waits_are_those_of_the_scripts_too():
    assert number("feeds.js", "GRACE_MS") == live.GRACE_S * 1000
    assert number("http.js", "WITHIN_MS") == people.HURRIED_WITHIN_S * 1000
