"""What nginx lets one address take, before the application is asked."""

from contextlib import ExitStack, closing, suppress
from uuid import uuid4

import pytest

from tests.production.people import contact, start_chat, technician

FILES_AT_ONCE = 60
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
