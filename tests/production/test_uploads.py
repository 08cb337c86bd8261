"""Uploads that should not be: refused with memory flat, through nginx and past it (HAZARDS 20, 23, 27)."""

import http.client
import json
import re
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial

import pytest

from tests.files.documents import pdf
from tests.files.sounds import long_mp3
from tests.production.held import MEGABYTE, figures, forget_peak, memory
from tests.production.invariants import hold
from tests.production.load import heard
from tests.production.people import contact, start_chat, technician
from tests.races import at_once

GROWTH = 12 * MEGABYTE
AT_ONCE = 3
# nginx and a web process alike wait so long for what does not come.
SILENT_S = 30
# Whoever asks here waits longer than those.
PATIENT_S = 60
FULL_AT = 8 * MEGABYTE


@pytest.fixture
def sides(stack):
    """Ann and Tina in a chat: `(ann, tina, chat)`."""
    ann, tina = contact(stack, "PC-1"), technician(stack, "tina")
    return ann, tina, start_chat(ann, tina)


def through_nginx(person):
    connection = person.connect()
    connection.timeout = PATIENT_S
    return connection


def straight(person):
    """To a web process itself, as somebody on its machine could."""
    return http.client.HTTPConnection("127.0.0.1", person.stack.webs[0].port, timeout=PATIENT_S)


both_ways = pytest.mark.parametrize("way", [through_nginx, straight], ids=["through nginx", "straight"])


def answer_to(way, person, method, path, body, **headers):
    """The status, however much of the body was taken; None where the line was cut before an answer was read."""
    own = {"Cookie": person.cookie, "Origin": person.stack.url, "X-CSRFToken": person.token, "Host": "localhost"}
    with closing(way(person)) as connection:
        connection.putrequest(method, path, skip_host=True)
        for name, value in (own | headers).items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        try:
            for piece in body:
                connection.send(piece)
        except OSError:
            # Refused in the middle; what was said first can still be read, or cannot.
            pass
        try:
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None


def leave_for(ann, chat, name="song.mp3", size=5 * MEGABYTE):
    return json.loads(ann.announce(f"/agent/chats/{chat}/files/", name, size).body)


def put(way, ann, chat, body, **headers):
    leave = leave_for(ann, chat)
    status = answer_to(way, ann, "PUT", leave["put"], body, X_Upload_Grant=leave["grant"], **headers)
    # Only so many of one person may be waited for.
    assert ann.ask("DELETE", leave["put"]).status == 204
    return status


def chunks(count):
    for _ in range(count):
        yield b"10000\r\n" + bytes(0x10000) + b"\r\n"
    yield b"0\r\n\r\n"


def told(stack):
    """How often somebody was told 413, by nginx or by a web process: whose line was cut may not have read it."""
    counted = re.compile(r'(?m)^helpdesk_bodies_refused_total\{status="413"\} ([\d.]+)$')
    return stack.access_log.count('"status":413,') + sum(sum(map(float, figures(web, counted))) for web in stack.webs)


@contextmanager
def flat(stack, refused=0):
    """So many are refused; memory of the web processes stays where it is, and no half of a file is left on the disk."""
    were_told = told(stack)
    for web in stack.webs:
        forget_peak(web)
    before = [memory(web, "VmHWM") for web in stack.webs]
    yield
    stack.until(lambda: told(stack) - were_told >= refused)
    grown = [memory(web, "VmHWM") - old for web, old in zip(stack.webs, before, strict=True)]
    assert max(grown) < GROWTH
    stack.until(lambda: not left_behind(stack))


def left_behind(stack):
    folders = [stack.folder / "state" / "uploads", stack.folder / "spool"]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


@both_ways
def test_what_declares_too_much_is_refused_before_it_comes(stack, sides, way):
    ann, _tina, chat = sides
    with flat(stack, refused=2 + 2 * AT_ONCE):
        for size in (21 * MEGABYTE, 500 * MEGABYTE):
            assert put(way, ann, chat, (), Content_Length=str(22 * MEGABYTE)) == 413
            huge = partial(put, way, ann, chat, (bytes(MEGABYTE) for _ in range(3)), Content_Length=str(size + 2**20))
            assert set(at_once(*[huge] * AT_ONCE)) <= {413, None}


@both_ways
def test_more_than_was_announced_is_refused(stack, sides, way):
    ann, _tina, chat = sides
    with flat(stack, refused=2):
        more = [bytes(MEGABYTE)] * 18
        assert put(way, ann, chat, more, Content_Length=str(18 * MEGABYTE)) in {413, None}
        assert put(way, ann, chat, chunks(18 * 16), Transfer_Encoding="chunked") in {413, None}


