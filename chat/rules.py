"""Who may chat: the table of PRODUCT.md, in the order of its columns, as functions of what is known."""

from datetime import datetime

from django.db import models

from accounts.models import Installation
from devices.models import Device


class Reason(models.TextChoices):
    """Why a chat is refused. The sentences are in `chat/words.py`."""

    PLAN = "plan"
    CHAT_OFF = "chat_off"
    AGENT_OFF = "agent_off"
    MAC = "mac"
    NOBODY_AVAILABLE = "nobody_available"
    IDENTITY = "identity"
    TOO_MANY = "too_many"
    OTHER_TECHNICIAN = "other_technician"
    OTHER_TICKET = "other_ticket"
    NO_DEVICE = "no_device"
    NOBODY_KNOWN = "nobody_known"
    OTHER_PERSON = "other_person"


# A device may ask this often in this many seconds; a person who tries again in earnest stays below it.
REQUESTS_IN_A_ROW = 12
REQUESTS_WITHIN_S = 600
# So many messages of one side in so many seconds nobody types; sockets have an allowance of their own.
MESSAGES_IN_A_ROW = 200
MESSAGES_WITHIN_S = 10


def refusal_for_technician(installation: Installation, device: Device, now: datetime) -> Reason | None:
    """Why a technician may not ask for a chat on this device; None when nothing is against it."""
    if not installation.includes_chat(now):
        return Reason.PLAN
    if device.is_mac:
        return Reason.MAC
    return None


def refusal_for_contact(
    installation: Installation, device: Device, now: datetime, *, is_somebody_available: bool
) -> Reason | None:
    """Why the person at this device may not ask for a chat; None when nothing is against it.

    The identity is asked last: nobody has to say who they are when nobody is free (D8).
    """
    if not installation.includes_chat(now):
        return Reason.PLAN
    if not installation.is_chat_enabled:
        return Reason.CHAT_OFF
    if not device.customer.has_agent:
        return Reason.AGENT_OFF
    if device.is_mac:
        return Reason.MAC
    if not is_somebody_available:
        return Reason.NOBODY_AVAILABLE
    if device.contact_id is None:
        return Reason.IDENTITY
    return None
