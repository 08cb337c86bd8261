"""Spanish and English (S0, D12): complete, chosen per person, and each page, line and mail in its reader's own."""

import re
import subprocess
import sys

import polib
import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import actions as actions_of_people
from accounts.file_types import FileType
from accounts.mail import send_due
from accounts.models import Contact
from chat import actions
from chat.viewers import at_desk, at_device
from tests import sockets
from tests.agent import Page, text
from tests.cast import asked, offered, page_on
from tests.pages import in_the_portal, lived_in, pages
from tests.sockets import do

CATALOGUE = settings.LOCALE_PATHS[0] / "es" / "LC_MESSAGES" / "django.po"
ENTRIES = [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%%|\{\w+\}|</?\w+[^>]*>")
HTMX = {"HX-Request": "true"}
# What has the same name in every language: people, places and things of this test, and what is typed or read as it is.
NAMES = re.compile(
    r"Helpdesk|HelpDesk Agent|Acme|Globex|(ACME|GLOBEX)-\w+-\d+|Tina Okafor|Omar Haddad|Ann Keller|Eve Stone"
    r"|\b[A-Z]{2}\b|Printer jams|The printer jams|Again|Professional|Growth|Power|Superpower|Windows|Mac|Linux"
    r"|English|Español|\S+@\S+|\b(en|es|tina|omar|Tina|Omar|Ann|Eve|Okafor|Haddad)\b|Shift|Enter|Esc|Alt|Ctrl|F\d"
    r"|\b\d+ Mar\b|\b([Cc]hats?|[Tt]ickets?|Admin|No|Plan|Token)\b"
)


@pytest.fixture
def here(desk, clock):
    """The cast in the midst of it; `here.values` stands in the places of every address."""
    desk.values = lived_in(desk)
    return desk


# Complete.


def forms_of(entry):
    """(text, what is said for it) of every form of an entry: one, or singular and plural."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]


def test_every_text_is_translated_for_sure():
    assert [entry.msgid for entry in ENTRIES if not entry.translated() or entry.fuzzy] == []
    assert [text for entry in ENTRIES for text, said in forms_of(entry) if not said.strip()] == []


def test_every_translation_has_the_same_places_in_it():
    def shape(text):
        return sorted(PLACEHOLDER.findall(text)), text.endswith("\n")

    assert [text for entry in ENTRIES for text, said in forms_of(entry) if shape(text) != shape(said)] == []


def test_what_is_compiled_and_marked_is_what_the_catalogue_says():
    done = subprocess.run(
        [sys.executable, "locale/update", "--check"], check=False, cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.returncode == 0


def untranslated(english, spanish):
    """Texts that are the same in both, though they are no name and no term that is the same."""
    same = {entry.msgid for entry in ENTRIES if entry.msgid == entry.msgstr} | set(FileType.labels)
    both = {text for text in set(english) & set(spanish) if text not in same}
    return {text for text in both if re.search(r"[^\W\d_]{2}", NAMES.sub("", text))}


def test_no_page_of_the_portal_and_the_admin_stays_english(here):
    english, spanish = (dict(pages(in_the_portal(here, language), here.values)) for language in ("en", "es"))
    assert {"/chats/", "/tickets/", "/admin/", f"/devices/{here.pc.pk}/"} <= english.keys() == spanish.keys()
    left = {address: untranslated(texts, spanish[address]) for address, texts in english.items()}
    assert {address: texts for address, texts in left.items() if texts} == {}


def test_no_page_at_a_device_stays_english(here):
    for device in (here.pc, here.free_pc, here.eves_pc, here.mac):
        english, spanish = (
            dict(pages(Page(device, **{"Accept-Language": language}).client, here.values, under="/agent/"))
            for language in ("en", "es")
        )
        assert {"/agent/tickets/", "/agent/tickets/new/"} <= english.keys() == spanish.keys()
        left = {address: untranslated(texts, spanish[address]) for address, texts in english.items()}
        assert {address: texts for address, texts in left.items() if texts} == {}


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/tickets/", "Tickets"),
        ("/devices/", "Dispositivos"),
        ("/customers/", "Clientes"),
        ("/no/such/", "Aquí no hay nada"),
    ],
)
def test_headings_in_spanish(here, address, heading):
    assert f"<h1>{heading}</h1>" in text(in_the_portal(here, "es").get(address))


# Chosen.


@pytest.mark.parametrize(
    ("browser", "own", "read"), [("es-MX,es;q=0.9", "", "es"), ("es", "en", "en"), ("fr", "", "en"), ("en", "es", "es")]
)
def test_a_technician_reads_their_choice_else_the_browsers(desk, browser, own, read):
    client = Client(headers={"Accept-Language": browser})
    client.force_login(desk.tina)
    assert client.post("/language/", {"language": own}, headers=HTMX).headers["HX-Refresh"] == "true"
    assert f'<html lang="{read}"' in text(client.get("/tickets/"))


def test_a_language_that_is_not_spoken_is_refused(desk, client):
    client.force_login(desk.tina)
    assert client.post("/language/", {"language": "xx"}).status_code == 400
    assert Page(desk.pc).press("language/", language="xx").status_code == 400


def test_a_contact_takes_their_choice_to_every_device(desk):
    assert Page(desk.pc).press("language/", language="es").headers["HX-Refresh"] == "true"
    assert "¿En qué podemos ayudarle?" in text(Page(desk.pc, **{"Accept-Language": "en"}).get(""))


def test_somebody_unknown_keeps_the_choice_in_this_browser(desk):
    page = Page(desk.free_pc, **{"Accept-Language": "en"})
    page.press("language/", language="es")
    assert '<html lang="es"' in text(page.get(""))
    assert page.client.cookies["hd_language"]["path"] == "/agent/"
    assert '<html lang="en"' in text(Page(desk.free_pc, **{"Accept-Language": "en"}).get(""))


def test_what_was_chosen_before_the_identity_is_the_persons_afterwards(desk, clock):
    page = Page(desk.free_pc, **{"Accept-Language": "en"})
    page.press("language/", language="es")
    page.press("identity/", name="Ana Ruiz", email="ana@acme.example")
    send_due(timezone.now())
    [letter] = mail.outbox
    assert letter.subject == "Su token para Servicio de asistencia"
    page.press("identity/token/", token=re.search(r"^\d{6}$", letter.body, re.M)[0])
    assert Contact.objects.get(email="ana@acme.example").language == "es"


@pytest.mark.parametrize(("address", "status"), [("/no/such/", 404), ("/agent/no/such/", 404), ("/sign-in/", 200)])
def test_strangers_read_the_browsers_language(db, address, status):
    answer = Client(headers={"Accept-Language": "es"}).get(address)
    assert (answer.status_code, '<html lang="es"' in text(answer)) == (status, True)


def test_what_is_refused_is_said_in_the_browsers_language(db):
    stranger = Client(headers={"Accept-Language": "es"}, enforce_csrf_checks=True)
    assert "Esta página no estaba al día" in text(stranger.post("/sign-in/"))
    guesser = Client(headers={"Accept-Language": "es"})
    for _ in range(5):
        answer = guesser.post("/sign-in/", {"username": "tina", "password": "wrong"})
    assert "El inicio de sesión está bloqueado" in text(answer)


def test_internet_explorer_is_told_in_the_browsers_language(db):
    page = Client(headers={"Accept-Language": "es", "User-Agent": "Mozilla/5.0 Trident/7.0"}).get("/")
    assert "Use Edge, Firefox o Chrome." in text(page)


# Lines of a chat.


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Tina Okafor asked to chat, Someone at ACME-PC-02 accepted"),
        ("es", "Tina Okafor pidió un chat, Alguien en ACME-PC-02 aceptó"),
    ],
)
async def test_a_line_is_pushed_to_each_in_their_own_language(language, line, desk):
    now = timezone.now()
    await do(actions_of_people.set_language, desk.tina, language)
    chat = await do(offered, desk, now, at=desk.free_pc)
    cookie = sockets.agent_cookie((await do(page_on, desk.free_pc, now)).cookie)
    portal = sockets.Page("/ws/", await do(sockets.portal_cookie, desk.tina))
    async with portal, sockets.Page("/agent/ws/", cookie, language="es-ES") as page:
        for side in (portal, page):
            await side.wait("hello")
        await do(actions.accept, chat.pk, at_device(desk.free_pc), now)
        assert line in (await portal.wait("event", kind="accepted"))["html"]
        assert "Tina Okafor se unió al chat" in (await page.wait("event", kind="accepted"))["html"]


@pytest.mark.django_db(transaction=True)
async def test_who_was_faster_is_told_in_the_readers_language(desk):
    now = timezone.now()
    await do(actions_of_people.set_language, desk.tina, "es")
    async with sockets.Page("/ws/", await do(sockets.portal_cookie, desk.tina)) as portal:
        await portal.wait("hello")
        chat = await do(asked, desk, now)
        await portal.wait("rings", rings=[chat.pk])
        await do(actions.accept, chat.pk, at_desk(desk.omar), now)
        assert (await portal.wait("rings", rings=[]))["over"]["words"] == "Ann Keller: Omar Haddad tomó este chat"
