"""Files through the real server: memory stays flat, whatever is thrown at it (HAZARDS cases 19, 20, 23)."""

import http.client
import json
import re
import resource
import socket
from contextlib import suppress
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.browser.server import Server
from tests.files import sounds
from tests.services import until
from tests.test_serve import memory_now, peak_memory

MEGABYTE = 1024 * 1024
GROWTH = 12 * MEGABYTE
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Ann:
    """The person at ACME-PC-01, in a chat with Tina."""

    def __init__(self, server):
        self.server = server
        self.headers = {"Cookie": "", "Accept": "application/json"}
        page = self.ask("GET", "/agent/demo/ACME-PC-01/")
        self.headers["Cookie"] = page.getheader("Set-Cookie").partition(";")[0]
        home = self.ask("GET", "/agent/").read().decode()
        self.headers["X-CSRFToken"] = re.search(r'"X-CSRFToken": "([^"]+)"', home)[1]
        self.ask("POST", "/agent/start/", urlencode({"client_id": uuid4()}), **FORM)
        server.arrange(
            "from chat.actions import accept; from chat.models import *; from chat.viewers import AtDesk;"
            "from accounts.models import Technician; from django.utils import timezone;"
            "tina = Technician.objects.get(username='tina');"
            "accept(ChatSession.objects.get().pk, AtDesk(tina.pk), timezone.now())"
        )

    def ask(self, method, address, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request(method, address, body, self.headers | headers)
        return connection.getresponse()

    def announce(self, name, size):
        said = json.dumps({"key": str(uuid4()), "name": name, "size": size})
        return json.load(self.ask("POST", "/agent/chats/1/files/", said))

    def put(self, leave, body, **headers):
        return self.ask("PUT", leave["put"], body, **{"X-Upload-Grant": leave["grant"]} | headers)

    def open_put(self, leave, length):
        """A PUT whose bytes this test sends by itself."""
        own = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        words = f"PUT {leave['put']} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\n{own}"
        words += f"X-Upload-Grant: {leave['grant']}\r\nContent-Length: {length}\r\n\r\n"
        line = socket.create_connection(("127.0.0.1", self.server.port), timeout=30)
        line.sendall(words.encode("latin1"))
        return line


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("data"), UPLOAD_ARRIVES_WITHIN_S=3, CHAT_IDLE_AFTER_S=600).start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def ann(server):
    return Ann(server)


@pytest.fixture(scope="module")
def song():
    return sounds.long_mp3(18 * MEGABYTE)


def left_behind(server):
    return list((server.folder / "uploads").iterdir())


def test_a_large_file_comes_and_goes_with_memory_flat(server, ann, song):
    before = peak_memory(server)
    leave = ann.announce("song.mp3", len(song))
    assert ann.put(leave, song).status == 201
    assert ann.ask("GET", leave["put"]).read() == song
    assert peak_memory(server) - before < GROWTH
    assert left_behind(server) == []


def test_whoever_does_not_read_keeps_nothing_in_memory(server, ann, song):
    leave = ann.announce("song.mp3", len(song))
    ann.put(leave, song).read()
    before = memory_now(server)
    readers = [ann.ask("GET", leave["put"]) for _ in range(5)]
    for reader in readers:
        reader.read(MEGABYTE)
    assert memory_now(server) - before < GROWTH
    assert readers[0].read() == song[MEGABYTE:]
    for reader in readers:
        reader.close()


@pytest.mark.parametrize("size", [21 * MEGABYTE, 500 * MEGABYTE])
def test_more_than_was_announced_is_refused_at_the_first_header(server, ann, size):
    leave = ann.announce("song.mp3", 5 * MEGABYTE)
    with ann.open_put(leave, size) as line:
        assert line.recv(100).startswith(b"HTTP/1.1 413 ")
    assert left_behind(server) == []


def test_without_a_leave_nothing_large_comes_in(ann):
    leave = ann.announce("song.mp3", 5 * MEGABYTE)
    for grant in ("", "made up", "\xff\xfe", leave["grant"][:-1] + "x"):
        with ann.open_put(leave | {"grant": grant}, 5 * MEGABYTE) as line:
            assert line.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_leave_is_good_for_the_bytes_of_its_file_alone(server, ann):
    leave = ann.announce("song.mp3", 5 * MEGABYTE)
    for words in (
        "POST /sign-in/ HTTP/1.1\r\n",
        "GET /agent/ws/ HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
            own = f"Host: localhost\r\nX-Upload-Grant: {leave['grant']}\r\nContent-Length: {5 * MEGABYTE}\r\n\r\n"
            line.sendall((words + own).encode())
            assert line.recv(100).startswith(b"HTTP/1.1 413 ")
    assert left_behind(server) == []


def test_the_next_try_takes_the_place_of_a_line_that_broke_unseen(server, ann, song):
    leave = ann.announce("song.mp3", len(song))
    with ann.open_put(leave, len(song)) as line:
        line.sendall(song[: len(song) // 2])
        until(lambda: left_behind(server))
        assert ann.put(leave, song).status == 201
        with suppress(ConnectionResetError):
            assert line.recv(100) == b""
    until(lambda: left_behind(server) == [])


def test_in_chunks_that_never_end_it_is_cut_off(server, ann):
    leave = ann.announce("song.mp3", MEGABYTE)
    chunks = (bytes(65536) for _ in range(16_000))
    with pytest.raises((BrokenPipeError, ConnectionResetError, AssertionError)):
        assert ann.put(leave, chunks, **{"Transfer-Encoding": "chunked"}).status != 413
    until(lambda: left_behind(server) == [])


def test_what_drips_in_is_cut_off(server, ann):
    with ann.open_put(ann.announce("song.mp3", MEGABYTE), MEGABYTE) as line:
        line.sendall(bytes(1000))
        assert line.recv(100).startswith(b"HTTP/1.1 408 ")
    assert left_behind(server) == []


def test_a_connection_that_breaks_leaves_nothing_and_the_file_can_be_sent_again(server, ann, song):
    leave = ann.announce("song.mp3", len(song))
    with ann.open_put(leave, len(song)) as line:
        line.sendall(song[: len(song) // 2])
        until(lambda: left_behind(server))
    until(lambda: left_behind(server) == [])
    assert ann.put(leave, song).status == 201


def test_a_server_that_ends_in_the_middle_ends_cleanly_and_takes_the_file_afterwards(tmp_path, song):
    server = Server(tmp_path, CHAT_IDLE_AFTER_S=600).start()
    ann = Ann(server)
    leave = ann.announce("song.mp3", len(song))
    with ann.open_put(leave, len(song)) as line:
        line.sendall(song[: len(song) // 2])
        until(lambda: left_behind(server))
        server.stop()
    server.start()
    assert ann.put(leave, song).status == 201
    server.stop()


def test_a_full_disk_is_said_and_the_chat_goes_on(tmp_path, song):
    """The process may write no file of more than 8 MB: what a disk says when it is full comes to the same."""
    server, limit = Server(tmp_path).start(), 8 * MEGABYTE
    resource.prlimit(server._processes[0].pid, resource.RLIMIT_FSIZE, (limit, limit))
    try:
        ann = Ann(server)
        leave = ann.announce("song.mp3", len(song))
        with ann.open_put(leave, len(song)) as line:
            line.sendall(song[: limit + MEGABYTE])
            assert line.recv(100).startswith(b"HTTP/1.1 507 ")
        until(lambda: left_behind(server) == [])
        said = json.dumps({"client_id": str(uuid4()), "body": "Text goes on"})
        assert ann.ask("POST", "/agent/chats/1/messages/", said).status == 200
    finally:
        server.stop()
