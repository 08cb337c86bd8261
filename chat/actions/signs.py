"""Signs that pass and are kept nowhere: typing, and pages that open and close."""

from chat import events
from chat.viewers import Viewer


def tell_typing(chat_id: int, viewer: Viewer) -> None:
    """The other side reads that somebody types; the caller knows that the chat is the viewer's own."""
    events.typing(chat_id, viewer.side)


def tell_pages_changed(chat_id: int, viewer: Viewer) -> None:
    """The other side's pages read again whether this side's are open."""
    events.pages_changed(chat_id, viewer.side)
