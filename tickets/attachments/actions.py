"""What can happen to files: the only writer of their rows and of what is kept in the storage."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction

from accounts.file_types import FileType, type_of
from accounts.models import Installation
from tickets.attachments.models import Attachment, Uploader, UploadState, kept_files
from tickets.attachments.names import clean_name
from tickets.content.examine import examine
from tickets.content.facts import Facts
from tickets.models import TicketEntry
from tickets.refusals import PASSING, Refusal, Refused

# More than anybody means to send; each may take MAX_FILE bytes of the disk until it is sent or forgotten.
UNSENT_AT_ONCE = 40
FILES_AN_HOUR = 400
FORGOTTEN_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class NewFile:
    """What the browser says of a file before it sends it; `key` is made there."""

    key: UUID
    name: str
    size: int

    @property
    def file_type(self) -> FileType | None:
        return type_of(self.name)


def begin(new: NewFile, *, by: Uploader, now: datetime) -> Attachment:
    """Make room for a file, or return the one that the same person began under this key.

    Raises Refused before a byte of it has come: TYPE, MSI, TOO_LARGE, EMPTY, TOO_MANY, NO_ROOM, TAKEN.
    """
    name = clean_name(new.name)
    if before := Attachment.objects.filter(key=new.key).first():
        return _same(before, name, new.size, by)
    file_type = _check(new, by, Installation.objects.current())
    _check_room(new.size, by, now)
    try:
        with transaction.atomic():
            return Attachment.objects.create(
                key=new.key,
                name=name,
                file_type=file_type,
                size=new.size,
                technician_id=by.technician_id,
                device_id=by.device_id,
                contact_id=by.contact_id,
                created_at=now,
                changed_at=now,
            )
    except IntegrityError:
        return _same(Attachment.objects.get(key=new.key), name, new.size, by)


def _same(before: Attachment, name: str, size: int, by: Uploader) -> Attachment:
    is_same = Attachment.objects.of(by).filter(pk=before.pk, name=name, size=size).exists()
    if not is_same or before.state == UploadState.REFUSED:
        raise Refused(Refusal.TAKEN)
    return before


def _check(new: NewFile, by: Uploader, installation: Installation) -> FileType:
    """What can be told from the name and the size; the content is looked into when it is here."""
    file_type = new.file_type
    if file_type == FileType.MSI and by.is_contact and not installation.is_contact_msi_allowed:
        raise Refused(Refusal.MSI)
    if file_type is None or file_type not in installation.allowed_types(is_contact=by.is_contact):
        raise Refused(Refusal.TYPE)
    if new.size > installation.max_file_bytes:
        raise Refused(Refusal.TOO_LARGE)
    if new.size <= 0:
        raise Refused(Refusal.EMPTY)
    return file_type


def _check_room(size: int, by: Uploader, now: datetime) -> None:
    own = Attachment.objects.of(by)
    lately = own.filter(created_at__gt=now - timedelta(hours=1)).count()
    if lately >= FILES_AN_HOUR or own.unsent().count() >= UNSENT_AT_ONCE:
        raise Refused(Refusal.TOO_MANY)
    if free_bytes() - size < settings.FILES_KEEP_FREE_MB * 1024 * 1024:
        raise Refused(Refusal.NO_ROOM)


def free_bytes() -> int:
    """What is left of the disk where files come in."""
    settings.UPLOADS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    return shutil.disk_usage(settings.UPLOADS_DIR).free


def receive(attachment: Attachment, body: Path, *, by: Uploader, now: datetime) -> Attachment:
    """Look into what came and keep it; the file at `body` is moved away where the storage can.

    Returns at once what is ready already. Raises Refused: what is said of the content is final, the reasons of PASSING
    leave room for another try.
    """
    own = Attachment.objects.of(by).filter(pk=attachment.pk)
    if not own.receivable(now).update(state=UploadState.CHECKING, changed_at=now):
        return _received_before(attachment, by)
    try:
        facts = _look_into(attachment, body)
        _keep(attachment, body)
    except Refused as refused:
        _refuse(attachment, refused.reason, now)
        raise
    except OSError as error:
        _refuse(attachment, Refusal.NO_ROOM, now)
        raise Refused(Refusal.NO_ROOM) from error
    found = {"width": facts.width, "height": facts.height, "seconds": facts.seconds}
    if not own.filter(state=UploadState.CHECKING).update(state=UploadState.READY, changed_at=now, **found):
        # It was cancelled meanwhile.
        kept_files().delete(attachment.place)
        raise Refused(Refusal.GONE)
    attachment.refresh_from_db()
    return attachment


def _received_before(attachment: Attachment, by: Uploader) -> Attachment:
    standing = Attachment.objects.of(by).filter(pk=attachment.pk).first()
    if standing is None or standing.state == UploadState.REFUSED:
        raise Refused(Refusal.GONE)
    if standing.state != UploadState.READY:
        raise Refused(Refusal.BUSY)
    return standing


def _look_into(attachment: Attachment, body: Path) -> Facts:
    if body.stat().st_size != attachment.size:
        raise Refused(Refusal.CUT)
    return examine(body, FileType(attachment.file_type))


class _OnDisk(File):
    """A file that a storage on the same disk may move instead of copying it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def _keep(attachment: Attachment, body: Path) -> None:
    """Into the storage, and onto the disk before anybody is told that it is there (N1)."""
    storage = kept_files()
    # What an earlier try left, that was killed before it could say so.
    storage.delete(attachment.place)
    with body.open("rb") as file:
        os.fsync(file.fileno())
        storage.save(attachment.place, _OnDisk(file, name=str(body)))
    with suppress(NotImplementedError):
        _fsync_folder(Path(storage.path(attachment.place)).parent)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse(attachment: Attachment, reason: Refusal, now: datetime) -> None:
    checked = Attachment.objects.filter(pk=attachment.pk, state=UploadState.CHECKING)
    if reason in PASSING or reason == Refusal.NO_CHECK:
        checked.update(state=UploadState.UPLOADING, changed_at=now)
    else:
        checked.update(state=UploadState.REFUSED, refusal=reason, changed_at=now)


