"""Browser tests: the real server, Chromium, and one browser context for each person.

    @pytest.mark.environment(CHAT_ANSWER_WITHIN_S=3)
    def test_nobody_answers(technician_page, contact_page):
        tina, ann = technician_page("tina"), contact_page("ACME-PC-01")

Each test has a server of its own with fresh demo data, so tests see nothing of each other.
"""

import os
import re
import shutil
import uuid

import psycopg
import pytest
from playwright.sync_api import expect, sync_playwright

from tests import services
from tests.browser.server import Server
from tests.run import BROWSERS

PASSWORD = "demo"
FAILED = pytest.StashKey[bool]()
CHROMIUM_WORDS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The browser stays on this machine too.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# What a page may complain of when the test itself took the server away.
INTERRUPTION = re.compile(r"net::ERR_|WebSocket connection to|htmx:sendError")

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def browser():
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_WORDS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def seed(tmp_path_factory):
    """An installation that was started once: each test gets a copy, which starts sooner than a new one."""
    folder = tmp_path_factory.mktemp("seed")
    Server(folder, **_database_of("seed", template="template1")).start().stop()
    return folder


@pytest.fixture
def start_server(seed, tmp_path, request):
    """Start servers: `start_server(CHAT_IDLE_AFTER_S=4)`. They end with the test."""
    servers = []

    def start(**environment):
        folder = shutil.copytree(seed, tmp_path / f"server-{len(servers)}")
        (folder / "server.log").unlink()
        outside = _database_of(uuid.uuid4().hex, template="seed")
        if outside:
            outside["REDIS_URL"] = request.getfixturevalue("own_redis")
        servers.append(Server(folder, **outside, **environment))
        return servers[-1].start()

    yield start
    for server in servers:
        # A clean end takes its time, and nobody needs this data again.
        server.kill()
        if request.node.stash.get(FAILED, False):
            print(f"── {server.folder.name} printed ──\n{server.log[-8000:]}")
        if "Traceback (most recent call last)" in server.log:
            pytest.fail(f"The server printed:\n{server.log[-8000:]}", pytrace=False)


@pytest.fixture
def own_redis():
    """What is published in Redis is heard in all its databases, so servers share none."""
    with services.redis() as url:
        yield url


@pytest.fixture
def server(start_server, request):
    """The server of this test, with the environment that its mark names."""
    mark = request.node.get_closest_marker("environment")
    return start_server(**(mark.kwargs if mark else {}))


@pytest.fixture
def expected_errors():
    """Patterns of console errors that this test provokes on purpose: `expected_errors.append("409")`."""
    return []


@pytest.fixture
def new_context(browser, server, tmp_path, request, expected_errors):
    """Open browser contexts: one person each. Any error in a console fails the test, a refusal of the CSP too."""
    contexts, problems = [], []

    def open_context(**options):
        context = browser.new_context(**({"base_url": server.url, "locale": "en-US"} | options))
        context.on("console", lambda said: problems.append(_told(said)) if said.type == "error" else None)
        context.on("weberror", lambda error: problems.append(str(error.error)))
        contexts.append(context)
        return context

    yield open_context
    if request.node.stash.get(FAILED, False):
        _keep_screenshots(contexts, tmp_path)
    for context in contexts:
        context.close()
    patterns = [re.compile(pattern) for pattern in expected_errors] + [INTERRUPTION] * server.was_interrupted
    unexpected = [problem for problem in problems if not any(pattern.search(problem) for pattern in patterns)]
    if unexpected:
        request.node.stash[FAILED] = True
        pytest.fail("Errors in the browser's console:\n" + "\n".join(unexpected), pytrace=False)


@pytest.fixture
def technician_page(new_context):
    """Open a page of the portal as a technician: `technician_page("tina")`. Options are those of a context."""

    def open_page(username, **options):
        page = new_context(**options).new_page()
        page.goto("/sign-in/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).not_to_have_url(re.compile("/sign-in/"))
        return page

    return open_page


@pytest.fixture
def contact_page(new_context):
    """Open the contact's page as a device: `contact_page("ACME-PC-01", viewport={"width": 390, "height": 780})`."""

    def open_page(device_name, **options):
        page = new_context(**options).new_page()
        page.goto(f"/agent/demo/{device_name}/")
        return page

    return open_page


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


def _told(message):
    return f"{message.text} ({message.location['url']})"


def _keep_screenshots(contexts, folder):
    for number, page in enumerate(page for context in contexts for page in context.pages):
        path = folder / f"page-{number}.png"
        page.screenshot(path=path, full_page=True)
        print(f"Screenshot of {page.url}: {path}")


def _database_of(name, *, template):
    """The settings of a new database on the PostgreSQL of this run, or none on SQLite."""
    address = os.environ.get("DATABASE_URL")
    if not address:
        return {}
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    names = {"seed": f"seed_{worker}"}
    name, template = names.get(name, name), names.get(template, template)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return {"DATABASE_URL": f"{address.rpartition('/')[0]}/{name}", "SECRET_KEY": "only-for-tests"}
