"""Why something did not happen. Views and consumers turn these into status and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat.rules import Reason

if TYPE_CHECKING:
    from chat.models import ChatSession


class TooLate(Exception):
    """Somebody or the clock was first: read the chat again and show how it stands."""


class ClientIdTaken(Exception):
    """The same client id came from another author or with another text; the first one is kept."""


@dataclass
class NotAllowed(Exception):
    """A rule refuses it; `chat` is the one that is in the way, where there is one."""

    reason: Reason
    chat: ChatSession | None = None
