"""The contact's page in tests: a browser at a device, and what it shows."""

import json

from django.test import Client
from django.utils import timezone

from accounts.keys import hashed
from chat.agent_access import PAGE_COOKIE
from tests.cast import page_on


class Page:
    """A browser that was let in at a device: `ann = Page(desk.pc)`, then `ann.get("")`, `ann.press("start/")`."""

    def __init__(self, device=None, **headers):
        self.client = Client(headers=headers)
        self.on = page_on(device, timezone.now()) if device else None
        if self.on:
            self.client.cookies[PAGE_COOKIE] = self.on.cookie

    @property
    def token(self):
        """What the page that this browser shows sends along."""
        return hashed(self.client.cookies[PAGE_COOKIE].value, use="form")

    def get(self, path, **headers):
        return self.client.get(f"/agent/{path}", headers=headers)

    def post(self, path, /, **data):
        return self.client.post(f"/agent/{path}", data | {"csrfmiddlewaretoken": self.token})

    def post_json(self, path, words):
        return self.client.post(
            f"/agent/{path}", json.dumps(words), content_type="application/json", headers={"X-CSRFToken": self.token}
        )

    def press(self, path, /, **data):
        """A button on the page: what htmx sends."""
        return self.client.post(f"/agent/{path}", data, headers={"HX-Request": "true", "X-CSRFToken": self.token})

    def part(self, path):
        return self.get(path, **{"HX-Request": "true", "X-CSRFToken": self.token})


def text(response):
    return response.content.decode()
