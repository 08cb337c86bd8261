"""By what a list is sorted, as its address says: `?sort=-seen`. The heading of a column is a link that turns it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable, OrderBy
from django.utils.functional import Promise


@dataclass(frozen=True)
class Column:
    """One column: its heading, its style, and what it is sorted by. Some are read from the top first.

    Where no row lacks the value, an index can be read in its order.
    """

    heading: str | Promise
    style: str
    by: Combinable
    is_downward: bool = False
    is_never_empty: bool = False


@dataclass(frozen=True)
class Heading:
    """A column's heading as a link: how the list is sorted by it now, and how a press would sort it."""

    name: str
    column: Column
    sorted: str
    next: str


class Sorting:
    """The columns of a list by name, and the one that was asked for; `default` where that makes no sense."""

    def __init__(self, columns: Mapping[str, Column], asked: str, *, default: str) -> None:
        self.columns = columns
        self.asked = asked if asked.removeprefix("-") in columns else default

    def order(self, rows: Any, *then: str) -> Any:
        """The rows in that order, equal ones by `then`; adds `order`. Without a value a row stands at the end."""
        column = self.columns[self.asked.removeprefix("-")]
        at_the_end = None if column.is_never_empty else True
        order = OrderBy(F("order"), descending=self.asked.startswith("-"), nulls_last=at_the_end)
        found: QuerySet[Any] = rows.annotate(order=column.by)
        return found.order_by(order, *then)

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(name, column) for name, column in self.columns.items()]

    def _heading(self, name: str, column: Column) -> Heading:
        first, second = (f"-{name}", name) if column.is_downward else (name, f"-{name}")
        now = {name: "ascending", f"-{name}": "descending"}.get(self.asked, "")
        return Heading(name, column, now, second if self.asked == first else first)
