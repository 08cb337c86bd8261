"""The files that come with what somebody writes: a new ticket, a reply. The form names them by its inputs `file`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from tickets.attachments import actions
from tickets.attachments.actions import UNSENT_AT_ONCE
from tickets.attachments.models import Attachment, Uploader
from tickets.models import TicketEntry


@dataclass(frozen=True)
class Enclosed:
    """Files that were announced and sent before the form is."""

    keys: tuple[UUID, ...]
    by: Uploader

    def send(self, entry: TicketEntry, now: datetime) -> None:
        """Make them part of this line, in the transaction that writes it. Raises Refused when one is not there."""
        for key in self.keys:
            actions.send(key, by=self.by, now=now, entry=entry)

    def gone(self) -> list[UUID]:
        """Those that cannot be sent any more."""
        own = Attachment.objects.of(self.by)
        there = set(own.sendable().filter(key__in=self.keys).values_list("key", flat=True))
        return [key for key in self.keys if key not in there]

    def gone_in_words(self) -> list[str]:
        """A sentence for each that cannot be sent any more."""
        gone = self.gone()
        names = dict(Attachment.objects.of(self.by).filter(key__in=gone).values_list("key", "name"))
        unknown = _("One of the files is not there any more. Choose it again.")
        known = _("%(name)s is not there any more. Choose it again.")
        # One that was sent in this moment by the same form elsewhere has no name here.
        return [known % {"name": names[key]} if key in names else unknown for key in gone] or [unknown]


def enclosed(keys: Iterable[str], by: Uploader) -> Enclosed:
    """What a form's hidden inputs name, each file once. Raises BadRequest for what no form of ours sends."""
    try:
        found = tuple(dict.fromkeys(UUID(key) for key in keys))
    except ValueError:
        raise BadRequest("Not the key of a file.") from None
    if len(found) > UNSENT_AT_ONCE:
        raise BadRequest("More files than anybody can have sent.")
    return Enclosed(found, by)