@both_ways
def test_chunks_that_do_not_end_are_cut_off(stack, sides, way):
    ann, _tina, chat = sides
    with flat(stack, refused=AT_ONCE + 1):
        endless = [partial(put, way, ann, chat, chunks(16_000), Transfer_Encoding="chunked") for _ in range(AT_ONCE)]
        assert set(at_once(*endless, timeout_s=60)) <= {413, None}
        assert answer_to(way, ann, "POST", "/agent/start/", chunks(16_000), Transfer_Encoding="chunked") in {413, None}


async def test_what_does_not_come_is_not_waited_for_and_holds_up_nobody(stack, sides, talking):
    ann, _tina, chat = sides
    leave = leave_for(ann, chat)
    silent = [
        partial(
            answer_to, through_nginx, ann, "PUT", leave["put"], [bytes(1000)],
            X_Upload_Grant=leave["grant"], Content_Length=str(MEGABYTE),
        ),
        partial(answer_to, through_nginx, ann, "POST", "/agent/start/", [b"about"], Content_Length="1000"),
        partial(answer_to, straight, ann, "POST", "/agent/start/", [b"about"], Content_Length="1000"),
    ]  # fmt: skip
    began = time.monotonic()
    with ThreadPoolExecutor(len(silent)) as threads:
        waiting = [threads.submit(request) for request in silent]
        async with talking("PC-2") as [talk]:
            await heard(talk)
            # nginx keeps what comes slowly to itself: no web process is held by it but by the one that asked it.
            assert sum(tap.lines for tap in stack.to_web) == len(talk.pages)
            await hold(stack, talk)
        # nginx cuts the line, and says why in its log alone.
        assert [one.result() for one in waiting] == [None, None, 408]
    assert time.monotonic() - began >= SILENT_S - 1
    for path in (leave["put"], "/agent/start/"):
        stack.until(lambda path=path: f'"path":"{path}","status":408,' in stack.access_log)
    stack.until(lambda: not left_behind(stack))


def test_what_is_not_what_it_says_is_refused(stack, sides):
    ann, tina, chat = sides
    page = b"<!doctype html><script>alert(1)</script>"
    with flat(stack):
        for name, content in (("film.mp4", pdf()), ("plan.pdf", page), ("song.mp3", b"MZ" + bytes(4000))):
            assert ann.send(f"/agent/chats/{chat}/files/", name, content)[1].status == 415, name
        assert tina.announce(f"/chats/{chat}/files/", "setup.exe", 1000).status == 415
    assert "file" not in [kind for _seq, kind, *_ in stack.log(chat)]


NAME = 'plan"; x=1\r\nX-Evil: 1\u202efdp.\N{PILE OF POO} <b>{{ 7*7 }}.pdf'


def test_a_file_name_stays_a_name_on_its_way_through_nginx(stack, sides):
    ann, tina, chat = sides
    path, answer = ann.send(f"/agent/chats/{chat}/files/", NAME, pdf())
    assert answer.status == 201
    got = tina.get(path.removeprefix("/agent"))
    assert (got.status, got.body, got.headers["X-Evil"]) == (200, pdf(), None)
    [disposition] = got.headers.get_all("Content-Disposition")
    assert disposition.startswith("attachment; ")
    # What turns the direction of reading would have it look like another kind of file.
    assert "%E2%80%AE" not in disposition


async def test_a_full_disk_is_said_and_the_chat_goes_on(stack, talking):
    """No web process may write a file of more than 8 MB: what a disk says when it is full comes to the same."""
    song = long_mp3(12 * MEGABYTE)
    async with talking("PC-1") as [talk]:
        ann, address = talk.contact.person, f"/agent/chats/{talk.chat}/files/"
        with full_disk(stack), flat(stack):
            answer = ann.send(address, "song.mp3", song)[1]
            assert answer.status == 507, answer.body
            await heard(talk)
        kept = [path for path in (stack.folder / "state" / "files").rglob("*") if path.is_file()]
        path, answer = ann.send(address, "song.mp3", song)
        assert answer.status == 201, answer.body
        assert talk.technician.person.get(path.removeprefix("/agent")).body == song
        assert len([path for path in (stack.folder / "state" / "files").rglob("*") if path.is_file()]) == len(kept) + 1
        await hold(stack, talk)


@contextmanager
def full_disk(stack):
    before = {web: resource.prlimit(web.process.pid, resource.RLIMIT_FSIZE) for web in stack.webs}
    for web, (_soft, hard) in before.items():
        resource.prlimit(web.process.pid, resource.RLIMIT_FSIZE, (FULL_AT, hard))
    try:
        yield
    finally:
        for web, limits in before.items():
            resource.prlimit(web.process.pid, resource.RLIMIT_FSIZE, limits)
