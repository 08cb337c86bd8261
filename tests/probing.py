"""What machines ask the server, as the network brings it: `await probe("/readyz")`."""

from types import SimpleNamespace

from channels.testing import HttpCommunicator

from helpdesk.asgi import application


async def probe(path, *, method="GET", client="127.0.0.1", application=application, **headers):
    """Ask, and get `status`, `body` and `headers`."""
    said = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    communicator = HttpCommunicator(application, method, path, headers=said)
    communicator.scope["client"] = [client, 40000]
    answer = await communicator.get_response(timeout=10)
    told = {name.decode().lower(): value.decode() for name, value in answer["headers"]}
    return SimpleNamespace(status=answer["status"], body=answer["body"].decode(), headers=told)
