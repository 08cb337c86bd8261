"""Files: what is known of each, and where it is in its life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import ClassVar

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.file_types import PICTURES, FileType
from accounts.models import Contact, Technician
from devices.models import Device
from tickets.refusals import Refusal

# What never became part of a message or a ticket by then is removed.
KEPT_UNSENT_FOR = timedelta(hours=1)
# A look into a file takes seconds; whoever had it for so long was killed over it.
CHECKED_WITHIN = timedelta(seconds=45)


class UploadState(models.TextChoices):
    """The life of an attachment. A virus scanner would work between *checking* and *ready*."""

    UPLOADING = "uploading", _("uploading")
    CHECKING = "checking", _("checking")
    READY = "ready", _("ready")
    REFUSED = "refused", _("refused")


@dataclass(frozen=True, kw_only=True)
class Uploader:
    """Who sends a file: a technician, or whoever sits at a device."""

    technician_id: int | None = None
    device_id: int | None = None
    contact_id: int | None = None

    @property
    def is_contact(self) -> bool:
        return self.technician_id is None


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of(self, uploader: Uploader) -> AttachmentQuerySet:
        """What this person sends: nobody else goes on with it, or puts it anywhere."""
        return self.filter(technician=uploader.technician_id, device=uploader.device_id, contact=uploader.contact_id)

    def unsent(self) -> AttachmentQuerySet:
        return self.filter(sent_at=None).exclude(state=UploadState.REFUSED)

    def receivable(self, now: datetime) -> AttachmentQuerySet:
        """Those whose content may come in now."""
        is_stuck = Q(state=UploadState.CHECKING, changed_at__lt=now - CHECKED_WITHIN)
        return self.filter(Q(state=UploadState.UPLOADING) | is_stuck, sent_at=None)

    def sendable(self) -> AttachmentQuerySet:
        return self.filter(state=UploadState.READY, sent_at=None)

    def readable(self) -> AttachmentQuerySet:
        """Those that somebody may be shown."""
        return self.filter(state=UploadState.READY).exclude(sent_at=None)

    def forgotten(self, now: datetime) -> AttachmentQuerySet:
        """What was never sent, and what is part of nothing any more because that was deleted."""
        never_sent = Q(sent_at=None, created_at__lte=now - KEPT_UNSENT_FOR)
        return self.filter(never_sent | (~Q(sent_at=None) & _part_of_nothing()))


def _part_of_nothing() -> Q:
    """Nothing points to it. Django knows who could, so that no lower room has to name a higher one."""
    relations = [relation.name for relation in Attachment._meta.related_objects]
    return Q(entry=None, **{f"{name}__isnull": True for name in relations})


def kept_files() -> Storage:
    """Where files are kept: the storage *attachments* of the settings, outside of every public path."""
    return storages["attachments"]


def random_place() -> str:
    """A path in the storage that nobody guesses, and that says nothing of what lies there."""
    name = token_hex(16)
    return f"{name[:2]}/{name}"


class Attachment(models.Model):
    """A file that somebody sends: its facts here, its content in the storage once it is ready."""

    # Made by the sender's browser, so that a repeat is recognised; part of its address.
    key = models.UUIDField(unique=True)
    name = models.CharField(_("name"), max_length=150)
    file_type = models.CharField(_("type"), max_length=8, choices=FileType)
    size = models.PositiveIntegerField(_("size in bytes"))
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    state = models.CharField(_("state"), max_length=12, choices=UploadState, default=UploadState.UPLOADING)
    refusal = models.CharField(_("refused for"), max_length=12, choices=Refusal, blank=True)
    place = models.CharField(max_length=80, unique=True, default=random_place, editable=False)
    technician = models.ForeignKey(Technician, null=True, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, null=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    # The ticket's line it is part of; a chat's event points here by itself.
    entry = models.ForeignKey("tickets.TicketEntry", null=True, on_delete=models.SET_NULL, related_name="attachments")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=UploadState.REFUSED) ^ Q(refusal=""), name="a_refused_file_has_its_reason"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(state=UploadState.READY), name="only_a_ready_file_is_sent"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], condition=Q(sent_at=None), name="files_not_sent")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.file_type in PICTURES
