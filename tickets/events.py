"""What is announced about tickets, and to whom."""

from accounts.live import announce


def ticket_group(ticket_id: int) -> str:
    """Every page that shows one ticket, or the chat that belongs to it."""
    return f"ticket.{ticket_id}"


def ticket_changed(ticket_id: int) -> None:
    announce(ticket_group(ticket_id), {"type": "ticket.changed", "ticket": ticket_id})
