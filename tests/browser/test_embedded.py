"""The contact's page in a frame of another site, over TLS: where an admin named the site, and nowhere else."""

import ssl
import subprocess
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

from tests import services
from tests.browser.proxy import Proxy
from tests.browser.steps import accept, bubbles, button, composer, say

pytestmark = pytest.mark.main_job
WRITE = "(field, words) => { field.value = words; field.form.requestSubmit(); }"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A certificate of our own, as an SSLContext."""
    folder = tmp_path_factory.mktemp("tls")
    names = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    words = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names)
    files = (folder / "key.pem", folder / "certificate.pem")
    subprocess.run([*words, "-keyout", files[0], "-out", files[1]], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[1], files[0])
    return context


@pytest.fixture
def front(start_server, tls):
    """The help desk over TLS at 127.0.0.1."""
    port = services.free_port()
    server = start_server(PUBLIC_URL=f"https://127.0.0.1:{port}")
    with Proxy(server.port, port=port, tls=tls) as front:
        front.server = server
        yield front


@pytest.fixture
def intranet(tmp_path, front):
    """Another site, at localhost, with the page of ACME-PC-01 in a frame."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(
        f'<!doctype html><title>Intranet</title><iframe src="{front.url}/agent/demo/ACME-PC-01/"'
        ' width="420" height="640"></iframe>'
    )
    (site / "favicon.ico").touch()
    handler = partial(Quiet, directory=site)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def embed(front, origin):
    front.server.arrange(
        f"from accounts.models import Installation; Installation.objects.update(embedding_origins='{origin}')"
    )


def test_a_chat_in_a_frame_of_a_site_that_the_admin_named(front, intranet, new_context, technician_page):
    embed(front, intranet)
    page = new_context(ignore_https_errors=True, base_url=intranet).new_page()
    page.goto("/")
    frame = page.frame_locator("iframe")
    tina = technician_page("tina", base_url=front.url, ignore_https_errors=True)
    # The driver of Firefox sends neither clicks nor keys into frames of another site.
    button(frame, "Start chat").dispatch_event("click")
    expect(frame.get_by_role("heading", name="Asking our technicians")).to_be_visible()
    accept(tina)
    say(tina, "Do you see this?")
    expect(bubbles(frame)).to_have_text(["Do you see this?"])
    composer(frame).evaluate(WRITE, "In the intranet, yes")
    expect(bubbles(tina)).to_have_text(["Do you see this?", "In the intranet, yes"])
    page.reload()
    expect(bubbles(frame)).to_have_text(["Do you see this?", "In the intranet, yes"])


def test_another_site_shows_nothing_of_it(front, intranet, new_context, expected_errors):
    expected_errors.append("frame|X-Frame-Options|127.0.0.1|Failed to load")
    embed(front, "https://elsewhere.example.com")
    page = new_context(ignore_https_errors=True, base_url=intranet).new_page()
    page.goto("/")
    expect(page.locator("iframe")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_role("button", name="Start chat")).to_have_count(0)
