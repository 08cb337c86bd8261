"""What can happen to devices, their launch links and the pages that are open on them."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from structlog.contextvars import bind_contextvars

from accounts.events import installation_changed
from accounts.keys import hashed, new_secret
from accounts.models import Contact, Customer, Technician
from devices import events
from devices.models import PAGE_GETS_OLD_AFTER, Device, LaunchLink, PageSession


class BadLink(Exception):
    """The launch link is not known, or was revoked."""


class NameTaken(Exception):
    """Another device of the customer is called so; capital and small letters do not tell names apart."""

    def __init__(self, device: Device) -> None:
        self.device = device


def add_device(device: Device, *, by: Technician, now: datetime) -> str:
    """Store a new device and return the secret of its launch link, which is shown once. Raises NameTaken."""
    with transaction.atomic():
        # Locked, so that a form that is sent twice at once adds one.
        Customer.objects.select_for_update(no_key=True).get(pk=device.customer_id)
        if other := Device.objects.filter(customer=device.customer_id).called(device.name).first():
            raise NameTaken(other)
        save_device(device)
        return new_launch_link(device, by=by, now=now)


def save_device(device: Device, changed: Collection[str] = ()) -> None:
    """Store a new device, or these fields of a known one. The contact is changed by `assign_contact` alone."""
    with transaction.atomic():
        if device.pk is None:
            device.save()
            installation_changed()
        else:
            device.save(update_fields=changed)
            events.device_changed(device.pk)


def assign_contact(device: Device, contact: Contact | None, now: datetime) -> bool:
    """Say who sits at this device; True when that took it from somebody else.

    Another contact ends the device's open chat and its page sessions (D4); the first one does not.
    """
    with transaction.atomic():
        before = Device.objects.select_for_update(no_key=True).values_list("contact_id", flat=True).get(pk=device.pk)
        after = contact.pk if contact else None
        if before == after:
            return False
        Device.objects.filter(pk=device.pk).update(contact=contact, contact_assigned_at=now)
        is_taken = before is not None
        if is_taken:
            _cut_off(device, now)
        events.device_changed(device.pk)
    device.contact, device.contact_assigned_at = contact, now
    return is_taken


def new_launch_link(device: Device, *, by: Technician | None, now: datetime) -> str:
    """Make the device's launch link anew and return its secret, which is shown once; the old one is void."""
    secret = new_secret()
    with transaction.atomic():
        if LaunchLink.objects.live().filter(device=device).update(revoked_at=now):
            _cut_off(device, now)
        LaunchLink.objects.create(device=device, secret_hash=hashed(secret, use="launch"), made_by=by, created_at=now)
        events.device_changed(device.pk)
    return secret


def revoke_launch_link(device: Device, now: datetime) -> None:
    """The device's pages close and its open chat ends; a new link is needed to come back (D2)."""
    with transaction.atomic():
        LaunchLink.objects.live().filter(device=device).update(revoked_at=now)
        _cut_off(device, now)
        events.device_changed(device.pk)


def _cut_off(device: Device, now: datetime) -> None:
    Device.objects.filter(pk=device.pk).update(cut_off_at=now, page_seen_at=None)
    PageSession.objects.filter(device=device, ended_at=None).update(ended_at=now)


def open_page(secret: str, *, known: PageSession | None, now: datetime) -> tuple[PageSession, str | None]:
    """Let a browser in by its launch link; returns its page session and the cookie's new secret.

    A browser that is in already (`known`) keeps its page session, with no new secret, unless that is old.
    Raises BadLink.
    """
    link = LaunchLink.objects.live().filter(secret_hash=hashed(secret, use="launch")).first()
    if link is None:
        raise BadLink
    LaunchLink.objects.filter(pk=link.pk).update(last_used_at=now)
    if known is not None and known.link_id == link.pk and known.created_at > now - PAGE_GETS_OLD_AFTER:
        return known, None
    return start_page(link.device, link=link, now=now)


def start_page(device: Device, *, link: LaunchLink | None, now: datetime) -> tuple[PageSession, str]:
    """A new page session on a device, and the secret for its cookie. Only the demo has no link."""
    secret = new_secret()
    page = PageSession.objects.create(device=device, link=link, secret_hash=hashed(secret, use="page"), created_at=now)
    return page, secret


def find_page(secret: str, now: datetime) -> PageSession | None:
    """The live page session of a cookie, with its device, contact and customer."""
    if not secret:
        return None
    found = PageSession.objects.live(now).select_related("device__customer", "device__contact")
    page = found.filter(secret_hash=hashed(secret, use="page")).first()
    if page:
        # Whoever asks this acts as that device: what is logged from here on says so.
        bind_contextvars(device=page.device_id)
    return page


def see_page(device_id: int, now: datetime) -> None:
    """A page on this device is open; it says so every 15 seconds."""
    Device.objects.filter(pk=device_id).update(page_seen_at=now, last_seen_at=now)


def close_page(device_id: int) -> None:
    """One page on this device went; those that are still open say so at once."""
    Device.objects.filter(pk=device_id).update(page_seen_at=None)
    events.page_closed(device_id)


def forget_pages(now: datetime) -> None:
    """Remove page sessions that are long over, and the tokens that were mailed from them."""
    PageSession.objects.over(now).delete()
