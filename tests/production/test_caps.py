"""What nginx lets one address take, before the application is asked."""

import http.client
from contextlib import ExitStack, closing, suppress
from itertools import takewhile
from uuid import uuid4

import pytest

from tests.production.people import Person, contact, start_chat, technician

FILES_AT_ONCE = 60
SIGN_INS_IN_A_ROW = 200
REQUESTS_IN_A_ROW = 2000
# Far beyond every cap.
MOST_REQUESTS = 20_000
UNKNOWN = f"/agent/chats/1/files/{uuid4()}/"


def put(person, path, **headers):
    """A file of which nothing has come yet, and the connection on which it would."""
    connection = person.connect()
    connection.putrequest("PUT", path)
    for name, value in (headers | {"Content_Length": "1000000"}).items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    return connection


@pytest.fixture
def ann(stack):
    return contact(stack, "PC-1")


def test_no_file_waits_on_the_disk_without_a_leave(stack, ann):
    with closing(put(ann, UNKNOWN)) as connection:
        # Answered before any of it was sent.
        assert connection.getresponse().status == 404
    stack.until(lambda: f'"path":"{UNKNOWN}","status":404,' in stack.access_log)
    [line] = [line for line in stack.access_log.splitlines() if UNKNOWN in line]
    assert '"web":""' in line


def test_one_address_sends_so_many_files_at_once_and_others_of_its_requests_go_on(stack, ann):
    with ExitStack() as held:
        for _ in range(FILES_AT_ONCE):
            held.enter_context(closing(put(ann, UNKNOWN, X_Upload_Grant="made up")))
        # Nobody tells when nginx has read a head: tries until one is one too many.
        stack.until(lambda: is_refused(ann))
        chat = start_chat(ann, technician(stack, "tina"))
        assert ann.get(f"/agent/chats/{chat}/").status == 200
    stack.until(lambda: not is_refused(ann))


def is_refused(person):
    """Whether one more file is not waited for."""
    with closing(put(person, UNKNOWN, X_Upload_Grant="made up")) as connection:
        connection.sock.settimeout(0.5)
        with suppress(TimeoutError):
            return connection.getresponse().status == 429
    return False


@pytest.fixture
def asking(stack):
    """`asking("127.0.0.9", "GET", "/agent/")` gives the status of such requests of that address, one after the other.

    No web process is asked: what nginx lets pass it answers with 503, and fast enough to exceed any cap.
    """
    for tap in stack.to_web:
        tap.refuse()

    def ask(address, method, path):
        connection = http.client.HTTPSConnection(
            "localhost", stack.https_port, timeout=20, context=stack.trust, source_address=(address, 0)
        )
        with closing(connection):
            for _ in range(MOST_REQUESTS):
                connection.request(method, path, headers={"Content-Length": "0"})
                with connection.getresponse() as answer:
                    answer.read()
                    yield answer.status

    return ask


def passed(statuses):
    """How many passed before the first that was refused."""
    return len([*takewhile(lambda status: status == 503, statuses)])


@pytest.mark.parametrize(
    ("door", "address"), [("/sign-in/", "127.0.0.2"), ("/setup/", "127.0.0.3"), ("/agent/open/", "127.0.0.4")]
)
def test_one_address_signs_in_so_often_and_reads_on(stack, asking, door, address):
    assert SIGN_INS_IN_A_ROW <= passed(asking(address, "POST", door)) < REQUESTS_IN_A_ROW
    assert [next(asking(address, *other)) for other in (("GET", door), ("POST", "/agent/start/"))] == [503, 503]
    assert Person(stack, "/").post(door).status == 503


def test_one_address_asks_so_often_and_others_go_on(stack, asking):
    assert REQUESTS_IN_A_ROW <= passed(asking("127.0.0.5", "GET", "/agent/")) < MOST_REQUESTS
    assert Person(stack, "/").get("/agent/").status == 503
