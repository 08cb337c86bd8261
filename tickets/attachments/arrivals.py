"""How a file comes in over HTTP: what is said of it first, then its bytes as the whole body of a PUT.

The server writes a granted body to disk while it comes and names the file in the scope (helpdesk.bodies), so that no
byte of it goes through memory, a form parser or a queue.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, JsonResponse, RawPostDataException
from django.utils.translation import gettext as _
from prometheus_client import Counter

from accounts.file_types import type_of
from accounts.models import Installation
from tickets.attachments import actions
from tickets.attachments.actions import NewFile
from tickets.attachments.grants import grant
from tickets.attachments.models import Attachment, Uploader, UploadState
from tickets.attachments.room import is_full
from tickets.refusals import PASSING, Refusal, Refused, in_words, status_of

# Where the server says in the scope that it wrote the body.
BODY_EXTENSION = "helpdesk.body"
MAX_SAID_NAME_CHARS = 1000
PIECE_BYTES = 64 * 1024

READY = "ready"
UPLOADS = Counter("helpdesk_uploads", "Files that were sent, by what became of them", ["outcome"])
UPLOADED_BYTES = Counter("helpdesk_upload_bytes", "Bytes of the files that were taken")
for _outcome in (READY, *Refusal.values):
    UPLOADS.labels(_outcome)


class BadAnnouncement(Exception):
    """What was said of a file makes no sense."""


def announced(request: HttpRequest) -> NewFile:
    """What the page says of a file, {key, name, size}. Raises BadAnnouncement."""
    try:
        said = json.loads(request.body)
        key, name, size = UUID(said["key"]), said["name"], said["size"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, RawPostDataException):
        raise BadAnnouncement from None
    is_sensible = isinstance(name, str) and type(size) is int and 0 <= size < 2**53
    if not is_sensible or not 0 < len(name) <= MAX_SAID_NAME_CHARS:
        raise BadAnnouncement
    return NewFile(key=key, name=name, size=size)


def announced_key(request: HttpRequest) -> UUID | None:
    """The key of an announcement that makes sense."""
    try:
        return announced(request).key
    except BadAnnouncement:
        return None


def begin(request: HttpRequest, *, by: Uploader, now: datetime) -> Attachment | JsonResponse:
    """Make room for the file that the page announces; or the answer that says why not."""
    try:
        new = announced(request)
    except BadAnnouncement:
        return JsonResponse({"code": "bad", "words": _("This page is out of date. Please load it again.")}, status=400)
    try:
        return actions.begin(new, by=by, now=now)
    except Refused as refused:
        return refusal(refused.reason, name=new.name, size=new.size, by=by)


def go_ahead(attachment: Attachment, address: str) -> JsonResponse:
    """The answer to an announcement: where its bytes go, and the leave to send them."""
    return JsonResponse({"put": address, "grant": grant(attachment)}, status=201)


def refusal(reason: Refusal, *, name: str, size: int, by: Uploader) -> JsonResponse:
    """Why not, in words; `again` when another try can help."""
    UPLOADS.labels(reason.value).inc()
    installation = Installation.objects.current()
    words = in_words(
        reason,
        file_type=type_of(name),
        size=size,
        limit_mb=installation.max_file_mb,
        allowed=installation.allowed_types(is_contact=by.is_contact),
    )
    answer: dict[str, Any] = {"code": reason.value, "words": words, "again": reason in PASSING}
    return JsonResponse(answer, status=status_of(reason))


def receive(request: HttpRequest, attachment: Attachment, *, by: Uploader, now: datetime) -> Attachment | JsonResponse:
    """Take the bytes of an announced file; the ready attachment, or the answer that says why not."""
    was_here = attachment.state == UploadState.READY
    try:
        with body_of(request, attachment.size) as body:
            ready = actions.receive(attachment, body, by=by, now=now)
    except Refused as refused:
        return refusal(refused.reason, name=attachment.name, size=attachment.size, by=by)
    except OSError as error:
        if not is_full(error):
            raise
        return refusal(Refusal.NO_ROOM, name=attachment.name, size=attachment.size, by=by)
    if not was_here:
        UPLOADS.labels(READY).inc()
        UPLOADED_BYTES.inc(ready.size)
    return ready


@contextmanager
def body_of(request: HttpRequest, at_most: int) -> Iterator[Path]:
    """The request's body as a file, gone afterwards unless it was moved. Raises Refused(TOO_LARGE), OSError."""
    extensions = getattr(request, "scope", {}).get("extensions") or {}
    if written := extensions.get(BODY_EXTENSION):
        # Its end is the server's affair.
        yield Path(written)
        return
    settings.UPLOADS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.UPLOADS_DIR, delete=False) as file:
        path = Path(file.name)
        try:
            _copy(request, file, at_most)
            yield path
        finally:
            path.unlink(missing_ok=True)


def _copy(request: HttpRequest, file: Any, at_most: int) -> None:
    received = 0
    while piece := request.read(PIECE_BYTES):
        received += len(piece)
        if received > at_most:
            raise Refused(Refusal.TOO_LARGE)
        file.write(piece)
    file.flush()
