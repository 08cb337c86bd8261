"""Inside other pages: the contact's page in a frame of the sites that the admin names, and nowhere else."""

import pytest
from django.test import Client, override_settings

from accounts.models import Installation
from accounts.origins import StrangeOrigin, one_origin, read_origins
from chat.agent_access import PAGE_COOKIE
from tests.admin import admin_desk, save, send
from tests.agent import Page

SITE = "https://intranet.example.com"
SETTINGS = "/admin/accounts/installation/1/change/"


def frames_of(answer):
    [found] = [part for part in answer["Content-Security-Policy"].split("; ") if part.startswith("frame-ancestors")]
    return found.removeprefix("frame-ancestors ")


def test_nobody_embeds_anything_unless_the_admin_says_so(desk):
    answer = Page(desk.pc).get("")
    assert (frames_of(answer), answer["X-Frame-Options"]) == ("'none'", "DENY")


def test_a_named_site_embeds_the_contacts_page_alone(desk, client):
    Installation.objects.update(embedding_origins=f"{SITE}\nhttps://other.example.com:8443")
    answer = Page(desk.pc).get("")
    assert frames_of(answer) == f"{SITE} https://other.example.com:8443"
    assert "X-Frame-Options" not in answer
    client.force_login(desk.tina, "django.contrib.auth.backends.ModelBackend")
    for address in ("/chats/", "/password/"):
        portal = client.get(address)
        assert portal["X-Frame-Options"] == "DENY"
        assert frames_of(portal) == "'none'"


def test_who_has_no_page_reads_so_in_the_frame(desk):
    Installation.objects.update(embedding_origins=SITE)
    answer = Client().get("/agent/")
    assert (answer.status_code, frames_of(answer)) == (401, SITE)


@pytest.mark.parametrize(("sites", "is_https", "kind"), [("", True, "Lax"), (SITE, True, "None"), (SITE, False, "Lax")])
def test_the_cookie_goes_into_a_frame_only_where_one_is_allowed(desk, sites, is_https, kind):
    Installation.objects.update(embedding_origins=sites)
    with override_settings(IS_HTTPS=is_https, SESSION_COOKIE_SECURE=is_https):
        secret = Page(desk.pc).on.secret
        browser = Client()
        browser.post("/agent/open/", {"secret": secret}, content_type="application/json")
    cookie = browser.cookies[PAGE_COOKIE]
    assert (cookie["samesite"], cookie["path"], bool(cookie["httponly"])) == (kind, "/agent/", True)
    assert ("Partitioned" in cookie.OutputString()) == (kind == "None")
    assert bool(cookie["secure"]) == is_https


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://intranet.example.com/", SITE),
        (" HTTPS://Intranet.Example.com:443/some/page?x#y ", SITE),
        ("https://intranet.example.com:8443", f"{SITE}:8443"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ("http://localhost:3000", "http://localhost:3000"),
    ],
)
def test_a_site_has_one_form(typed, origin):
    assert one_origin(typed) == origin


@pytest.mark.parametrize(
    "typed",
    [
        "intranet.example.com",
        "http://intranet.example.com",
        "https://*.example.com",
        "*",
        "'self'",
        "https://",
        "https://a b.example",
        "https://a.example; script-src *",
        "https://user@a.example",
        "https://a.example:99999",
        "https://[::1",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_site_over_tls_is_refused(typed):
    with pytest.raises(StrangeOrigin):
        read_origins(f"{SITE}\n{typed}")


def test_the_admin_names_them_one_a_line(client, db):
    admin_desk(client)
    save(client, SETTINGS, embedding_origins=f"{SITE}/\n\n {SITE} \nhttps://two.example")
    assert Installation.objects.get().embedders == [SITE, "https://two.example"]
    refused = send(client, SETTINGS, embedding_origins="http://intranet.example.com")
    assert "is not an origin" in refused.content.decode()
    assert Installation.objects.get().embedders == [SITE, "https://two.example"]
