"""What a file is called where people read it and where they save it."""

import re

from accounts.text import clean_line

MAX_NAME_CHARS = 120
UNNAMED = "file"
# Windows takes these for parts of the computer.
DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
# What some system takes for a path, a pattern or a command.
_STRANGE = re.compile(r'[\\/:*?"<>|]')


def clean_name(name: str) -> str:
    """One line without a path, at most MAX_NAME_CHARS, that ends as the one that was given.

    Nothing in it turns the direction of reading, so that it ends as it looks.
    """
    line = clean_line(name.replace("\\", "/").rpartition("/")[2])
    stem, dot, ending = _STRANGE.sub("_", line).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = clean_line(stem.strip(" .")) or UNNAMED
    if stem.partition(".")[0].upper() in DEVICES:
        stem = f"_{stem}"
    return f"{stem[: MAX_NAME_CHARS - len(dot + ending)]}{dot}{ending}"[:MAX_NAME_CHARS]
