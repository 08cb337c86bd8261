"""The devices that *Select agent* offers for a contact: all of a few; of many the first, and a search."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from django.http import QueryDict

from accounts.models import Contact
from accounts.text import clean_line
from devices.models import Device, DeviceQuerySet

AT_MOST = 50
# So many are found faster by looking than by typing.
FEW = 8


class Choosing:
    """What the dialog shows: `?q=words&device=3`, where `device` is the one that is marked already."""

    def __init__(self, contact: Contact, asked: QueryDict, now: datetime) -> None:
        self.contact = contact
        self.words = clean_line(str(asked.get("q", "")))
        self._marked = str(asked.get("device", ""))
        self._now = now

    @property
    def _all(self) -> DeviceQuerySet:
        return Device.objects.shown().filter(customer=self.contact.customer)

    @cached_property
    def is_searchable(self) -> bool:
        return self._all.count() > FEW

    @cached_property
    def marked(self) -> Device | None:
        """The device that is chosen now: on top whatever is searched for, so that *Apply* says what it does."""
        if self._marked.isdecimal():
            return self._all.filter(pk=int(self._marked[:9])).first()
        return self._all.of_contact(self.contact).first()

    @cached_property
    def _found(self) -> list[Device]:
        others = self._all.exclude(pk=self.marked.pk) if self.marked else self._all
        return list(others.matching(self.words)[: AT_MOST + 1])

    @property
    def has_any(self) -> bool:
        """Whether there is a device at all, found or not."""
        return bool(self.rows or self.words)

    @property
    def has_more(self) -> bool:
        return len(self._found) > AT_MOST

    @property
    def is_unfound(self) -> bool:
        return bool(self.words) and not self._found

    @property
    def rows(self) -> list[tuple[Device, bool]]:
        """Each device, and whether its agent is online."""
        shown = [self.marked, *self._found[:AT_MOST]] if self.marked else self._found[:AT_MOST]
        return [(device, device.is_online(self._now)) for device in shown]
