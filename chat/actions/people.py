"""What changes of people and devices mean for chats: the rooms below announce them, these apply them."""

from datetime import datetime

from django.db import transaction

from chat import events
from chat.actions.deadlines import end_cut_off, settle
from chat.actions.requests import end_if_busy
from chat.actions.tickets import open_due_tickets
from chat.models import ChatSession, Sweep
from chat.querysets import ChatQuerySet
from devices.models import Device
from tickets.actions import adopt_contact as give_ticket_its_contact


def device_changed(device_id: int, now: datetime) -> None:
    """Another contact or a revoked link ends the device's open chat; a first contact becomes its contact (D4)."""
    on_device = ChatSession.objects.on_device(device_id)
    end_cut_off(on_device, now)
    adopt_contacts(on_device, now)


def technician_changed(technician_id: int, now: datetime) -> None:
    """A disabled technician's open chats end (D2); who went *Unavailable* is no longer waited for (D1)."""
    end_cut_off(ChatSession.objects.filter(technician_id=technician_id), now)
    end_busy(now)


def adopt_contacts(chats: ChatQuerySet, now: datetime) -> None:
    """Open chats without a contact get the one who confirmed an identity on their device meanwhile."""
    nameless = chats.open().filter(contact=None, device__contact__isnull=False)
    for chat in nameless.select_related("device__contact"):
        _adopt(chat, chat.device, now)


@transaction.atomic
def _adopt(chat: ChatSession, device: Device, now: datetime) -> None:
    nameless = ChatSession.objects.open().filter(pk=chat.pk, contact=None)
    if device.contact is None or not nameless.update(contact=device.contact):
        return
    fresh = ChatSession.objects.shown().get(pk=chat.pk)
    if fresh.ticket is not None:
        give_ticket_its_contact(fresh.ticket, device.contact, now)
    events.head_changed(fresh)
    events.opened(fresh)


def end_busy(now: datetime) -> int:
    """End the requests that every available technician has declined (D1); returns how many."""
    busy = ChatSession.objects.waiting(now).declined_by_all().shown()
    return sum(end_if_busy(chat, now) for chat in busy)


def sweep(now: datetime) -> None:
    """Everything that time does, at once; safe to run twice, late, or never for a while (N4)."""
    everything = ChatSession.objects.all()
    settle(everything, now)
    end_cut_off(everything, now)
    adopt_contacts(everything, now)
    end_busy(now)
    open_due_tickets(now)
    _give_sign_of_life(now)


def _give_sign_of_life(now: datetime) -> None:
    """For whoever watches: the jobs run, and what is due is done."""
    if not Sweep.objects.stale(now).update(ended_at=now):
        Sweep.objects.get_or_create(pk=1, defaults={"ended_at": now})
