"""The addresses of the sockets."""

from django.urls import URLPattern, path

from chat.consumers import ContactConsumer, TechnicianConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/", TechnicianConsumer.as_asgi()),
    path("agent/ws/", ContactConsumer.as_asgi()),
]
