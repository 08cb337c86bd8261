"""Who works in the data folder: one embedded server at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderInUse(Exception):
    """Another server has the folder; the message tells its process number."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the data folder, made when it is missing, until the block ends or the process does.

    Raises FolderInUse. The lock belongs to the process, so a server that was killed leaves none behind.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "serve.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise FolderInUse(file.read().strip()) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
