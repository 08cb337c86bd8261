"""Where libmagic comes from, and what happens where there is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.file_types import FileType
from helpdesk import checks
from tests.files import honest
from tickets.content import library
from tickets.content.examine import examine
from tickets.refusals import Refusal, Refused

ROOT = Path(__file__).resolve().parent.parent
NEITHER_AT_START = """
import sys, django
django.setup()
from django.core.checks import run_checks
from django.urls import get_resolver
get_resolver().url_patterns, run_checks()
assert not {"magic", "pylibmagic"} & set(sys.modules)
"""
LEAVES_NO_TRACE = """
import ctypes, os, sys
from pathlib import Path
before, opens = dict(os.environ), ctypes.CDLL.__init__
from tickets.content.library import mime_of
assert mime_of(Path(sys.argv[1])) == "image/png"
assert dict(os.environ) == before and ctypes.CDLL.__init__ is opens
"""


@pytest.fixture
def without_libmagic(monkeypatch):
    """As on a machine that has neither the wheel nor the library."""
    monkeypatch.setitem(sys.modules, "magic", None)
    monkeypatch.setattr(library, "BUNDLED", "no_such_package")
    monkeypatch.setattr(library, "find_library", lambda _name: None)
    library._load.cache_clear()
    yield
    library._load.cache_clear()


def python(code, *arguments):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)


def test_libmagic_is_loaded_with_the_first_file_and_not_at_the_start():
    ended = python(NEITHER_AT_START)

    assert ended.returncode == 0, ended.stderr.decode()


def test_loading_it_changes_nothing_for_other_libraries_and_programs(tmp_path):
    ended = python(LEAVES_NO_TRACE, str(honest("png", tmp_path)))

    assert ended.returncode == 0, ended.stderr.decode()


def test_a_file_is_not_taken_when_it_cannot_be_checked(without_libmagic, tmp_path):
    with pytest.raises(Refused) as refused:
        examine(honest("png", tmp_path), FileType.PNG)

    assert refused.value.reason == Refusal.NO_CHECK


def test_the_start_warns_when_no_file_can_be_checked(without_libmagic):
    assert [problem.id for problem in checks.check_files_can_be_checked()] == ["helpdesk.W003"]


def test_the_start_is_silent_when_files_can_be_checked():
    assert checks.check_files_can_be_checked() == []
