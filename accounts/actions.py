"""What can happen to people and settings: the only writer of their rows."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import F, QuerySet

from accounts import events
from accounts.keys import hashed, matches, new_digits
from accounts.models import Contact, Customer, Installation, SetupCode, Technician, Theme


class SetupClosed(Exception):
    """There is an admin already."""


class WrongCode(Exception):
    """The one-time code is not the one that the server printed."""


class LastAdmin(Exception):
    """Nobody would be left who may change people and settings."""


def set_availability(technician: Technician, *, is_available: bool) -> None:
    """S13: whether new requests ring for this person. Open chats go on (D2)."""
    with transaction.atomic():
        was_anybody = Technician.objects.available().exists()
        Technician.objects.filter(pk=technician.pk).update(is_available=is_available)
        technician.is_available = is_available
        events.technician_changed(technician)
        if Technician.objects.available().exists() != was_anybody:
            # The first who comes, or the last who goes.
            events.help_changed()


def set_theme(technician: Technician, theme: Theme) -> None:
    Technician.objects.filter(pk=technician.pk).update(theme=theme)
    technician.theme = theme


def set_language(person: Technician | Contact, language: str) -> None:
    """In which language this person reads; blank for what their browser asks for (D12)."""
    # A request hands out its person wrapped: `type` would be the wrapper.
    person._meta.model._default_manager.filter(pk=person.pk).update(language=language)
    person.language = language


def add_technician(technician: Technician) -> None:
    """Store somebody new, with the password that is set on them."""
    with transaction.atomic():
        technician.save(force_insert=True)
        events.technician_changed(technician)


def save_technician(technician: Technician, changed: Collection[str]) -> None:
    """Store these fields as an admin changed them; who was disabled loses every open page at once (D2).

    Only these: the person may have switched their availability meanwhile. Raises LastAdmin.
    """
    with transaction.atomic():
        # Locked, so that two admins who switch each other off at once come one after the other.
        admins = list(
            Technician.objects.admins().select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
        )
        technician.save(update_fields=changed)
        if admins and not Technician.objects.admins().exists():
            raise LastAdmin
        events.technician_changed(technician)
        events.rights_changed(technician)
        if "is_active" in changed:
            events.help_changed()


def see_technician_page(technician_id: int, now: datetime) -> None:
    """A page of this technician is open; it says so every 15 seconds."""
    Technician.objects.filter(pk=technician_id).update(page_seen_at=now)


def close_technician_page(technician_id: int) -> None:
    """One page of this technician went; those that are still open say so at once."""
    Technician.objects.filter(pk=technician_id).update(page_seen_at=None)
    events.technician_page_closed(technician_id)


def save_customer(customer: Customer, changed: Collection[str]) -> None:
    """Store a new customer, or these fields of a known one."""
    with transaction.atomic():
        customer.save(update_fields=changed if customer.pk else None)
        events.installation_changed()
        events.help_changed()


def switch_agent(customers: QuerySet[Customer], *, is_on: bool) -> int:
    """Enable or disable the HelpDesk Agent of many customers at once; returns for how many that was a change."""
    with transaction.atomic():
        switched = Customer.objects.filter(pk__in=customers.values("pk"), has_agent=not is_on).update(has_agent=is_on)
        if switched:
            events.installation_changed()
            events.help_changed()
    return switched


def save_contact(contact: Contact, changed: Collection[str]) -> None:
    """Store a new contact, or these fields of a known one; another address is not confirmed yet."""
    with transaction.atomic():
        if "email" in changed:
            Contact.objects.filter(pk=contact.pk).exclude(email=contact.email).update(confirmed_at=None)
        contact.save(update_fields=changed if contact.pk else None)
        events.installation_changed()


def save_installation(installation: Installation, changed: Collection[str], now: datetime) -> None:
    """Store these settings; enabling chat for the first time starts the trial's clock (S3)."""
    with transaction.atomic():
        # Not the whole row: meanwhile a ticket may have taken the next number, or another admin changed the rest.
        installation.save(update_fields=changed)
        if Installation.objects.filter(pk=installation.pk, is_chat_enabled=True).exists():
            start_trial(now)
        events.installation_changed()
        events.help_changed()


def start_trial(now: datetime) -> None:
    """Chat is enabled or used for the first time: the 30 days run once, whatever the plan (D9)."""
    Installation.objects.filter(pk=1, trial_started_at=None).update(trial_started_at=now)


def next_ticket_number() -> int:
    """The next number, without gaps; inside the caller's transaction, which makes the others wait."""
    Installation.objects.current()
    Installation.objects.filter(pk=1).update(last_ticket_number=F("last_ticket_number") + 1)
    return Installation.objects.values_list("last_ticket_number", flat=True).get(pk=1)


def new_setup_code(now: datetime) -> str:
    """A fresh one-time code for the first admin; an older one is void.

    Raises SetupClosed when somebody can sign in already.
    """
    if Technician.objects.exists():
        raise SetupClosed
    # Long enough that nobody guesses it: wrong tries are not counted.
    code = new_digits(12)
    SetupCode.objects.update_or_create(pk=1, defaults={"code_hash": hashed(code, use="setup"), "created_at": now})
    return code


def make_first_admin(code: str, *, username: str, name: str, password: str) -> Technician:
    """Use up the code and make the first admin, *Unavailable* like every new technician.

    Raises SetupClosed, WrongCode, or ValidationError for a weak password.
    """
    first, _, last = name.partition(" ")
    admin = Technician(username=username, first_name=first, last_name=last, is_staff=True, is_superuser=True)
    validate_password(password, admin)
    admin.password = make_password(password)
    with transaction.atomic():
        row = SetupCode.objects.filter(pk=1).first()
        if row is None or Technician.objects.exists():
            raise SetupClosed
        if not matches(code, row.code_hash, use="setup"):
            raise WrongCode
        # The delete decides between two that come at once: only one of them finds the row.
        if not SetupCode.objects.filter(pk=1, code_hash=row.code_hash).delete()[0]:
            raise SetupClosed
        admin.save()
    return admin
