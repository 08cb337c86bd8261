"""What a form with files asks."""

from django import template

from accounts.models import Installation
from tickets.models import Ticket

register = template.Library()


@register.filter
def may_send(installation: Installation, side: str) -> bool:
    """Whether "contact" or "technician" may send files of any type at all."""
    return bool(installation.allowed_types(is_contact=side == "contact"))


@register.filter
def reply_place(ticket: Ticket) -> str:
    """The word by which the scripts know the files, and the draft, of a reply in this ticket (static/js/uploads.js)."""
    return f"reply-{ticket.number}"