def send(key: UUID, *, by: Uploader, now: datetime, entry: TicketEntry | None = None) -> Attachment:
    """A ready file becomes part of a message or a ticket, once; in the transaction that writes that.

    Raises Refused(GONE) when it is not there, not ready, or sent already.
    """
    own = Attachment.objects.of(by).filter(key=key)
    if not own.sendable().update(sent_at=now, entry=entry):
        raise Refused(Refusal.GONE)
    return own.get()


def cancel(attachment: Attachment, *, by: Uploader, now: datetime) -> None:
    """Its sender does not want it any more; what was sent already stays."""
    own = Attachment.objects.of(by).filter(pk=attachment.pk).unsent()
    if own.update(state=UploadState.REFUSED, refusal=Refusal.GONE, changed_at=now):
        kept_files().delete(attachment.place)


def forget(now: datetime) -> int:
    """Remove what never became a message and what belonged to something that was deleted; returns how many."""
    forgotten = 0
    for attachment in Attachment.objects.forgotten(now)[:FORGOTTEN_AT_ONCE]:
        same = Attachment.objects.filter(pk=attachment.pk, sent_at=attachment.sent_at)
        gone: dict[str, Any] = {"state": UploadState.REFUSED, "refusal": Refusal.GONE}
        # From here on nobody can send it; what is sent in this moment stays.
        if attachment.sent_at is None and not same.update(**gone):
            continue
        kept_files().delete(attachment.place)
        forgotten += same.delete()[0]
    _forget_bodies(now)
    return forgotten


def _forget_bodies(now: datetime) -> None:
    """What a server that was killed left of requests under way."""
    if not settings.UPLOADS_DIR.is_dir():
        return
    for left in settings.UPLOADS_DIR.iterdir():
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < (now - timedelta(hours=1)).timestamp():
                left.unlink()
