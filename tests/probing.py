"""What machines ask the server, as the network brings it: `await probe("/readyz")`."""

from types import SimpleNamespace

# Channels' own communicators keep connections to the database from going back to the pool.
from asgiref.testing import ApplicationCommunicator

from helpdesk.asgi import application

WITHIN_S = 10


async def probe(path, *, method="GET", client="127.0.0.1", application=application, **headers):
    """Ask, and get `status`, `body` and `headers`."""
    said = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "http_version": "1.1", "method": method, "path": path, "query_string": b""}
    asked = ApplicationCommunicator(application, scope | {"headers": said, "client": [client, 40000]})
    await asked.send_input({"type": "http.request", "body": b""})
    start, body = await asked.receive_output(WITHIN_S), await asked.receive_output(WITHIN_S)
    await asked.wait(WITHIN_S)
    told = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return SimpleNamespace(status=start["status"], body=body["body"].decode(), headers=told)
