"""What holds on every page, whichever room it is in: its policy, its language, its closed door; and the outbox."""

import psycopg
import pytest
from django.core.mail import EmailMessage, get_connection
from django.db import InternalError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from helpdesk.client import address
from helpdesk.csp import HEADER, ContentSecurityPolicyMiddleware
from helpdesk.outbox import letters
from helpdesk.views import server_error
from tests.cast import technician

NOTHING_INLINE = {"script-src 'self'", "style-src 'self'", "default-src 'self'", "object-src 'none'", "base-uri 'none'"}


@pytest.fixture
def tina(db):
    return technician("tina", name="Tina Okafor")


@pytest.mark.parametrize("path", ["/sign-in/", "/admin/", "/nowhere/"])
def test_every_page_forbids_what_is_inline_and_frames(client, tina, path):
    headers = client.get(path).headers
    assert set(headers[HEADER].split("; ")) >= NOTHING_INLINE | {"frame-ancestors 'none'"}
    assert (headers["X-Frame-Options"], headers["Referrer-Policy"]) == ("DENY", "same-origin")
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/chats/", "/customers/", "/sign-in/", "/agent/", "/admin/"])
def test_no_cache_keeps_what_a_person_reads(client, tina, path):
    client.force_login(tina)
    assert "private" in client.get(path).headers["Cache-Control"]


def test_an_answer_with_a_policy_of_its_own_keeps_it():
    middleware = ContentSecurityPolicyMiddleware(lambda _request: HttpResponse(headers={HEADER: "sandbox"}))
    assert middleware(RequestFactory().get("/")).headers[HEADER] == "sandbox"


def test_the_language_is_the_persons_choice_and_else_the_browsers(client, tina):
    client.force_login(tina)
    spanish = {"Accept-Language": "es"}
    assert client.get("/customers/", headers=spanish).headers["Content-Language"] == "es"
    tina.language = "en"
    tina.save()
    assert client.get("/customers/", headers=spanish).headers["Content-Language"] == "en"


@pytest.mark.parametrize("name", ["Mozilla/4.0 (compatible; MSIE 8.0)", "Mozilla/5.0 (Trident/7.0; rv:11.0)"])
@pytest.mark.parametrize("path", ["/agent/", "/sign-in/", "/chats/"])
def test_internet_explorer_reads_what_to_use(client, db, path, name):
    page = client.get(path, headers={"User-Agent": name}).content.decode()
    assert "Please use Edge, Firefox or Chrome." in page
    assert "<script" not in page


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(client, db):
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/customers/?q=acme"}
    answer = client.get("/customers/", headers=asked)
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=/customers/%3Fq%3Dacme"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),
        (1, "", "9.9.9.9"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, forwarded, expected):
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="9.9.9.9", headers={"X-Forwarded-For": forwarded})
    assert address(request) == expected


@pytest.fixture
def outbox(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path / "outbox"
    return get_connection("helpdesk.outbox.EmailBackend")


def write(outbox, subject, body):
    EmailMessage(subject, body, to=["ann@acme.example"], headers={"Message-ID": "<1@x>"}, connection=outbox).send()


def test_each_mail_is_a_file_that_a_person_can_read(outbox, settings):
    write(outbox, "Your token", "Grüße,\n\n012345\n\n" + "long words " * 200)
    write(outbox, "Another", "…")
    first, _second = sorted(settings.OUTBOX_DIR.iterdir())
    lines = first.read_text().splitlines()
    assert {"To: ann@acme.example", "Subject: Your token", "Message-ID: <1@x>", "Grüße,", "012345"} <= set(lines)
    assert [letter.headers["Subject"] for letter in letters()] == ["Another", "Your token"]


def test_mail_is_shown_in_the_demonstration_to_technicians_only(client, tina, outbox, settings):
    write(outbox, "Your <b>token</b>", "012345")
    settings.DEMO = True
    assert client.get("/outbox/").status_code == 302
    client.force_login(tina)
    page = client.get("/outbox/").content.decode()
    assert "Your &lt;b&gt;token&lt;/b&gt;" in page
    assert "012345" in page
    settings.DEMO = False
    assert client.get("/outbox/").status_code == 404


def hung():
    error = InternalError("terminating connection")
    error.__cause__ = psycopg.errors.IdleInTransactionSessionTimeout()
    return error


@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError(), 503), (hung(), 503), (InternalError(), 500), (ValueError(), 500)]
)
def test_who_meets_a_database_that_is_away_is_told_to_ask_again(error, status):
    try:
        raise error
    except Exception:
        answer = server_error(RequestFactory().get("/"))
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, "5" if status == 503 else None)
