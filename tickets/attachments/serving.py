"""Sends a file that somebody may see: through nginx where it stands in front, else in pieces (S16)."""

import logging
import re
from collections.abc import AsyncIterator
from typing import IO, Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from accounts.file_types import CONTENT_TYPES, FileType
from tickets.attachments.models import Attachment, kept_files

log = logging.getLogger(__name__)

PIECE_BYTES = 64 * 1024
# Where somebody opens a file as a page after all, it can do nothing.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def serve(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The file, whole or the part that is asked for. Call it when the file was found through its chat or ticket.

    Raises Http404 when its content is not in the storage.
    """
    etag = f'"{attachment.key}"'
    if request.headers.get("If-None-Match") == etag:
        return _dressed(HttpResponse(status=304), attachment, etag)
    if settings.FILES_X_ACCEL:
        response = _dressed(HttpResponse(), attachment, etag)
        response["X-Accel-Redirect"] = settings.FILES_X_ACCEL + attachment.place
        return response
    wanted = _wanted(request, attachment.size, etag)
    if wanted is None:
        refused = _dressed(HttpResponse(status=416), attachment, etag)
        refused["Content-Range"] = f"bytes */{attachment.size}"
        return refused
    first, last, is_part = wanted
    response = _dressed(_body(request, attachment, first, last), attachment, etag)
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    if is_part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{attachment.size}"
    return response


def _dressed(response: Any, attachment: Attachment, etag: str) -> Any:
    """With what keeps a browser from taking it for anything but a file to be saved."""
    response["Content-Type"] = CONTENT_TYPES[FileType(attachment.file_type)]
    response["Content-Disposition"] = content_disposition_header(True, attachment.name)
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = etag
    return response


def _wanted(request: HttpRequest, size: int, etag: str) -> tuple[int, int, bool] | None:
    """The first and the last byte, and whether that is a part; None for one that is not there.

    What is no single range is passed over, as RFC 9110 allows; and so is one of a file that is another by now.
    """
    found = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if not found or not any(found.groups()) or request.headers.get("If-Range", etag) != etag:
        return 0, size - 1, False
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last or size), size - 1)
    return (start, end, True) if start <= end and start < size else None


def _body(request: HttpRequest, attachment: Attachment, first: int, last: int) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse()
    try:
        file = kept_files().open(attachment.place)
    except FileNotFoundError:
        log.exception("A file is not where it was kept: %s", attachment.place)
        raise Http404 from None
    return StreamingHttpResponse(_pieces(file, first, last - first + 1))


async def _pieces(file: IO[bytes], start: int, length: int) -> AsyncIterator[bytes]:
    """A piece at a time, each read in a thread. The server takes the next when the one before is on its way."""
    read = sync_to_async(file.read, thread_sensitive=False)
    try:
        file.seek(start)
        while length > 0 and (piece := await read(min(PIECE_BYTES, length))):
            length -= len(piece)
            yield piece
    finally:
        file.close()
