"""The vocabulary (S0): what customers and contacts are called here."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Vocabulary


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


def words_of(vocabulary: str) -> Words:
    """The words of a vocabulary, translated when they are shown."""
    return WORDS[Vocabulary(vocabulary)]
