"""The contact's page in tests: a browser at a device, and what it shows."""

from django.test import Client
from django.utils import timezone

from chat.agent_access import PAGE_COOKIE
from tests.cast import page_on


class Page:
    """A browser that was let in at a device: `ann = Page(desk.pc)`, then `ann.get("")`, `ann.press("start/")`."""

    def __init__(self, device=None, **headers):
        self.client = Client(headers=headers)
        self.on = page_on(device, timezone.now()) if device else None
        if self.on:
            self.client.cookies[PAGE_COOKIE] = self.on.cookie

    def get(self, path, **headers):
        return self.client.get(f"/agent/{path}", headers=headers)

    def post(self, path, /, **data):
        return self.client.post(f"/agent/{path}", data)

    def press(self, path, /, **data):
        """A button on the page: what htmx sends."""
        return self.client.post(f"/agent/{path}", data, headers={"HX-Request": "true"})

    def part(self, path):
        return self.get(path, **{"HX-Request": "true"})


def text(response):
    return response.content.decode()
