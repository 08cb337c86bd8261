"""Refusals in words, each for the person who reads it."""

from django.utils.translation import gettext as _

from chat.models import ChatSession
from chat.rules import REQUESTS_WITHIN_S, Reason
from chat.states import State
from chat.viewers import Side
from devices.models import Device


def refusal_words(reason: Reason, side: Side, chat: ChatSession | None = None, device: Device | None = None) -> str:
    """One or two sentences: why there is no chat, and what can be done now.

    OTHER_TECHNICIAN and OTHER_TICKET name people of `chat`, AGENT_OFF the customer of `device` and OTHER_PERSON its
    contact.
    """
    if side == Side.CONTACT:
        return _told_to_contact(reason, device)
    return _told_to_technician(reason, chat, device)


def _told_to_contact(reason: Reason, device: Device | None) -> str:
    match reason:
        case Reason.PLAN:
            return _("Chat is not part of this plan. You can create a ticket.")
        case Reason.CHAT_OFF:
            return _("Chat is switched off here. You can create a ticket.")
        case Reason.AGENT_OFF:
            customer = device.customer.name if device else _("this device")
            return _("Chat is not switched on for %(customer)s. You can create a ticket.") % {"customer": customer}
        case Reason.MAC:
            return _("Chat is not available on Mac yet. You can create a ticket.")
        case Reason.NOBODY_AVAILABLE:
            return _("Nobody is available now. Create a ticket and we answer by e-mail.")
        case Reason.IDENTITY:
            return _("Tell us who you are first.")
        case Reason.TOO_MANY:
            return _(
                "That was a lot of requests in a short time. Try again in %(minutes)s minutes, or create a ticket."
            ) % {"minutes": REQUESTS_WITHIN_S // 60}
    return _("A chat cannot start right now. You can create a ticket.")


def _told_to_technician(reason: Reason, chat: ChatSession | None, device: Device | None) -> str:
    match reason:
        case Reason.PLAN:
            return _("Chat is not part of this plan: it begins with Growth. Tickets go on working.")
        case Reason.MAC:
            return _("Chat is not available on Mac yet. You can write in a ticket instead.")
        case Reason.NO_DEVICE:
            return _("There is no device on which this person can be asked. Assign a device to the person first.")
        case Reason.NOBODY_KNOWN:
            return _("Nobody can be asked: no device is known.")
        case Reason.OTHER_PERSON if device and device.contact:
            return _other_person(device.contact.name, device.name)
        case Reason.OTHER_TECHNICIAN if chat and chat.technician:
            return _other_technician(chat)
        case Reason.OTHER_TICKET if chat and chat.ticket:
            names = {"contact": chat.contact_name, "number": chat.ticket.number}
            return _("The open chat with %(contact)s belongs to ticket #%(number)s.") % names
    return _("A chat cannot start right now. Look at the device's chats, or write in a ticket.")


def _other_person(contact: str, device: str) -> str:
    names = {"contact": contact, "device": device}
    return _("Nobody known wrote this ticket, and %(contact)s sits at %(device)s now. Ask on the device.") % names


def _other_technician(chat: ChatSession) -> str:
    names = {"technician": chat.technician.name if chat.technician else "", "contact": chat.contact_name}
    if chat.state == State.REQUESTED:
        return _("%(technician)s is asking %(contact)s for a chat right now.") % names
    return _("%(technician)s is chatting with %(contact)s already.") % names
