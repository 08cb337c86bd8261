"""What is announced about tickets, and to whom."""

from accounts.live import announce


def ticket_group(number: int) -> str:
    """Every page that shows one ticket, or a chat that belongs to it."""
    return f"ticket.{number}"


def ticket_changed(number: int) -> None:
    announce(ticket_group(number), {"type": "ticket.changed", "number": number})
