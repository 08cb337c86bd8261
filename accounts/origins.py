"""Other sites by their origins, as browsers compare them: "https://portal.example.com"."""

import re
from urllib.parse import urlsplit

MAX_ORIGINS = 20
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
# Only there a browser treats plain http as safe.
_THIS_MACHINE = {"localhost", "127.0.0.1"}


class StrangeOrigin(ValueError):
    """Not the origin of one site that is reached over TLS."""


def one_origin(typed: str) -> str:
    """The one form of an origin: scheme, host and a port that is not the usual one; a path behind it is left out.

    Raises StrangeOrigin, also for a pattern such as "*.example.com": each site is named.
    """
    try:
        parts = urlsplit(typed.strip())
        host = (parts.hostname or "").encode("idna").decode().lower()
        port = parts.port
    except ValueError:
        raise StrangeOrigin(typed) from None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _THIS_MACHINE)
    if not is_safe or not _HOST.fullmatch(host) or parts.username is not None:
        raise StrangeOrigin(typed)
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def read_origins(text: str) -> list[str]:
    """One origin a line, each once. Raises StrangeOrigin with the line that is none."""
    return list(dict.fromkeys(one_origin(line) for line in text.splitlines() if line.strip()))
