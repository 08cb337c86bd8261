"""Live pages in tests: a socket that behaves like a page's, opened with the cookies that a browser would send."""

import asyncio
import json

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from chat.consumers import PAGE_COOKIE
from helpdesk.asgi import application

WITHIN_S = 5


def portal_cookie(technician):
    """Sign a technician in and return the cookie header of that browser."""
    client = Client()
    client.force_login(technician, "django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def agent_cookie(cookie):
    return f"{PAGE_COOKIE}={cookie}"


async def do(function, *args, **more):
    """Call something that asks the database, from the middle of a coroutine."""
    # Gives the connection of its thread back, which would be lost to the pool with it.
    return await database_sync_to_async(function, thread_sensitive=False)(*args, **more)


class Page:
    """`async with Page("/ws/", cookie) as page:` and then `await page.wait("event")`, `await page.send(type=…)`."""

    def __init__(self, path, cookie="", language="en"):
        headers = [
            (b"origin", b"http://localhost"),
            (b"host", b"localhost"),
            (b"cookie", cookie.encode()),
            (b"accept-language", language.encode()),
        ]
        self.socket = WebsocketCommunicator(application, path, headers=headers)
        self.frames = []

    async def __aenter__(self):
        assert (await self.socket.connect(timeout=WITHIN_S))[0]
        return self

    async def __aexit__(self, *_):
        await self.socket.disconnect(timeout=WITHIN_S)

    async def send(self, **frame):
        await self.socket.send_to(text_data=json.dumps(frame))

    async def send_raw(self, text=None, data=None):
        await self.socket.send_to(text_data=text, bytes_data=data)

    async def wait(self, type_, **fields):
        """The next frame of a type (with these fields); the others before it are kept in `frames`."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                frame = json.loads(await self.socket.receive_from(timeout=WITHIN_S))
                self.frames.append(frame)
                if frame["type"] == type_ and all(frame.get(name) == value for name, value in fields.items()):
                    return frame

    async def closed(self):
        """The code that the server closes with; frames before it are kept."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                output = await self.socket.receive_output(timeout=WITHIN_S)
                if output["type"] == "websocket.close":
                    return output.get("code")
                self.frames.append(json.loads(output["text"]))
