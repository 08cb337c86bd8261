"""The server as a person runs it: one process that starts, refuses, keeps and ends."""

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests import services
from tests.browser.server import ROOT, Server
from tests.websocket import WebSocket

MEGABYTE = 1024 * 1024
PORT_TAKEN, FOLDER_TAKEN, JOBS_DIED = 3, 4, 5


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with demo data that the tests below share; it must end cleanly after all of them."""
    server = Server(tmp_path_factory.mktemp("data")).start()
    yield server
    server.stop()


def serve(folder, *, program=("manage.py",), **environment):
    """Start a server that is expected not to: returns how it ended, with what it printed."""
    own = {"DATA_DIR": str(folder), "HOST": "127.0.0.1", "PORT": str(services.free_port()), "DEMO": "1"} | environment
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    command = [sys.executable, *program, "serve"]
    return subprocess.run(
        command, cwd=ROOT, env=inherited | own, capture_output=True, text=True, timeout=60, check=False
    )


def sign_in(server, username):
    """The Cookie header of a technician."""
    jar = HTTPCookieProcessor()
    browser = build_opener(jar)
    page = browser.open(f"{server.url}/sign-in/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    fields = {"username": username, "password": "demo", "csrfmiddlewaretoken": token}
    browser.open(f"{server.url}/sign-in/", urlencode(fields).encode()).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar.cookiejar)


def query(server, sql):
    with sqlite3.connect(server.folder / "helpdesk.sqlite3") as database:
        return database.execute(sql).fetchall()


def test_the_end_is_told_to_open_pages_and_the_next_start_keeps_everything(tmp_path):
    server = Server(tmp_path).start()
    socket = WebSocket(server.port, "/ws/", cookie=sign_in(server, "tina"))
    assert socket.receive()["type"] == "hello"
    server._processes[0].send_signal(signal.SIGTERM)
    frames = [frame for frame in iter(socket.receive, 4012) if frame["type"] == "restarting"]
    # Fails when it does not end by itself, within seconds and with 0.
    server.stop()
    assert len(frames) == 1
    [(tickets,)] = query(server, "SELECT count(*) FROM tickets_ticket")
    query(server, "UPDATE tickets_ticket SET title = 'Kept' WHERE number = 1001")
    server.start()
    server._processes[0].send_signal(signal.SIGINT)
    server.stop()
    assert query(server, "SELECT count(*), min(title) FROM tickets_ticket WHERE title = 'Kept'") == [(1, "Kept")]
    assert query(server, "SELECT count(*) FROM tickets_ticket") == [(tickets,)]


def test_it_prints_where_to_go_and_who_to_be(server):
    for words in (f"{server.url}/\n", "tina, omar, admin", "“demo”", f"{server.url}/agent/demo/ACME-PC-01/"):
        assert words in server.log


def test_a_second_copy_on_the_same_folder_is_refused(server):
    ended = serve(server.folder)
    assert ended.returncode == FOLDER_TAKEN
    assert re.search(r"Another Helpdesk \(process \d+\) is using the folder", ended.stderr)


def test_a_taken_port_is_an_error_and_not_a_silent_end(server, tmp_path):
    ended = serve(tmp_path, PORT=str(server.port))
    assert ended.returncode == PORT_TAKEN
    assert f"Port {server.port}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_demonstration_does_not_start_where_others_can_reach_it(tmp_path):
    ended = serve(tmp_path, HOST="0.0.0.0")
    assert ended.returncode == 1
    assert "helpdesk.E002" in ended.stderr


def test_a_folder_with_known_passwords_does_not_become_a_real_installation(server, tmp_path):
    copy = sqlite3.connect(tmp_path / "helpdesk.sqlite3")
    with sqlite3.connect(server.folder / "helpdesk.sqlite3") as original:
        original.backup(copy)
    copy.close()
    ended = serve(tmp_path, DEMO="0")
    assert ended.returncode == 1
    assert "passwords of admin, omar, tina" in ended.stderr


def test_a_server_whose_clock_has_stopped_stops_too(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "import manage, celery.beat\n"
        "celery.beat.Service.start = lambda self: None\n"
        "manage.main()\n"
    )
    ended = serve(tmp_path / "data", program=(str(program),))
    assert ended.returncode == JOBS_DIED
    assert "“Beat”" in ended.stderr


def test_an_empty_installation_prints_the_code_that_makes_its_first_admin(tmp_path):
    server = Server(tmp_path, DEMO="0").start()
    assert re.search(r"one-time code: \d{12}\n", server.log)
    assert f"{server.url}/setup/" in server.log
    server.stop()


def peak_memory(server):
    status = Path(f"/proc/{server._processes[0].pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


@pytest.mark.parametrize("is_chunked", [False, True], ids=["declared", "chunked"])
def test_a_body_of_50_mb_is_refused_with_memory_flat(server, is_chunked):
    before = peak_memory(server)
    chunk = bytes(MEGABYTE)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    if not is_chunked:
        headers["Content-Length"] = str(50 * MEGABYTE)
    connection.request("POST", "/sign-in/", iter([chunk] * 50), headers, encode_chunked=is_chunked)
    assert connection.getresponse().status == 413
    assert peak_memory(server) - before < 8 * MEGABYTE


def memory_now(server):
    status = Path(f"/proc/{server._processes[0].pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


def test_the_memory_of_passwords_is_given_back(server):
    def sign_in_wrongly(number):
        browser = build_opener(HTTPCookieProcessor())
        page = browser.open(f"{server.url}/sign-in/").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        fields = {"username": f"nobody{number}", "password": "wrong", "csrfmiddlewaretoken": token}
        return "Sign in" in browser.open(f"{server.url}/sign-in/", urlencode(fields).encode()).read().decode()

    assert sign_in_wrongly(0)
    before = memory_now(server)
    with ThreadPoolExecutor(8) as many:
        assert all(many.map(sign_in_wrongly, range(1, 17)))
    assert memory_now(server) - before < 48 * MEGABYTE


def test_a_body_is_not_invited_that_would_be_refused(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest("POST", "/sign-in/")
    connection.putheader("Expect", "100-continue")
    connection.putheader("Content-Length", str(50 * MEGABYTE))
    connection.endheaders()
    assert connection.getresponse().status == 413


def test_a_request_that_drips_in_is_cut_off(tmp_path):
    server = Server(tmp_path, REQUEST_ARRIVES_WITHIN_S="0.5").start()
    with socket.socket() as slow:
        slow.settimeout(10)
        slow.connect(("127.0.0.1", server.port))
        slow.sendall(b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nuser")
        assert b" 408 " in slow.recv(1000)
    server.stop()


def test_a_socket_to_nowhere_is_told_so(server):
    socket = WebSocket(server.port, "/nowhere/")
    assert socket.status == 101
    assert socket.receive() == 4404


def test_a_socket_from_another_site_is_refused(server):
    assert WebSocket(server.port, "/ws/", origin="https://evil.example").status == 403


def test_a_socket_from_another_port_of_this_host_is_refused(server):
    assert WebSocket(server.port, "/ws/", origin=f"http://127.0.0.1:{server.port + 1}").status == 403


def test_a_frame_of_a_megabyte_closes_its_socket_only(server):
    cookie = sign_in(server, "omar")
    loud, quiet = (WebSocket(server.port, "/ws/", cookie=cookie) for _ in range(2))
    assert loud.receive()["type"] == quiet.receive()["type"] == "hello"
    loud.send("x" * MEGABYTE)
    # What other pages do may be told first; then it is cut, and the rest is not read.
    assert all(isinstance(frame, dict) for frame in iter(loud.receive, None))
    quiet.send('{"type": "sync", "chats": {"999": 0}}')
    assert any(frame.get("code") == "not_found" for frame in iter(quiet.receive, None))


def fetch(server, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


def test_static_files_are_packed_and_kept_for_ever_under_their_version(server):
    _, page = fetch(server, "/sign-in/")
    address = re.search(r'href="(/static/\w{16}/css/portal\.css)"', page.decode())[1]
    answer, body = fetch(server, address, **{"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(body) == int(answer.headers["Content-Length"])
    unversioned, _ = fetch(server, "/static/css/portal.css", **{"If-None-Match": answer.headers["ETag"]})
    assert (unversioned.status, unversioned.headers["Cache-Control"]) == (304, "no-cache")


@pytest.mark.parametrize("name", ["nothing.css", "", "css", "..%2fmanage.py", "%2e%2e/manage.py", "/etc/passwd", "%00"])
def test_what_is_no_static_file_is_not_found(server, name):
    answer, _ = fetch(server, f"/static/{name}")
    assert answer.status == 404
