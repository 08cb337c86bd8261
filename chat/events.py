"""What is announced about chats, and to whom. Called by actions only; sent after commit."""

from accounts.events import TECHNICIANS, technician_group
from accounts.live import announce, ring
from chat.facts import head, told
from chat.models import ChatEvent, ChatSession
from chat.viewers import Side
from devices.events import device_group
from tickets.events import ticket_changed


def chat_group(chat_id: int) -> str:
    """Every page that shows this chat live."""
    return f"chat.{chat_id}"


def happened(chat: ChatSession, event: ChatEvent) -> None:
    """A line was added to the log: told to every page that shows the chat."""
    announce(chat_group(chat.pk), {"type": "chat.event", "facts": told(event, chat), "head": head(chat)})


def head_changed(chat: ChatSession) -> None:
    """Marks, deadlines or who has seen it changed, without a line in the log."""
    announce(chat_group(chat.pk), {"type": "chat.head", "head": head(chat)})


def opened(chat: ChatSession) -> None:
    """A chat is now carried by the pages of its technician and of its device."""
    message = {"type": "chat.opened", "chat": chat.pk}
    announce(device_group(chat.device_id), message)
    if chat.technician_id:
        announce(technician_group(chat.technician_id), message)
    if chat.ticket is not None:
        ticket_changed(chat.ticket.number)


def pages_changed(chat_id: int, side: Side) -> None:
    """A page of one side opened or closed: the other side reads it beside the name."""
    ring(chat_group(chat_id), {"type": "chat.pages", "chat": chat_id, "side": side.value})


def typing(chat_id: int, side: Side) -> None:
    ring(chat_group(chat_id), {"type": "chat.typing", "chat": chat_id, "side": side.value})


def rings(chat: ChatSession) -> None:
    """A contact asks: the pages of every technician look whether it rings for them (S14)."""
    announce(TECHNICIANS, {"type": "ring.changed", "chat": chat.pk})


def ring_over(chat: ChatSession) -> None:
    """A contact's request no longer rings; told with who took it, where somebody did."""
    announce(
        TECHNICIANS,
        {
            "type": "ring.over",
            "chat": chat.pk,
            "contact": chat.contact.name if chat.contact else "",
            "device": chat.device.name,
            "technician": chat.technician_id,
            "name": chat.technician.name if chat.technician else "",
        },
    )


def declined(chat: ChatSession, technician_id: int) -> None:
    """One technician declined a request: it stops ringing on this person's pages only."""
    announce(technician_group(technician_id), {"type": "ring.changed", "chat": chat.pk})
