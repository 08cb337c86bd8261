"""Who looks: the two kinds of people that chat code knows, and what makes them who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Technician
from accounts.words import worded
from devices.models import Device
from tickets.attachments.models import Uploader


class Side(models.TextChoices):
    """The two ends of a chat; `system` writes the lines that nobody typed."""

    TECHNICIAN = "technician", _("Technician")
    CONTACT = "contact", worded("%(Contact)s")
    SYSTEM = "system", _("System")


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A technician at the portal."""

    technician_id: int
    side: ClassVar[Side] = Side.TECHNICIAN

    @property
    def log_fields(self) -> dict[str, int]:
        """Who it is on a line of the log."""
        return {"technician": self.technician_id}


@dataclass(frozen=True, slots=True)
class AtDevice:
    """Whoever sits at a device: the contact that was assigned to it when this was made, or nobody known."""

    device_id: int
    contact_id: int | None
    side: ClassVar[Side] = Side.CONTACT

    @property
    def log_fields(self) -> dict[str, int]:
        """Who it is on a line of the log."""
        return {"device": self.device_id}


Viewer = AtDesk | AtDevice


def at_desk(technician: Technician) -> AtDesk:
    return AtDesk(technician.pk)


def at_device(device: Device) -> AtDevice:
    return AtDevice(device.pk, device.contact_id)


def uploader_of(viewer: Viewer) -> Uploader:
    """The same person as files know them."""
    if isinstance(viewer, AtDesk):
        return Uploader(technician_id=viewer.technician_id)
    return Uploader(device_id=viewer.device_id, contact_id=viewer.contact_id)
