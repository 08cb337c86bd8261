"""What can happen to chats: one verb each, the only writers of their rows.

Each takes `now`, checks by the update itself, and announces after commit.
"""

from chat.actions.conversation import EmptyMessage, LongMessage, end, keep_open, post, seen
from chat.actions.deadlines import end_cut_off, settle
from chat.actions.files import may_post, post_file
from chat.actions.from_ticket import device_of, start_from_ticket
from chat.actions.people import adopt_contacts, device_changed, end_busy, sweep, technician_changed
from chat.actions.requests import accept, asks_too_often, cancel, decline, request_chat, shown
from chat.actions.signs import tell_pages_changed, tell_typing
from chat.actions.tickets import NoTicket, make_ticket, name_ticket, open_due_tickets

__all__ = [
    "EmptyMessage",
    "LongMessage",
    "NoTicket",
    "accept",
    "adopt_contacts",
    "asks_too_often",
    "cancel",
    "decline",
    "device_changed",
    "device_of",
    "end",
    "end_busy",
    "end_cut_off",
    "keep_open",
    "make_ticket",
    "may_post",
    "name_ticket",
    "open_due_tickets",
    "post",
    "post_file",
    "request_chat",
    "seen",
    "settle",
    "shown",
    "start_from_ticket",
    "sweep",
    "technician_changed",
    "tell_pages_changed",
    "tell_typing",
]
