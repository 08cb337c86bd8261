"""Files on the pages of a chat: what its form lets through, what stands beside the thread and in the list (S16)."""

import json
import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Installation
from tests.agent import Page
from tests.cast import talking
from tests.files import documents, pictures
from tests.uploads import Sender
from tickets.templatetags.files import ending, frame, stem

ALLOWED = "PDF, DOC, DOCX, XLS, XLSX, MSI, MP3, MP4, PNG, JPEG, GIF, WebP"


@pytest.fixture
def chat(desk):
    return talking(desk, timezone.now())


@pytest.fixture
def portal(desk):
    client = Client()
    client.force_login(desk.tina, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def agent(desk, chat):
    return Page(desk.pc)


def form_of(page):
    """What the composer says of what it takes."""
    attributes = re.search(r'<form class="hd-composer"([^>]*)>', page).group(1)
    return {name: unescape(value) for name, value in re.findall(r'data-([a-z-]+)="([^"]*)"', attributes)}


def test_the_form_knows_the_limits_and_the_servers_sentences(portal, chat):
    page = portal.get(f"/chats/{chat.pk}/").content.decode()
    form = form_of(page)
    assert form["to"] == f"/chats/{chat.pk}/files/"
    assert form["max-bytes"] == str(20 * 1024 * 1024)
    assert json.loads(form["refusals"]) == {
        "too_large": "{size} MB. The limit is 20 MB a file.",
        "type": f"This type is not allowed. Allowed: {ALLOWED}",
        "empty": "This file is empty. It was not sent.",
    }
    assert set(form["endings"].split()) >= {"pdf", "jpg", "jpeg", "msi"}
    assert 'accept=".pdf,.doc,' in page


def test_each_side_is_told_what_it_may_send(portal, agent, chat):
    Installation.objects.update(is_contact_msi_allowed=False, max_file_mb=5, file_types=["pdf", "msi"])
    by_technician = form_of(portal.get(f"/chats/{chat.pk}/").content.decode())
    page = agent.client.get(f"/agent/chats/{chat.pk}/").content.decode()
    by_contact = form_of(page)
    assert by_technician["endings"] == "pdf msi"
    assert by_contact["endings"] == "pdf"
    assert by_contact["to"] == f"/agent/chats/{chat.pk}/files/"
    assert "by technicians" in json.loads(by_contact["refusals"])["msi"]
    assert "Drop to send to Tina, 5 MB each" in page


def test_beside_the_thread_stand_its_files_the_newest_first(portal, agent, chat):
    Sender(portal, f"/chats/{chat.pk}/files/").send("Saved-passwords.pdf", documents.pdf())
    Sender(agent.client, f"/agent/chats/{chat.pk}/files/", **{"X-CSRFToken": agent.token}).send("x.png", pictures.png())
    page = portal.get(f"/chats/{chat.pk}/").content.decode()
    beside = page[page.index("Files of this chat") :]
    assert re.findall(r'download="([^"]+)"', beside) == ["x.png", "Saved-passwords.pdf"]
    assert beside.index("· Ann ·") < beside.index("· Tina ·")


@pytest.mark.parametrize(("by", "words"), [("tina", "You sent rota.pdf"), ("ann", "Sent rota.pdf")])
def test_the_list_says_who_sent_which_file(portal, agent, chat, by, words):
    senders = {
        "tina": Sender(portal, f"/chats/{chat.pk}/files/"),
        "ann": Sender(agent.client, f"/agent/chats/{chat.pk}/files/", **{"X-CSRFToken": agent.token}),
    }
    senders[by].send("rota.pdf", documents.pdf())
    assert f">{words}<" in portal.get("/chats/list/").content.decode()


@pytest.mark.parametrize(
    ("size", "drawn"),
    [((1400, 900), (320, 206)), ((390, 844), (111, 240)), ((16, 16), (16, 16)), ((1, 9000), (1, 240))],
)
def test_a_picture_keeps_its_room_and_its_shape(size, drawn):
    attributes = frame(dict(zip(("width", "height"), size, strict=True)), "320x240")
    assert attributes == 'width="{}" height="{}"'.format(*drawn)


def test_the_end_of_a_long_name_stays_in_sight():
    name = "a-list-of-everybody-who-came-2026.xlsx"
    assert stem(name) + ending(name) == name
    assert ending(name) == "me-2026.xlsx"
    assert (stem("short.pdf"), ending("short.pdf")) == ("", "short.pdf")
