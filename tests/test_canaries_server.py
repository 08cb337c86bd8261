"""The same of the server itself, as it is run: what Daphne, Twisted and the jobs write, from the start to the end."""

import http.client
import json
import os
import re
from urllib.parse import urlencode
from uuid import uuid4

from tests.browser.server import Server
from tests.test_canaries import canary
from tests.websocket import WebSocket


class Window:
    """Requests of somebody who keeps the cookies: `window.ask("GET", "/sign-in/")`."""

    def __init__(self, server):
        self.server = server
        self.cookies = {}

    @property
    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        said = {name.replace("_", "-"): value for name, value in headers.items()} | {"Cookie": self.cookie}
        connection.request(method, path, body, said)
        answer = connection.getresponse()
        for set_cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = set_cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        text = answer.read().decode()
        connection.close()
        return text

    def send(self, path, page, **fields):
        token = re.search(r'"X-CSRFToken": "(\w+)"|csrfmiddlewaretoken" value="(\w+)"', self.ask("GET", page))
        fields["csrfmiddlewaretoken"] = token[1] or token[2]
        return self.ask("POST", path, urlencode(fields), content_type="application/x-www-form-urlencoded")


def test_a_server_tells_nothing_either(tmp_path):
    server = Server(tmp_path, LOG_FORMAT="json", LOG_LEVEL="DEBUG").start()
    told = [canary("word") for _ in range(6)]
    tina, ann = Window(server), Window(server)
    tina.send("/sign-in/", "/sign-in/", username=told[0], password=told[1])
    tina.send("/sign-in/", "/sign-in/", username="tina", password="demo")
    ann.ask("GET", "/agent/demo/ACME-PC-01/")
    ann.send("/agent/start/", "/agent/", client_id=str(uuid4()), about=told[2])
    ann.ask("GET", f"/agent/open/{told[3]}/?{told[3]}", referer=f"http://localhost/{told[3]}")
    ann.ask("POST", f"/agent/{told[3]}", os.urandom(2 * 1024 * 1024), authorization=told[3])
    desk = WebSocket(server.port, f"/ws/?{told[4]}", cookie=tina.cookie)
    page = WebSocket(server.port, "/agent/ws/", cookie=ann.cookie)
    assert desk.receive()["type"] == page.receive()["type"] == "hello"
    page.send(json.dumps({"type": "post", "chat": 1, "client_id": str(uuid4()), "body": told[4]}))
    page.send(told[5] * 2000)
    # It ends while a socket is open, and says so.
    server.stop()
    lines = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    assert {"helpdesk.access", "daphne.http_protocol", "celery.beat"} <= {line["logger"] for line in lines}
    secrets = [*told, *tina.cookies.values(), *ann.cookies.values()]
    assert [secret for secret in secrets if secret and secret in server.log] == []
