"""libmagic: what a file is by the thousands of signatures that people have gathered.

The one place that imports it, and only when the first file comes: its signatures take some 10 MB. It holds the file
it looks at, 20 MB at most, and one file at a time.
"""

import ctypes
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from accounts.file_types import BYTES_PER_MB, HARD_LIMIT_MB
from tickets.refusals import Refusal, Refused

# Of libmagic's parameters the one that says how much of a file it reads; by itself it stops after 1 MB.
MAGIC_PARAM_BYTES_MAX = 6
BUNDLED = "pylibmagic"

log = logging.getLogger(__name__)
_loading = Lock()


def mime_of(path: Path) -> str:
    """The MIME type that libmagic gives to the whole file, "" where it stumbles over it.

    Raises Refused(NO_CHECK) where there is no libmagic.
    """
    asked = _asked()
    with path.open("rb") as file:
        try:
            return str(asked.from_descriptor(file.fileno()))
        except Exception as reason:
            log.info("libmagic stumbled: %r", reason)
            return ""


def is_there() -> bool:
    """Whether libmagic can be found, without loading it."""
    return bool(find_spec(BUNDLED) or find_library("magic"))


def _asked() -> Any:
    with _loading:
        try:
            return _load()
        except Exception as reason:
            log.exception("libmagic cannot be loaded, so no file can be checked.")
            raise Refused(Refusal.NO_CHECK) from reason


@cache
def _load() -> Any:
    with _bundled_library():
        asked = import_module("magic").Magic(mime=True)
    asked.setparam(MAGIC_PARAM_BYTES_MAX, HARD_LIMIT_MB * BYTES_PER_MB)
    return asked


@contextmanager
def _bundled_library() -> Iterator[None]:
    """Let python-magic find the library in the wheel, where there is one, and leave no trace of how.

    To import pylibmagic changes how ctypes opens every library, and the paths that every program started later looks
    for its libraries in.
    """
    if not find_spec(BUNDLED):
        yield
        return
    opens, environment = ctypes.CDLL.__init__, dict(os.environ)
    try:
        import_module(BUNDLED)
        yield
    finally:
        ctypes.CDLL.__init__ = opens  # type: ignore[method-assign]
        for name in set(os.environ) - set(environment):
            del os.environ[name]
        os.environ.update(environment)
