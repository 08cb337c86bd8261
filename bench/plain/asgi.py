import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.plain.settings")

pages = get_asgi_application()
from bench.plain.consumers import ChatConsumer  # noqa: E402 - it imports models

routes = URLRouter([path("ws/chat/<int:chat>/", ChatConsumer.as_asgi())])
application = ProtocolTypeRouter(
    {"http": pages, "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(routes))},
)
