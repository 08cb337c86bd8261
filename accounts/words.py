"""The vocabulary (S0): what customers and contacts are called here, wherever a text names them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields

from django.db import models
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _


class Vocabulary(models.TextChoices):
    MSP = "msp", _("Service provider: customers and contacts")
    IT = "it", _("IT department: sites and users")


@dataclass(frozen=True, slots=True)
class Words:
    customer: Promise
    customers: Promise
    Customer: Promise
    Customers: Promise
    contact: Promise
    contacts: Promise
    Contact: Promise
    Contacts: Promise


WORDS = {
    Vocabulary.MSP: Words(
        customer=_("customer"),
        customers=_("customers"),
        Customer=_("Customer"),
        Customers=_("Customers"),
        contact=_("contact"),
        contacts=_("contacts"),
        Contact=_("Contact"),
        Contacts=_("Contacts"),
    ),
    Vocabulary.IT: Words(
        customer=_("site"),
        customers=_("sites"),
        Customer=_("Site"),
        Customers=_("Sites"),
        contact=_("user"),
        contacts=_("users"),
        Contact=_("User"),
        Contacts=_("Users"),
    ),
}

# How the request that is served learns its vocabulary.
_asked: ContextVar[Callable[[], str] | None] = ContextVar("vocabulary", default=None)


@contextmanager
def speaking(vocabulary: Callable[[], str]) -> Iterator[None]:
    """What is shown in here names customers and contacts by `vocabulary`, which is called when a text needs it."""
    before = _asked.set(vocabulary)
    try:
        yield
    finally:
        _asked.reset(before)


def words_of(vocabulary: str) -> Words:
    """The words of a vocabulary, translated when they are shown."""
    return WORDS[Vocabulary(vocabulary)]


def _worded(text: str | Promise) -> str:
    # Outside a request, as where migrations are compared with the models, nobody has said how to speak.
    ask = _asked.get()
    words = words_of(ask() if ask else Vocabulary.MSP)
    return str(text) % {field.name: getattr(words, field.name) for field in fields(Words)}


# "Add a %(contact)s" → a text that says the word of this installation when it is shown; for what is written down once
# and read in every request, such as the names of models and fields.
worded = lazy(_worded, str)

customer, customers = worded("%(customer)s"), worded("%(customers)s")
contact, contacts = worded("%(contact)s"), worded("%(contacts)s")
