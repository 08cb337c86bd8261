"""Style, scripts and pictures: found where they lie, and addressed by what they hold all together.

The version stands before the name (`/static/3f2a…/css/portal.css`), so that what a style sheet or a script names
beside itself has it too. No `collectstatic` stands between a change and the page, and no list of names can be stale.
Where nginx shall send them, `collectstatic` puts each version into a folder of its own.
"""

import gzip
import hashlib
import mimetypes
import os
import re
from functools import cache, cached_property
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import find, get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.exceptions import SuspiciousFileOperation

VERSIONED = re.compile(r"([0-9a-f]{16})/(.+)", re.DOTALL)
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

    def __init__(self, path: Path, changed_at_ns: int) -> None:
        self.changed_at_ns = changed_at_ns
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


class VersionedStorage(StaticFilesStorage):
    """Gives `{% static %}` its addresses. With DEBUG they bear no version, so that every edit shows at once."""

    def path(self, name: str | os.PathLike[str]) -> str:
        return super().path(f"{version()}/{name}")

    def url(self, name: str | None) -> str:
        return super().url(name if settings.DEBUG or not name else f"{version()}/{name}")


@cache
def version() -> str:
    """What all files hold, in 16 characters; the same in every process that runs the same code."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            digest.update(f"{name}\0".encode())
            digest.update(hashlib.sha256(Path(storage.path(name)).read_bytes()).digest())
    return digest.hexdigest()[:16]


def asset(address: str) -> tuple[Asset | None, bool]:
    """The file at an address below `/static/`, as it is now, and whether the address can never mean anything else."""
    versioned = VERSIONED.fullmatch(address)
    if versioned is None:
        return _asset(address), False
    return _asset(versioned[2]), versioned[1] == version()


_assets: dict[Path, Asset] = {}


def _asset(name: str) -> Asset | None:
    try:
        path = Path(find(name) or "")
        changed_at_ns = path.stat().st_mtime_ns
        known = _assets.get(path)
        if known is None or known.changed_at_ns != changed_at_ns:
            known = _assets[path] = Asset(path, changed_at_ns)
    except (SuspiciousFileOperation, OSError, ValueError):
        return None
    return known
