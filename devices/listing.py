"""A list of devices as its address asks for it: `?customer=3&contact=none&q=windows&sort=-seen&page=2`."""

from __future__ import annotations

from functools import cached_property

from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.sorting import Column, Sorting
from accounts.text import clean_line
from accounts.words import worded
from devices.models import Device, DeviceQuerySet

# What the address says of devices at which nobody is known to sit.
NOBODY = "none"


def _columns() -> dict[str, Column]:
    system = Coalesce(NullIf(F("system"), Value("")), F("platform"), output_field=CharField())
    return {
        "name": Column(_("Device"), "title", Lower("name")),
        "customer": Column(worded("%(Customer)s"), "place", Lower("customer__name")),
        "contact": Column(worded("%(Contact)s"), "place", Lower("contact__name")),
        "system": Column(_("System"), "person", Lower(system)),
        "state": Column(_("State"), "state", F("page_seen_at"), is_downward=True),
        "seen": Column(_("Last seen"), "when", F("last_seen_at"), is_downward=True),
    }


class Listing:
    """What one address of the list shows. What makes no sense in it counts as not given."""

    def __init__(self, asked: QueryDict) -> None:
        self.sorting = Sorting(_columns(), str(asked.get("sort", "")), default="customer")
        self.words = clean_line(str(asked.get("q", "")))
        self.is_nobody = asked.get("contact") == NOBODY
        self._customer = str(asked.get("customer", ""))

    @cached_property
    def customer(self) -> Customer | None:
        number = self._customer
        return Customer.objects.filter(pk=int(number[:9])).first() if number.isdecimal() else None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.customer or self.is_nobody)

    @property
    def devices(self) -> DeviceQuerySet:
        found = Device.objects.shown().matching(self.words)
        if self.customer:
            found = found.filter(customer=self.customer)
        if self.is_nobody:
            found = found.without_contact()
        ordered: DeviceQuerySet = self.sorting.order(found, "name", "pk")
        return ordered
