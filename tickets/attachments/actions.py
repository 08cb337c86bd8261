"""What can happen to files: the only writer of their rows and of what is kept in the storage."""

import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum

from accounts.file_types import BYTES_PER_MB, FileType, type_of
from accounts.models import Installation
from tickets.attachments.models import (
    Attachment,
    AttachmentQuerySet,
    Uploader,
    UploadState,
    kept_files,
    random_place,
)
from tickets.attachments.names import clean_name
from tickets.attachments.room import has_room, is_full
from tickets.content import library
from tickets.content.examine import examine
from tickets.content.facts import Facts
from tickets.models import TicketEntry
from tickets.refusals import PASSING, Refusal, Refused

log = logging.getLogger(__name__)

# More than anybody means to send; each may take MAX_FILE bytes of the disk until it is sent or forgotten.
UNSENT_AT_ONCE = 40
FILES_AN_HOUR = 400
BYTES_AN_HOUR = 1024 * BYTES_PER_MB
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

    Raises Refused before a byte of it has come: TYPE, MSI, TOO_LARGE, EMPTY, NO_CHECK, TOO_MANY, NO_ROOM, TAKEN, and
    what was said of its content before.
    """
    name = clean_name(new.name)
    if before := Attachment.objects.filter(key=new.key).first():
        return _same(before, name, new.size, by, now)
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
        return _same(Attachment.objects.get(key=new.key), name, new.size, by, now)


def _same(before: Attachment, name: str, size: int, by: Uploader, now: datetime) -> Attachment:
    same = Attachment.objects.of(by).filter(pk=before.pk, name=name, size=size)
    if not same.exists():
        raise Refused(Refusal.TAKEN)
    # Its hour begins anew, so that nobody tidies it away while it comes.
    same.unsent().update(created_at=now)
    return _not_refused(before)


def _not_refused(before: Attachment) -> Attachment:
    """An answer that was lost is given again in the same words."""
    if before.state == UploadState.REFUSED:
        raise Refused(Refusal(before.refusal))
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
    if not library.is_there():
        raise Refused(Refusal.NO_CHECK)
    return file_type


def _check_room(size: int, by: Uploader, now: datetime) -> None:
    own = Attachment.objects.of(by)
    lately = own.filter(created_at__gt=now - timedelta(hours=1)).aggregate(count=Count("pk"), size=Sum("size"))
    is_much = lately["count"] >= FILES_AN_HOUR or (lately["size"] or 0) + size > BYTES_AN_HOUR
    if is_much or own.unsent().count() >= UNSENT_AT_ONCE:
        raise Refused(Refusal.TOO_MANY)
    if not has_room(size):
        raise Refused(Refusal.NO_ROOM)


def receive(attachment: Attachment, body: Path, *, by: Uploader, now: datetime) -> Attachment:
    """Look into what came and keep it; the file at `body` is moved away where the storage can.

    Returns at once what is ready already. Raises Refused: what is said of the content is final, the reasons of PASSING
    leave room for another try.
    """
    own = Attachment.objects.of(by).filter(pk=attachment.pk)
    # Each try has a place of its own: one that was thought dead and is not takes nothing away from the next.
    place = random_place()
    if not own.receivable(now).update(state=UploadState.CHECKING, changed_at=now, place=place):
        return _received_before(attachment, by)
    mine = own.filter(state=UploadState.CHECKING, place=place)
    try:
        facts = _look_into(attachment, body)
        _keep(place, body)
    except Exception as error:
        _give_up(mine, place, error, now)
        if is_full(error):
            raise Refused(Refusal.NO_ROOM) from error
        raise
    found = {"width": facts.width, "height": facts.height, "seconds": facts.seconds}
    if not mine.update(state=UploadState.READY, changed_at=now, **found):
        # It was cancelled meanwhile.
        kept_files().delete(place)
        raise Refused(Refusal.GONE)
    kept_files().delete(attachment.place)
    attachment.refresh_from_db()
    return attachment


def _received_before(attachment: Attachment, by: Uploader) -> Attachment:
    standing = Attachment.objects.of(by).filter(pk=attachment.pk).first()
    if standing is None:
        raise Refused(Refusal.GONE)
    if _not_refused(standing).state != UploadState.READY:
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


def _keep(place: str, body: Path) -> None:
    """Into the storage, and onto the disk before anybody is told that it is there (N1)."""
    storage = kept_files()
    with body.open("rb") as file:
        storage.save(place, _OnDisk(file, name=str(body)))
    with suppress(NotImplementedError):
        path = Path(storage.path(place))
        for written in (path, path.parent, path.parent.parent):
            _fsync(written)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _give_up(mine: AttachmentQuerySet, place: str, error: Exception, now: datetime) -> None:
    """What is said of the content is final; after anything else the same file may come again."""
    if isinstance(error, Refused) and error.reason not in PASSING | {Refusal.NO_CHECK}:
        mine.update(state=UploadState.REFUSED, refusal=error.reason, changed_at=now)
    else:
        mine.update(state=UploadState.UPLOADING, changed_at=now)
    with suppress(OSError):
        kept_files().delete(place)


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
        try:
            forgotten += _forget_one(attachment)
        except Exception:
            # The others can go all the same.
            log.exception("A file could not be removed")
    _forget_bodies(now)
    return forgotten


def _forget_one(attachment: Attachment) -> int:
    same = Attachment.objects.filter(pk=attachment.pk, sent_at=attachment.sent_at)
    gone: dict[str, Any] = {"state": UploadState.REFUSED, "refusal": Refusal.GONE}
    # From here on nobody can send it; what is sent in this moment stays.
    if attachment.sent_at is None and not same.update(**gone):
        return 0
    kept_files().delete(attachment.place)
    return same.delete()[0]


def _forget_bodies(now: datetime) -> None:
    """What a server that was killed left of requests under way."""
    if not settings.UPLOADS_DIR.is_dir():
        return
    for left in settings.UPLOADS_DIR.iterdir():
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < (now - timedelta(hours=1)).timestamp():
                left.unlink()
