"""What a look into a file finds, besides that it is what it says."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Of a picture or a film its size in pixels, of a film or a sound its length; None where unknown."""

    width: int | None = None
    height: int | None = None
    seconds: int | None = None
