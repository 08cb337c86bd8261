"""The first day: what is left to do before the first chat. Every step is ticked by what is there, never by a flag."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import PLANS_WITH_CHAT, TRIAL_LASTS, Customer, Installation, Technician
from chat.models import ChatSession
from chat.outcomes import in_words, quiet_in_words
from devices.models import Device, LaunchLink


@dataclass(frozen=True)
class Step:
    """One thing to do, in its place."""

    number: int
    name: str
    is_done: bool
    # The first one that is left.
    is_now: bool


@dataclass(frozen=True)
class FirstDay:
    """What the page of the first day shows."""

    heading: str
    steps: list[Step]
    # The first customer with its counts, the first device that can chat, and a Mac where there is none.
    customer: Any
    device: Device | None
    mac: Device | None
    has_link: bool
    is_page_open: bool
    plan: str
    is_chat_included: bool
    limits: dict[str, str]

    @property
    def is_ready(self) -> bool:
        return all(step.is_done for step in self.steps)


def first_day(technician: Technician, installation: Installation, now: datetime) -> FirstDay | None:
    """The first day as this technician sees it; nothing any more once a chat was talked and has ended."""
    if ChatSession.objects.talked_out().exists():
        return None
    device = _first_device()
    mac = None if device else Device.objects.order_by("pk").first()
    customer = _first_customer(device)
    # In the demonstration every device opens by an address of its own.
    has_link = settings.DEMO or LaunchLink.objects.live().filter(device=device).exists()
    done = {
        "available": technician.is_available,
        "customer": customer is not None,
        "device": device is not None and has_link,
        "contacts": _may_start(installation, customer, now),
    }
    return FirstDay(
        heading=_heading(technician.first, list(done.values()).count(False)),
        steps=_steps(done),
        customer=customer,
        device=device,
        mac=mac,
        has_link=has_link,
        is_page_open=device is not None and device.has_page_open(now),
        plan=_plan(installation, now),
        is_chat_included=installation.includes_chat(now),
        limits=_limits(),
    )


def _first_device() -> Device | None:
    """The first one that can chat, one with a launch link before the others."""
    link = LaunchLink.objects.live().filter(device=OuterRef("pk"))
    return Device.objects.shown().able_to_chat().order_by(Exists(link).desc(), "pk").first()


def _first_customer(device: Device | None) -> Any:
    """Whose device it is; without one, the first."""
    customers = Customer.objects.counted().order_by("pk")
    return customers.filter(pk=device.customer_id).first() if device else customers.first()


def _may_start(installation: Installation, customer: Customer | None, now: datetime) -> bool:
    """Whether the contacts there can start chats themselves: all that PRODUCT.md's table wants of the settings."""
    is_on = installation.is_chat_enabled and installation.includes_chat(now)
    return is_on and customer is not None and customer.has_agent


def _steps(done: dict[str, bool]) -> list[Step]:
    now = next((name for name, is_done in done.items() if not is_done), "")
    return [Step(number, name, done[name], name == now) for number, name in enumerate(done, 1)]


def _heading(name: str, left: int) -> str:
    words = {
        0: _("Welcome, %(name)s. Everything is ready for your first chat"),
        1: _("Welcome, %(name)s. One step to your first chat"),
        2: _("Welcome, %(name)s. Two steps to your first chat"),
        3: _("Welcome, %(name)s. Three steps to your first chat"),
        4: _("Welcome, %(name)s. Four steps to your first chat"),
    }
    return words[left] % {"name": name}


def _plan(installation: Installation, now: datetime) -> str:
    """Whether chat is part of the plan, or for how long it can be tried (S3)."""
    names: dict[str, Any] = {"plan": installation.get_plan_display()}
    if installation.plan in PLANS_WITH_CHAT:
        return _("%(plan)s plan: chat is included") % names
    days = installation.trial_days_left(now)
    if days is None:
        all_days = TRIAL_LASTS // timedelta(days=1)
        return _("%(plan)s plan: chat can be tried for %(days)s days") % (names | {"days": all_days})
    if not days:
        return _("%(plan)s plan: chat is not part of it") % names
    words = ngettext("%(plan)s plan: %(days)s day of trial left", "%(plan)s plan: %(days)s days of trial left", days)
    return words % (names | {"days": days})


def _limits() -> dict[str, str]:
    """The limits of this installation, as one says them."""
    return {
        "ring": in_words(settings.CHAT_ANSWER_WITHIN),
        "ticket": in_words(settings.CHAT_TICKET_AFTER),
        "quiet": quiet_in_words(settings.CHAT_IDLE_AFTER),
        "warning": in_words(settings.CHAT_IDLE_WARNING),
    }
