"""Browser tests: the real server, one browser, and one browser context for each person.

    @pytest.mark.environment(CHAT_ANSWER_WITHIN_S=3)
    def test_nobody_answers(technician_page, contact_page):
        tina, ann = technician_page("tina"), contact_page("ACME-PC-01")

Each test begins with fresh demo data. Tests with the same environment use one server, one after the other; a test that
stops it, or asks for `start_server`, has it for itself. `pytest --firefox` drives Firefox instead of Chromium; those
marked `main_job` must pass in both.
"""

import json
import os
import re
import shutil
import uuid

import psycopg
import pytest
from playwright.sync_api import expect, sync_playwright

from tests import services
from tests.browser import browsers
from tests.browser.proxy import Proxy
from tests.browser.server import Server
from tests.browser.steps import accept, ask, composer, sign_in

TECHNICIANS = ("tina", "omar", "admin")
FAILED = pytest.StashKey[bool]()
# What a page may complain of when the test itself took the server away.
INTERRUPTION = r"net::ERR_|WebSocket connection to|htmx:sendError|(server at|connection to) ws://"

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def browser(request):
    launch = browsers.firefox if request.config.getoption("firefox") else browsers.chromium
    with sync_playwright() as playwright:
        browser = launch(playwright)
        if browser is None:
            pytest.skip("no such browser on this machine")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def seed(tmp_path_factory, browser):
    """An installation that was started once: each test gets a copy, which starts sooner than a new one.

    Its technicians have signed in; the cookies of each stand beside the data.
    """
    folder = tmp_path_factory.mktemp("seed")
    server = Server(folder, **_database_of("seed", template="template1")).start()
    for username in TECHNICIANS:
        with browser.new_context(base_url=server.url) as context:
            sign_in(context.new_page(), username)
            (folder / f"{username}.json").write_text(json.dumps(context.cookies()))
    server.stop()
    return folder


@pytest.fixture
def start_server(seed, tmp_path, request):
    """Start servers: `start_server(CHAT_IDLE_AFTER_S=4)`. They end with the test."""
    servers = []

    def start(**environment):
        server = _copy(seed, tmp_path / f"server-{len(servers)}", request, environment)
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        # A clean end takes its time, and nobody needs this data again.
        server.kill()
        _look_into_log(server, request)


@pytest.fixture(scope="session")
def shared_servers():
    """Environment → a server that tests use one after the other."""
    servers = {}
    yield servers
    for server in servers.values():
        server.kill()


@pytest.fixture
def server(seed, shared_servers, tmp_path_factory, request):
    """The server of this test, with the environment that its mark names and with fresh data."""
    mark = request.node.get_closest_marker("environment")
    environment = mark.kwargs if mark else {}
    key = json.dumps(environment, sort_keys=True)
    server = shared_servers.pop(key, None)
    if server:
        server.put_back(seed)
    else:
        server = _copy(seed, tmp_path_factory.mktemp("server") / "data", request, environment).start()
    yield server
    if server.was_interrupted or os.environ.get("DATABASE_URL"):
        server.kill()
    else:
        shared_servers[key] = server
    _look_into_log(server, request)


@pytest.fixture
def empty_server(tmp_path, request):
    """An installation that nobody has used yet: no demonstration, and nobody who can sign in."""
    folder = tmp_path / "empty"
    folder.mkdir()
    server = Server(folder, DEMO=0, **_outside(request, template="template1")).start()
    yield server
    server.kill()
    _look_into_log(server, request)


@pytest.fixture
def own_redis():
    """What is published in Redis is heard in all its databases, so servers share none."""
    with services.redis() as url:
        yield url


# What Firefox says of a page that was left before everything on it had come.
LEFT = r"status=2152398850|htmx:(sendAbort|afterRequest)"


@pytest.fixture
def expected_errors():
    """Patterns of console errors that this test provokes on purpose: `expected_errors.append("409")`."""
    return []


@pytest.fixture
def proxy(server, expected_errors):
    """A bad connection to the server: pages come through it that are opened with `base_url=proxy.url`."""
    expected_errors.append(INTERRUPTION)
    with Proxy(server.port) as proxy:
        yield proxy


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
    in_the_test = list(problems)
    if request.node.stash.get(FAILED, False):
        # A screenshot's own style is refused by the pages' CSP, and that is said too.
        _keep_screenshots(contexts, tmp_path)
    for context in contexts:
        context.close()
    patterns = [re.compile(pattern) for pattern in [LEFT, *expected_errors, *[INTERRUPTION] * server.was_interrupted]]
    unexpected = [problem for problem in in_the_test if not any(pattern.search(problem) for pattern in patterns)]
    if unexpected:
        request.node.stash[FAILED] = True
        pytest.fail("Errors in the browser's console:\n" + "\n".join(unexpected), pytrace=False)


@pytest.fixture
def technician_page(new_context, seed):
    """Open a page of the portal as a technician: `technician_page("tina", "/tickets/")`; options as of a context."""

    def open_page(username, address="/", **options):
        context = new_context(**options)
        context.add_cookies(json.loads((seed / f"{username}.json").read_text()))
        page = context.new_page()
        page.goto(address)
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


@pytest.fixture
def talking(technician_page, contact_page):
    """Tina in Chats and Ann on her device, in the middle of a chat in which nothing was said yet."""
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    ask(ann)
    accept(tina)
    expect(composer(ann)).to_be_visible()
    return tina, ann


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


def _copy(seed, folder, request, environment):
    """A server with a copy of the seed, not started yet."""
    shutil.copytree(seed, folder)
    (folder / "server.log").unlink()
    return Server(folder, **_outside(request, template="seed"), **environment)


def _outside(request, *, template):
    """The settings of a new database and a Redis of its own, or none where the server brings both itself."""
    outside = _database_of(uuid.uuid4().hex, template=template)
    if outside:
        outside["REDIS_URL"] = request.getfixturevalue("own_redis")
    return outside


def _look_into_log(server, request):
    """Show what the server printed beside a failure; a traceback is one."""
    if request.node.stash.get(FAILED, False):
        print(f"── {server.folder} printed ──\n{server.log[-8000:]}")
    is_meant = request.node.get_closest_marker("fault")
    if "Traceback (most recent call last)" in server.log and not is_meant:
        pytest.fail(f"The server printed:\n{server.log[-8000:]}", pytrace=False)


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
