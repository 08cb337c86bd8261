"""A WebSocket for asyncio, over TLS where the stack has it: frames out and in, and the code it was closed with."""

import asyncio
import base64
import json
import os
import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
# How a socket ends that says nothing of it.
LOST = 1006
OPENS_WITHIN_S = 10


class Closed(Exception):
    """The socket ended; `code` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Line:
    """`line = await Line.open(person, "/ws/")`, `line.send({…})`, `await line.receive()`."""

    def __init__(self, reader, writer):
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, person, path):
        """Raises Closed when it is refused or nobody is there."""
        try:
            async with asyncio.timeout(OPENS_WITHIN_S):
                return await cls._open(person, path)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise Closed(LOST) from error

    @classmethod
    async def _open(cls, person, path):
        stack = person.stack
        # By its number: a name is looked up in the threads that carry requests too, and would wait behind all of them.
        name = "localhost" if stack.trust else None
        reader, writer = await asyncio.open_connection("127.0.0.1", person.port, ssl=stack.trust, server_hostname=name)
        lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{person.port}", f"Origin: {stack.url}"]
        lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        lines += [f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}", f"Cookie: {person.cookie}"]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 101 " not in head.split(b"\r\n")[0]:
                raise Closed(LOST)
        except BaseException:
            # Whoever is not waited for any longer is let go too.
            writer.transport.abort()
            raise
        return cls(reader, writer)

    async def receive(self):
        """The next frame that a page would hear. Raises Closed."""
        while True:
            try:
                kind, payload = await self._frame()
            except (OSError, asyncio.IncompleteReadError) as error:
                raise Closed(LOST) from error
            if kind == TEXT:
                return json.loads(payload)
            if kind == CLOSE:
                self._write(CLOSE, payload[:2])
                raise Closed(struct.unpack(">H", payload[:2])[0] if payload else LOST)
            if kind == PING:
                self._write(PONG, payload)

    def send(self, frame):
        """Into the socket; whether it arrives, only an answer tells."""
        self.send_raw(json.dumps(frame).encode())

    def send_raw(self, payload, kind=TEXT):
        """What no page of ours would send."""
        self._write(kind, payload)

    def pause(self):
        """Read nothing more until `resume`."""
        self._writer.transport.pause_reading()

    def resume(self):
        self._writer.transport.resume_reading()

    def drop(self):
        self._writer.transport.abort()

    def _write(self, kind, payload):
        size = len(payload)
        if size < 126:
            length = struct.pack(">B", 128 | size)
        else:
            length = struct.pack(">BH", 254, size) if size < 2**16 else struct.pack(">BQ", 255, size)
        self._writer.write(bytes([128 | kind]) + length + b"\0\0\0\0" + payload)

    async def _frame(self):
        head = await self._reader.readexactly(2)
        size = head[1] & 127
        if size >= 126:
            size = int.from_bytes(await self._reader.readexactly(2 if size == 126 else 8), "big")
        return head[0] & 15, await self._reader.readexactly(size)
