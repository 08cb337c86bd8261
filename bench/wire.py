"""A WebSocket for asyncio that costs little: frames out, frames in as bytes, nothing decoded."""

import asyncio
import base64
import os
import struct
from collections.abc import Callable, Iterator
from ssl import SSLContext

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
NO_MASK = b"\0\0\0\0"


class Wire(asyncio.Protocol):
    """One socket: hands each text frame to `hear`, and calls `gone` when it ends, or was refused."""

    def __init__(self, request: bytes, hear: Callable[[bytes], None], gone: Callable[[], None]) -> None:
        self._request = request
        self._hear = hear
        self._gone = gone
        self._came = bytearray()
        self._is_open = False
        self._is_left = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._came += data
        if not self._is_open and not self._shake_hands():
            return
        for kind, payload in self._frames():
            if kind == TEXT:
                self._hear(payload)
            elif kind == PING:
                self._write(PONG, payload)
            elif kind == CLOSE:
                self._transport.abort()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self._is_left:
            self._gone()

    def say(self, text: bytes) -> None:
        self._write(TEXT, text)

    def leave(self) -> None:
        """End it; `gone` is not called for that."""
        self._is_left = True
        self._transport.abort()

    def _shake_hands(self) -> bool:
        end = self._came.find(b"\r\n\r\n")
        if end < 0:
            return False
        if b" 101 " not in self._came[: self._came.find(b"\r\n")]:
            self._transport.abort()
            return False
        del self._came[: end + 4]
        self._is_open = True
        return True

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        """What has come in whole."""
        came, at = self._came, 0
        while len(came) >= at + 2:
            size, body = came[at + 1] & 127, at + 2
            if size == 126:
                size, body = int.from_bytes(came[body : body + 2], "big"), body + 2
            elif size == 127:
                size, body = int.from_bytes(came[body : body + 8], "big"), body + 8
            if len(came) < body + size:
                break
            yield came[at] & 15, bytes(came[body : body + size])
            at = body + size
        del came[:at]

    def _write(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        length = struct.pack(">B", 128 | size) if size < 126 else struct.pack(">BH", 254, size)
        self._transport.write(bytes([128 | kind]) + length + NO_MASK + payload)


async def open_wire(
    host: str,
    port: int,
    path: str,
    *,
    cookie: str,
    origin: str,
    trust: SSLContext | None,
    hear: Callable[[bytes], None],
    gone: Callable[[], None],
) -> Wire:
    """Connect and ask for the socket; the first frame says that it was let in."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}:{port}", f"Origin: {origin}", f"Cookie: {cookie}"]
    lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]
    request = "\r\n".join([*lines, "", ""]).encode()
    loop = asyncio.get_running_loop()
    _transport, wire = await loop.create_connection(lambda: Wire(request, hear, gone), host, port, ssl=trust)
    return wire
