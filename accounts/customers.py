"""Adding customers and contacts, and mending contacts: what must not be there twice, and what a repeat is.

The rows are written by `accounts/actions.py`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from accounts import actions
from accounts.models import Contact, Customer


class NameTaken(Exception):
    """Another is called so already; capital and small letters do not tell names apart."""

    def __init__(self, name: str) -> None:
        self.name = name


class AddressTaken(Exception):
    """Somebody else at this customer has the e-mail address."""


@dataclass(frozen=True)
class Person:
    """What is typed about a contact."""

    name: str
    email: str = ""
    phone: str = ""


def add_customer(name: str, *, has_agent: bool) -> Customer:
    """A new customer. Raises NameTaken."""
    customer = Customer(name=name, has_agent=has_agent)
    try:
        with transaction.atomic():
            if other := Customer.objects.called(name).first():
                raise NameTaken(other.name)
            actions.save_customer(customer, ())
    except IntegrityError:
        # Somebody added it at the same moment.
        raise NameTaken(name) from None
    return customer


def add_contact(customer: Customer, person: Person) -> tuple[Contact, bool]:
    """A new contact of the customer, and True; the same person again is the one who is there, and False.

    Raises AddressTaken.
    """
    with transaction.atomic():
        # Locked, so that a form that is sent twice at once adds one.
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        if twin := customer.contacts.filter(name__iexact=person.name, email__iexact=person.email).first():
            return twin, False
        contact = Contact(customer=customer, name=person.name, email=person.email, phone=person.phone)
        _save(contact)
    return contact, True


def change_contact(contact: Contact, person: Person) -> None:
    """Mend what is known of a contact. Raises AddressTaken."""
    contact.name, contact.email, contact.phone = person.name, person.email, person.phone
    with transaction.atomic():
        _save(contact, ["name", "email", "phone"])


def _save(contact: Contact, changed: Collection[str] = ()) -> None:
    try:
        with transaction.atomic():
            actions.save_contact(contact, changed)
    except IntegrityError:
        raise AddressTaken from None
