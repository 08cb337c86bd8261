"""Style, scripts and pictures: found where they lie, and addressed by their content.

No `collectstatic` stands between a change and the page, and no list of names can be missing or stale.
"""

import gzip
import hashlib
import mimetypes
from functools import cached_property, lru_cache
from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.exceptions import SuspiciousFileOperation

WORTH_PACKING = ("text/", "image/svg+xml", "application/json")
# Python asks the machine's own table, which may say otherwise than another machine's.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


class Asset:
    """One file as it is sent."""

    def __init__(self, path: Path) -> None:
        self.body = path.read_bytes()
        self.digest = hashlib.sha256(self.body).hexdigest()[:16]
        guess = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self.type = TYPES.get(path.suffix.lower(), guess)

    @cached_property
    def packed(self) -> bytes | None:
        """The body compressed, or nothing where that is not worth it."""
        if not self.type.startswith(WORTH_PACKING):
            return None
        packed = gzip.compress(self.body, mtime=0)
        return packed if len(packed) < len(self.body) else None


def asset(name: str) -> Asset | None:
    """The file of this name below `/static/`, as it is now."""
    try:
        path = _path(name)
        stat = path.stat()
    except (SuspiciousFileOperation, OSError, ValueError):
        return None
    return _asset(path, stat.st_mtime_ns, stat.st_size)


class ContentAddressedStorage(StaticFilesStorage):
    """Gives `{% static %}` addresses that change with the content, so that a browser may keep what it has."""

    def url(self, name: str | None) -> str:
        found = asset(name or "")
        return f"{super().url(name)}?v={found.digest}" if found else super().url(name)


@lru_cache(maxsize=1024)
def _path(name: str) -> Path:
    """Where the file lies. What is not there is not remembered: it may come while the server runs."""
    found = find(name)
    if not isinstance(found, str) or not Path(found).is_file():
        raise FileNotFoundError(name)
    return Path(found)


@lru_cache(maxsize=1024)
def _asset(path: Path, _changed_at_ns: int, _size: int) -> Asset:
    return Asset(path)
