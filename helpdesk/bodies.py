"""How large a request may be, and how slow. Refused before it is received: Daphne alone would take all into memory.

A file that was announced brings its leave in a header (tickets.attachments.grants). Its body is written to UPLOADS_DIR
while it comes, and the application is given the path.
"""

import tempfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings
from prometheus_client import Counter

from helpdesk.flow import Flow
from tickets.attachments.grants import GRANT_HEADER, granted
from tickets.attachments.room import has_room

MAX_BODY_BYTES = 1024 * 1024
# A client that is cut off while it sends often never reads the answer, so the rest is received and thrown away.
THROW_AWAY_FOR_S = 10


def _refusal(status: str, words: str) -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(words) + 1}\r\nConnection: close\r\n\r\n{words}\n"
    ).encode()


TOO_LARGE = _refusal("413 Content Too Large", "This request is too large to accept.")
TOO_SLOW = _refusal("408 Request Timeout", "This request took far too long.")
NO_ROOM = _refusal("507 Insufficient Storage", "There is no room on the disk.")
REFUSED = Counter("helpdesk_bodies_refused", "Requests that were refused while they came in, by status", ["status"])
for _answer in (TOO_LARGE, TOO_SLOW, NO_ROOM):
    REFUSED.labels(_answer[9:12].decode())


# The key of a file → the request that brings it.
ARRIVING: dict[str, "LimitedRequest"] = {}


class LimitedRequest(WebRequest):
    """A request with a limit in bytes, told by its declared length or else by counting, and one in seconds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Django parses forms. Twisted would do it too, in memory, at many times the size.
        super().__init__(*args, parsePOSTFormSubmission=False, **kwargs)
        self.content: Any
        self.received = 0
        self.limit = MAX_BODY_BYTES
        self.key = ""
        self.is_refused = False
        self.written: Path | None = None
        self.flow = Flow(self)
        self.too_slow = self.channel.callLater(self.seconds(), self.refuse, TOO_SLOW)

    def seconds(self) -> float:
        """How long it may take to arrive: Twisted itself waits a minute for each next byte, and so for ever."""
        return settings.REQUEST_ARRIVES_WITHIN.total_seconds()

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """Every header is here; `length` is what they declare, or nothing for a chunked body."""
        super().gotLength(length)
        granted = self._granted()
        if granted:
            self.key, self.limit = granted
            self.too_slow.reset(settings.UPLOAD_ARRIVES_WITHIN.total_seconds())
        if length is not None and length > self.limit:
            self.refuse(TOO_LARGE)
        elif granted:
            self._write_to_disk()

    def _granted(self) -> tuple[str, int] | None:
        """Which file comes, where this is one: a leave is good for nothing else."""
        # As bytes: Twisted stumbles over a header that is no UTF-8.
        brought = self.requestHeaders.getRawHeaders(GRANT_HEADER.encode())
        if not brought or self.channel._command != b"PUT" or self.requestHeaders.hasHeader(b"upgrade"):
            return None
        return granted(brought[0].decode("ascii", "replace"))

    def _write_to_disk(self) -> None:
        """From here on what comes lies in a file. A line that broke unseen gives way to the next try of its file."""
        if before := ARRIVING.pop(self.key, None):
            before.channel.transport.abortConnection()
        still_to_come = sum(request.limit - request.received for request in ARRIVING.values())
        try:
            if not has_room(self.limit + still_to_come):
                self.refuse(NO_ROOM)
                return
            file = tempfile.NamedTemporaryFile(dir=settings.UPLOADS_DIR, delete=False)  # noqa: SIM115 - closed below
        except OSError:
            self.refuse(NO_ROOM)
            return
        self.content.close()
        self.content, self.written = file, Path(file.name)
        ARRIVING[self.key] = self

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self.received += len(data)
        if not self.is_refused and self.received > self.limit:
            self.refuse(TOO_LARGE)
        if self.is_refused:
            return
        try:
            super().handleContentChunk(data)
        except OSError:
            self.refuse(NO_ROOM)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802 - Twisted's name
        self._is_in_time()
        if self.written and not self.is_refused:
            self._hand_over()
        if self.is_refused:
            self.channel.loseConnection()
        else:
            super().requestReceived(command, path, version)

    def _hand_over(self) -> None:
        """All of it is on the disk; nothing is left for Daphne to read into memory."""
        try:
            self.content.close()
        except OSError:
            self.refuse(NO_ROOM)
        self.content = BytesIO()

    def finish(self) -> None:
        self.flow.end()
        super().finish()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802 - Twisted's name
        self._is_in_time()
        self.flow.stopProducing()
        if self.is_refused or not self.application_queue:
            # Nobody was given it; otherwise it is still looked into, and goes when that ends.
            self.forget_written()
        super().connectionLost(reason)

    def forget_written(self) -> None:
        """What nobody moved away is not needed any more."""
        if self.written is None:
            return
        # Twisted has let go of it when the answer is complete.
        with suppress(OSError, AttributeError):
            self.content.close()
        with suppress(OSError):
            self.written.unlink(missing_ok=True)
        self.written = None

    def _is_in_time(self) -> None:
        """It has come, or will not any more."""
        if ARRIVING.get(self.key) is self:
            del ARRIVING[self.key]
        if self.too_slow.active():
            self.too_slow.cancel()

    def refuse(self, answer: bytes) -> None:
        """Answer now; the connection ends with the body, or soon."""
        self.is_refused = True
        REFUSED.labels(answer[9:12].decode()).inc()
        self._is_in_time()
        self.forget_written()
        # Otherwise Twisted invites the body with "100 Continue" after it was refused.
        self.requestHeaders.removeHeader(b"Expect")
        self.channel.transport.write(answer)
        self.channel.callLater(THROW_AWAY_FOR_S, self.channel.transport.abortConnection)


class LimitedFactory(HTTPFactory):
    """Daphne's, making limited requests."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = LimitedRequest
        return protocol
