"""How large a request may be, and how slow. Refused before it is received: Daphne alone would take all into memory."""

from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings

MAX_BODY_BYTES = 1024 * 1024
# A client that is cut off while it sends often never reads the answer, so the rest is received and thrown away.
THROW_AWAY_FOR_S = 10

TOO_LARGE = (
    b"HTTP/1.1 413 Content Too Large\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: 37\r\n"
    b"Connection: close\r\n"
    b"\r\n"
    b"This request is too large to accept.\n"
)

TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: 31\r\n"
    b"Connection: close\r\n"
    b"\r\n"
    b"This request took far too long\n"
)


class LimitedRequest(WebRequest):
    """A request with a limit in bytes, told by its declared length or else by counting, and one in seconds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Django parses forms. Twisted would do it too, in memory, at many times the size.
        super().__init__(*args, parsePOSTFormSubmission=False, **kwargs)
        self.received = 0
        self.is_refused = False
        self.too_slow = self.channel.callLater(self.seconds(), self.refuse, TOO_SLOW)

    def seconds(self) -> float:
        """How long it may take to arrive: Twisted itself waits a minute for each next byte, and so for ever."""
        return settings.REQUEST_ARRIVES_WITHIN.total_seconds()

    def limit(self) -> int:
        """How many bytes this request may bring. An address that takes files may allow more."""
        return MAX_BODY_BYTES

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """Every header is here; `length` is what they declare, or nothing for a chunked body."""
        super().gotLength(length)
        if length is not None and length > self.limit():
            self.refuse(TOO_LARGE)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self.received += len(data)
        if not self.is_refused and self.received > self.limit():
            self.refuse(TOO_LARGE)
        if not self.is_refused:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802 - Twisted's name
        self._is_in_time()
        if self.is_refused:
            self.channel.loseConnection()
        else:
            super().requestReceived(command, path, version)

    def connectionLost(self, reason: Any) -> None:  # noqa: N802 - Twisted's name
        self._is_in_time()
        super().connectionLost(reason)

    def _is_in_time(self) -> None:
        if self.too_slow.active():
            self.too_slow.cancel()

    def refuse(self, answer: bytes) -> None:
        """Answer now; the connection ends with the body, or soon."""
        self.is_refused = True
        self._is_in_time()
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
