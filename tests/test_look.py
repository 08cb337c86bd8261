"""Icons that exist, and circles that tell people apart."""

import re

import pytest
from django.template import Context, Template

from accounts.templatetags.look import initials, tint
from tests.test_conventions import ROOT, files

SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))


def test_every_icon_that_a_template_names_is_drawn():
    named = {name for path in files("*.html") for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    assert named <= SYMBOLS


@pytest.mark.parametrize("name", ["js/portal.js", "js/agent.js", "js/parts.js", "js/agent_open.js"])
def test_a_page_asks_for_all_its_scripts_at_once(name):
    page = Template('{% load scripts %}{% script "' + name + '" %}').render(Context())
    asked = {address.rpartition("/")[2] for address in re.findall(r'(?:src|href)="([^"]+)"', page)}
    imported = {
        other
        for module in asked
        for other in re.findall(r'(?:from|import) "\./([^"]+)"', (ROOT / "static/js" / module).read_text())
    }
    assert asked == imported | {name.removeprefix("js/")}


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ann Keller", "AK"),
        ("Juan Carlos de la Cruz", "JC"),
        ("tina", "T"),
        ("  Ann   Keller ", "AK"),
        ("Ann (Accounts) Keller", "AK"),
        ("Ængla Öst", "ÆÖ"),
        ("李 明", "李明"),
        ("", "?"),
        ("<b>", "?"),
        (None, "?"),
    ],
)
def test_initials_are_the_first_letters_of_the_first_and_last_word(name, letters):
    assert initials(name) == letters


def test_neighbours_in_a_list_have_different_tints():
    assert {tint(pk) for pk in range(1, 7)} == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize("key", [7, "7", "", None, "c12", "²"])
def test_a_tint_is_one_of_six_and_stays(key):
    assert tint(key) == tint(key)
    assert tint(key) in range(1, 7)


def test_a_name_cannot_break_out_of_its_circle():
    drawn = Template("{% load look %}{% avatar name 1 %}").render(Context({"name": "<script> &amp"}))
    assert "<script" not in drawn
    assert ">?</span>" in drawn
