"""The vocabulary (S0): an MSP has customers and contacts, an IT department sites and users, on every screen alike."""

import re
from dataclasses import fields

import polib
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.actions import save_installation
from accounts.models import Contact, Customer
from accounts.words import WORDS, Vocabulary, speaking
from tests.agent import Page
from tests.pages import in_the_portal, lived_in, pages

MSP = re.compile(r"\b(customers?|contacts?|clientes?|contactos?)\b", re.I)
IT = re.compile(r"\b(sites?|users?|sitios?|usuarios?)\b", re.I)
# No customers and no contacts: what one signs in with, how Django calls its admin, the labels of the choice itself.
OTHERWISE = re.compile(
    r"nombres? de usuario|this admin site|este sitio de administración"
    "|Service provider: customers and contacts|IT department: sites and users"
    "|Proveedor de servicios: clientes y contactos|Departamento de TI: sitios y usuarios",
    re.I,
)
PLACEHOLDER = re.compile(r"%\(\w+\)\w|\{\w+\}")


@pytest.fixture
def here(desk, clock):
    """The cast in the midst of it; `here.values` stands in the places of every address."""
    desk.values = lived_in(desk)
    return desk


def choose(desk, vocabulary):
    desk.installation.vocabulary = vocabulary
    save_installation(desk.installation, ["vocabulary"], timezone.now())


def wrong(found, nouns):
    said = {
        address: [text for text in texts if nouns.search(OTHERWISE.sub("", text))] for address, texts in found.items()
    }
    return {address: texts for address, texts in said.items() if texts}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("vocabulary", "nouns"), [(Vocabulary.IT, MSP), (Vocabulary.MSP, IT)])
def test_every_page_of_the_portal_and_the_admin_follows_it(here, vocabulary, nouns, language):
    choose(here, vocabulary)
    found = dict(pages(in_the_portal(here, language), here.values))
    assert {
        "/chats/",
        "/customers/",
        f"/contacts/{here.ann.pk}/",
        "/admin/",
        "/admin/accounts/contact/",
    } <= found.keys()
    assert wrong(found, nouns) == {}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("vocabulary", "nouns"), [(Vocabulary.IT, MSP), (Vocabulary.MSP, IT)])
def test_every_page_at_a_device_follows_it(here, vocabulary, nouns, language):
    choose(here, vocabulary)
    found = {}
    for device in (here.pc, here.free_pc, here.eves_pc, here.mac):
        page = Page(device, **{"Accept-Language": language})
        found |= {f"{device}{address}": texts for address, texts in pages(page.client, here.values, under="/agent/")}
    assert {f"{here.pc}/agent/tickets/", f"{here.free_pc}/agent/identity/"} <= found.keys()
    assert wrong(found, nouns) == {}


def test_no_sentence_names_them_outright():
    """Every text of ours takes the words as placeholders, also those that no page of this test shows."""
    catalogue = polib.pofile(str(settings.LOCALE_PATHS[0] / "es" / "LC_MESSAGES" / "django.po"))
    nouns = {str(word) for words in WORDS.values() for word in (getattr(words, field.name) for field in fields(words))}
    for entry in catalogue:
        sentences = {entry.msgid, entry.msgid_plural} - nouns
        texts = [PLACEHOLDER.sub("", OTHERWISE.sub("", text)) for text in sentences]
        assert not [text for text in texts if MSP.search(text) or IT.search(text)], entry.msgid


@pytest.mark.parametrize(
    ("language", "vocabulary", "word"),
    [("en", "msp", "contacts"), ("en", "it", "users"), ("es", "msp", "contactos"), ("es", "it", "usuarios")],
)
def test_names_of_models_follow_it_within_a_request(language, vocabulary, word):
    with translation.override(language), speaking(lambda: vocabulary):
        assert str(Contact._meta.verbose_name_plural) == word


def test_outside_a_request_it_asks_no_database():
    """As where migrations are compared with the models: this test has no database to ask."""
    assert (str(Contact._meta.verbose_name), str(Customer._meta.verbose_name)) == ("contact", "customer")


def test_a_page_reads_the_setting_once(desk, client):
    client.force_login(desk.tina)
    client.get("/customers/")
    with CaptureQueriesContext(connection) as asked_for:
        client.get("/customers/")
    assert len([query for query in asked_for if "accounts_installation" in query["sql"]]) == 1
