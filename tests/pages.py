"""Every page that can be opened, found by the address patterns: a new one is not forgotten. And what is read on it."""

import re
from html.parser import HTMLParser

from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from chat.viewers import at_device
from tests.cast import asked, say, talking, ticket_of

SPOKEN_ATTRIBUTES = {"alt", "aria-label", "data-label", "data-title", "placeholder", "title"}
UNSEEN = {"script", "style"}


def lived_in(desk):
    """Let a chat be under way, one wait, a ticket be there; returns what stands in the places of the addresses."""
    now = timezone.now()
    chat = talking(desk, now, about="The printer jams")
    say(chat, at_device(desk.pc), "Again", now)
    asked(desk, now, at=desk.eves_pc)
    ticket = ticket_of(desk, now, device=desk.pc)
    return {
        "customers/<int:pk>": desk.acme.pk,
        "contacts/<int:pk>": desk.ann.pk,
        "devices/<int:pk>": desk.pc.pk,
        "tickets/<int:number>": ticket.number,
        "chats/<int:pk>": chat.pk,
        "agent/chats/<int:pk>": chat.pk,
        "agent/tickets/<int:number>": ticket.number,
        "admin/accounts/customer/<path:object_id>": desk.acme.pk,
        "admin/accounts/contact/<path:object_id>": desk.ann.pk,
        "admin/accounts/installation/<path:object_id>": 1,
        "admin/accounts/technician/<path:object_id>": desk.tina.pk,
        "admin/accounts/technician/<id>": desk.tina.pk,
        "admin/devices/device/<path:object_id>": desk.pc.pk,
        "admin/tickets/ticket/<path:object_id>": ticket.pk,
        "admin/chat/chatsession/<path:object_id>": chat.pk,
    }


def in_the_portal(desk, language):
    """The browser of an admin who reads this language."""
    desk.tina.is_staff = desk.tina.is_superuser = True
    desk.tina.language = language
    desk.tina.save()
    client = Client()
    client.force_login(desk.tina)
    return client


def patterns(resolver=None, before=""):
    """Every address pattern as one string, such as `devices/<int:pk>/chats/`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = before + str(pattern.pattern)
        yield from patterns(pattern, address) if hasattr(pattern, "url_patterns") else [address]


def addresses(values):
    """The address patterns with their places filled in: `values` is {"devices/<int:pk>": 7, …}; others are left out."""
    for pattern in patterns():
        address = pattern
        for place, value in values.items():
            if address.startswith(place):
                address = address.replace(place, re.sub(r"<.*?>", str(value), place), 1)
        if "<" not in address and "(" not in address:
            yield f"/{address}"


def pages(client, values, *, under="/"):
    """(address, the texts on it) of every page that this client can open by itself."""
    for address in addresses(values):
        if address.startswith(under):
            answer = client.get(address)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                yield address, read_on(answer.content.decode())


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.unseen, self.heard = 0, []

    def handle_starttag(self, tag, attrs):
        self.unseen += tag in UNSEEN
        given = dict(attrs)
        spoken = [given[name] or "" for name in SPOKEN_ATTRIBUTES & given.keys()]
        self.heard += [*spoken, given.get("value") or ""] if given.get("type") == "submit" else spoken

    def handle_endtag(self, tag):
        self.unseen -= tag in UNSEEN

    def handle_data(self, data):
        if not self.unseen:
            self.heard.append(data)


def read_on(html):
    """Everything that a person reads or hears on a page, text by text."""
    reader = Reader()
    reader.feed(html)
    texts = [" ".join(text.split()) for text in reader.heard]
    return [text for text in texts if text]
