"""What the embedded default costs: start, memory, idle processor time, and a message's way to the other side.

    make cost

Figures of one machine at one time, for the README; nothing fails by them. Only this machine is spoken to.
"""

import http.cookiejar
import json
import re
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener
from uuid import uuid4

from bench.processor import cpu_s, resident_mb
from tests.browser.server import Server
from tests.websocket import WebSocket

IDLE_FOR_S = 30
MESSAGES = 200


class Window:
    """A browser without a screen: cookies, forms, and one socket."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cookies = http.cookiejar.CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        return self.opener.open(self.server.url + path).read().decode()

    def post(self, path: str, page: str, **fields: str) -> str:
        token = re.search(r'"X-CSRFToken": "(\w+)"|csrfmiddlewaretoken" value="(\w+)"', self.get(page))
        assert token, page
        fields["csrfmiddlewaretoken"] = token[1] or token[2]
        answer = self.opener.open(self.server.url + path, urlencode(fields).encode())
        return str(answer.url)

    def socket(self, path: str) -> WebSocket:
        cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)
        return WebSocket(self.server.port, path, cookie=cookie)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="helpdesk-cost-") as folder:
        server, first_s = timed_start(folder)
        server.stop()
        server, later_s = timed_start(folder)
        try:
            idle_mb, idle_percent = idle(server)
            ways_ms = messages(server)
        finally:
            server.stop()
    print(f"first start (database and demo made)   {first_s:6.1f} s")
    print(f"later start                            {later_s:6.1f} s")
    print(f"memory when idle                       {idle_mb:6.0f} MB")
    print(f"processor when idle, of one core       {idle_percent:6.1f} %")
    middle, worst = statistics.median(ways_ms), sorted(ways_ms)[int(len(ways_ms) * 0.99)]
    print(f"a message to the other side's socket   {middle:6.1f} ms (median of {len(ways_ms)}), {worst:.1f} ms (99 %)")


def timed_start(folder: str) -> tuple[Server, float]:
    """Start, until the first page is answered."""
    server = Server(Path(folder))
    began = time.monotonic()
    return server.start(), time.monotonic() - began


def idle(server: Server) -> tuple[float, float]:
    """Memory in MB, and the share of one core that is used while nobody does anything."""
    process = Path(f"/proc/{server._processes[0].pid}")
    before = cpu_s(process)
    time.sleep(IDLE_FOR_S)
    percent = (cpu_s(process) - before) / IDLE_FOR_S * 100
    return resident_mb(server._processes[0].pid), percent


def messages(server: Server) -> list[float]:
    """How long each of many messages takes from the contact's socket to the technician's, in ms."""
    tina, ann = Window(server), Window(server)
    tina.post("/sign-in/", "/sign-in/", username="tina", password="demo")  # noqa: S106 - the demonstration's
    ann.get("/agent/demo/ACME-PC-01/")
    chat = int(re.search(r"/chats/(\d+)/", ann.post("/agent/start/", "/agent/", client_id=str(uuid4())))[1])  # type: ignore[index]
    desk, device = tina.socket("/ws/"), ann.socket("/agent/ws/")
    tina.post(f"/chats/{chat}/accept/", "/chats/")
    return [way_ms(device, desk, chat, f"message {number}") for number in range(MESSAGES)]


def way_ms(sender: WebSocket, receiver: WebSocket, chat: int, text: str) -> float:
    began = time.perf_counter()
    sender.send(json.dumps({"type": "post", "chat": chat, "client_id": str(uuid4()), "body": text}))
    while (frame := receiver.receive()) and frame.get("text") != text:
        pass
    took = (time.perf_counter() - began) * 1000
    # One at a time, below what one socket may send in a second.
    time.sleep(0.02)
    return took


if __name__ == "__main__":
    main()
