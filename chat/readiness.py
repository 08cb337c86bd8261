"""Whether a device is ready for a chat, line by line, and what that means in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import PLANS_WITH_CHAT, Installation
from chat.rules import Reason, refusal_for_contact, refusal_for_technician
from devices.models import Device


@dataclass(frozen=True)
class Line:
    is_ready: bool
    words: str


@dataclass(frozen=True)
class Readiness:
    lines: list[Line]
    conclusion: str
    may_technician_ask: bool


def readiness_of(device: Device, installation: Installation, now: datetime) -> Readiness:
    """The lines a technician checks before asking; `device` comes with its customer and contact (`shown()`)."""
    may_ask = refusal_for_technician(installation, device, now) is None
    lines = [_page(device, now), _agent(device), _switch(installation), _plan(installation, now)]
    if device.is_mac:
        lines.insert(0, Line(False, _("Chat is not available on Mac yet")))
    return Readiness(lines, _conclusion(device, installation, now, may_ask), may_ask)


def _page(device: Device, now: datetime) -> Line:
    if device.has_page_open(now):
        return Line(True, _("Page open on this device"))
    return Line(False, _("Page closed on this device"))


def _agent(device: Device) -> Line:
    names = {"customer": device.customer.name}
    if device.customer.has_agent:
        return Line(True, _("HelpDesk Agent is on for %(customer)s") % names)
    return Line(False, _("HelpDesk Agent is off for %(customer)s") % names)


def _switch(installation: Installation) -> Line:
    if installation.is_chat_enabled:
        return Line(True, _("Chat is switched on"))
    return Line(False, _("Chat is switched off"))


def _plan(installation: Installation, now: datetime) -> Line:
    names = {"plan": installation.get_plan_display()}
    if installation.plan in PLANS_WITH_CHAT:
        return Line(True, _("%(plan)s plan includes chat") % names)
    if installation.includes_chat(now):
        return Line(True, _("%(plan)s plan: chat is on trial") % names)
    return Line(False, _("%(plan)s plan does not include chat") % names)


def _conclusion(device: Device, installation: Installation, now: datetime, may_ask: bool) -> str:
    names = {"contact": device.contact.first if device.contact else ""}
    if not may_ask:
        return _("No chat is possible here. Tickets go on working.")
    refusal = refusal_for_contact(installation, device, now, is_somebody_available=True)
    if refusal is None:
        return _("%(contact)s can start a chat, and you can ask for one.") % names
    if refusal == Reason.IDENTITY:
        return _("You can ask for a chat. Who sits here confirms an e-mail address before starting one.")
    return _("You can ask for a chat. Nobody can start one from this device.")
