"""Sends the files below `/static/` from memory, without the middleware and threads that pages need.

WhiteNoise and Django hand over synchronous iterators, which under ASGI means a warning and a thread for each file.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings

from helpdesk.assets import Asset, asset

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

FOR_EVER = b"public, max-age=31536000, immutable"
ASK_AGAIN = b"no-cache"


def with_static_files(pages: Application) -> Application:
    """`pages`, with everything below STATIC_URL answered here."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(settings.STATIC_URL):
            await pages(scope, receive, send)
        elif scope["method"] not in {"GET", "HEAD"}:
            await _send(send, 405, [(b"allow", b"GET, HEAD")])
        else:
            found, is_fixed = asset(scope["path"].removeprefix(settings.STATIC_URL))
            await _send_file(scope, send, found, FOR_EVER if is_fixed else ASK_AGAIN)

    return answer


async def _send_file(scope: Scope, send: Send, found: Asset | None, keep: bytes) -> None:
    if found is None:
        await _send(send, 404, [(b"content-type", b"text/plain")], b"Not found")
        return
    asked = dict(scope["headers"])
    etag = f'"{found.digest}"'.encode()
    headers = [(b"etag", etag), (b"cache-control", keep), (b"vary", b"accept-encoding")]
    if etag in asked.get(b"if-none-match", b""):
        await _send(send, 304, headers)
        return
    body = found.packed if b"gzip" in asked.get(b"accept-encoding", b"") else None
    if body is not None:
        headers.append((b"content-encoding", b"gzip"))
    headers += [(b"content-type", found.type.encode()), (b"x-content-type-options", b"nosniff")]
    await _send(send, 200, headers, body or found.body, is_head=scope["method"] == "HEAD")


async def _send(send: Send, status: int, headers: Headers, body: bytes = b"", *, is_head: bool = False) -> None:
    if status != 304:
        headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else body})
