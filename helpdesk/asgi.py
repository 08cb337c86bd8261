"""The way in for everything that comes from the network: pages over HTTP, live events over WebSockets."""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import CookieMiddleware
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import re_path

from helpdesk.access import named
from helpdesk.doors import OwnPagesOnly
from helpdesk.static import with_static_files
from helpdesk.turns import Turns

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

NO_SUCH_SOCKET = 4404

# Loads the rooms, and so stands before everything that imports a model.
pages = get_asgi_application()
from chat.routing import websocket_urlpatterns  # noqa: E402 - it imports models
from helpdesk.probes import Probes  # noqa: E402 - it imports models


async def refuse(_scope: Any, receive: Any, send: Any) -> Any:
    """Answers a socket to an unknown address: accepted first, because a browser cannot read a refused handshake."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": NO_SUCH_SOCKET})


routes = URLRouter([*websocket_urlpatterns, re_path(r"", refuse)])
# Who it is, each consumer reads from the cookies, and again at every beat.
sockets = named(OwnPagesOnly(CookieMiddleware(routes)))
in_turns = Turns(pages, at_once=settings.REQUESTS_AT_ONCE)
application = ProtocolTypeRouter({"http": Probes(with_static_files(in_turns)), "websocket": sockets})
