"""A WebSocket client for tests of the real server: a few lines over a plain socket, so that it can misbehave."""

import base64
import json
import os
import socket
import struct
from http.client import parse_headers

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class WebSocket:
    """One open socket: `WebSocket(port, "/ws/", cookie="sessionid=…")`. `status` is that of the handshake."""

    def __init__(self, port, path, *, cookie="", origin=None):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += [f"Origin: {origin or f'http://127.0.0.1:{port}'}", f"Cookie: {cookie}", "", ""]
        self._socket.sendall("\r\n".join(lines).encode())
        self._file = self._socket.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        parse_headers(self._file)

    def receive(self):
        """The next frame: a dict, or the code of the close frame as a number; None when the connection was cut."""
        while True:
            code, payload = self._frame()
            if code == TEXT:
                return json.loads(payload)
            if code == CLOSE:
                self._send(CLOSE, payload[:2])
                return struct.unpack(">H", payload[:2])[0]
            if code is None:
                return None
            if code == PING:
                self._send(PONG, payload)

    def send(self, text):
        self._send(TEXT, text.encode())

    def _send(self, code, payload):
        size = len(payload)
        if size < 126:
            length = struct.pack(">B", 128 | size)
        else:
            length = struct.pack(">BH", 254, size) if size < 2**16 else struct.pack(">BQ", 255, size)
        self._socket.sendall(bytes([128 | code]) + length + b"\0\0\0\0" + payload)

    def _frame(self):
        try:
            head = self._file.read(2)
            if len(head) < 2:
                return None, b""
            size = head[1] & 127
            if size >= 126:
                size = int.from_bytes(self._file.read(2 if size == 126 else 8), "big")
            return head[0] & 15, self._file.read(size)
        except ConnectionResetError:
            return None, b""
