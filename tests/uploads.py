"""Files on their way to the server, as the script of a page sends them: announced first, then the bytes."""

import json
from uuid import uuid4

from asgiref.sync import async_to_sync


class Sender:
    """Somebody who sends files to one address: `Sender(client, "/chats/7/files/").send("a.pdf", content)`."""

    def __init__(self, client, address, **headers):
        self.client = client
        self.address = address
        self.headers = headers

    def announce(self, name, size, key=None):
        said = json.dumps({"key": str(key or uuid4()), "name": name, "size": size})
        return self.client.post(self.address, said, content_type="application/json", headers=self.headers)

    def put(self, leave, content):
        """Send the bytes with the leave that an announcement was answered with."""
        headers = self.headers | {"X-Upload-Grant": leave["grant"]}
        return self.client.put(leave["put"], content, content_type="application/octet-stream", headers=headers)

    def send(self, name, content, key=None):
        """The last answer: of the bytes, or of an announcement that was refused."""
        answer = self.announce(name, len(content), key)
        return self.put(answer.json(), content) if answer.status_code == 201 and "put" in answer.json() else answer

    def cancel(self, leave):
        return self.client.delete(leave["put"], headers=self.headers)


def read(response):
    """What somebody gets who downloads."""
    return b"".join(async_to_sync(pieces_of)(response)) if response.streaming else response.content


async def pieces_of(response):
    return [piece async for piece in response]
