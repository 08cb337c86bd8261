"""How much room there is for files, and when a disk says that there is none."""

import errno
import shutil

from django.conf import settings

from accounts.file_types import BYTES_PER_MB

# What a disk that is full answers, a quota that is used up, and a limit of the process.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def has_room(size: int) -> bool:
    """Whether `size` more bytes leave FILES_KEEP_FREE_MB free where files come in and where they are kept."""
    free = []
    for folder in (settings.UPLOADS_DIR, settings.FILES_DIR):
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        free.append(shutil.disk_usage(folder).free)
    return min(free) - size >= settings.FILES_KEEP_FREE_MB * BYTES_PER_MB


def is_full(error: Exception) -> bool:
    """Whether this error says that there is no room; any other is a fault that somebody has to mend."""
    return isinstance(error, OSError) and error.errno in FULL
