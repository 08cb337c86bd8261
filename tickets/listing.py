"""A list of tickets as its address asks for it: `?view=mine&q=printer&sort=-priority&page=2`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, CharField, Count, F, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, Lower, NullIf
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Technician
from accounts.sorting import Column, Sorting
from accounts.text import clean_line
from accounts.words import worded
from tickets.models import UNFINISHED, Priority, Status, Ticket, TicketQuerySet, default_name

MAX_SEARCH_CHARS = 80
DEFAULT_VIEW = "open"
DEFAULT_SORT = "-updated"


def _rank(field: str, values: list[str]) -> Combinable:
    """The place of a choice among its choices, to sort by."""
    whens = (When(**{field: value}, then=Value(place)) for place, value in enumerate(values))
    return Case(*whens, default=Value(len(values)), output_field=IntegerField())


def _name() -> Combinable:
    title = NullIf(F("title"), Value(""))
    return Lower(Coalesce(title, Value(default_name()), output_field=CharField()))


def _columns() -> dict[str, Column]:
    person = Coalesce(F("contact__name"), NullIf(F("writer_name"), Value("")), output_field=CharField())
    assignee = Case(
        When(assignee=None, then=None),
        default=Concat("assignee__first_name", Value(" "), "assignee__last_name", "assignee__username"),
    )
    return {
        "number": Column(_("Number"), "number", F("number"), is_downward=True, is_never_empty=True),
        "title": Column(_("Title"), "title", _name()),
        "contact": Column(worded("%(Contact)s"), "contact", Lower(person)),
        "status": Column(_("Status"), "status", _rank("status", Status.values)),
        "priority": Column(_("Priority"), "priority", _rank("priority", Priority.values), is_downward=True),
        "assignee": Column(_("Assignee"), "person", Lower(assignee)),
        "updated": Column(_("Updated"), "seen", F("updated_at"), is_downward=True, is_never_empty=True),
    }


@dataclass(frozen=True)
class View:
    """One way to look at the tickets."""

    heading: Promise
    which: Q


def _views(technician: Technician) -> dict[str, View]:
    unfinished = Q(status__in=UNFINISHED)
    return {
        "mine": View(_("My open"), unfinished & Q(assignee=technician)),
        "unassigned": View(_("Not assigned"), unfinished & Q(assignee=None)),
        "open": View(_("All open"), unfinished),
        "pending": View(_("Pending"), Q(status=Status.PENDING)),
        "resolved": View(_("Resolved"), Q(status=Status.RESOLVED)),
        "closed": View(_("Closed"), Q(status=Status.CLOSED)),
        "all": View(_("All"), Q()),
    }


class Listing:
    """What one address of the list shows to a technician. What makes no sense in it counts as not given."""

    def __init__(self, asked: QueryDict, technician: Technician) -> None:
        self.views = _views(technician)
        self.sorting = Sorting(_columns(), str(asked.get("sort", "")), default=DEFAULT_SORT)
        view = str(asked.get("view", ""))
        self.view = view if view in self.views else DEFAULT_VIEW
        self.words = clean_line(str(asked.get("q", "")))[:MAX_SEARCH_CHARS].strip()

    @property
    def tickets(self) -> TicketQuerySet:
        found = Ticket.objects.filter(self.views[self.view].which).matching(self.words).shown()
        ordered: TicketQuerySet = self.sorting.order(found, "-number")
        return ordered

    @cached_property
    def tabs(self) -> list[tuple[str, View, int]]:
        """All views by name, each with the number of its tickets. One query for all."""
        counts = Ticket.objects.aggregate(**{name: Count("pk", filter=view.which) for name, view in self.views.items()})
        return [(name, view, counts[name]) for name, view in self.views.items()]

    @property
    def has_any(self) -> bool:
        return any(count for _name, _view, count in self.tabs)
