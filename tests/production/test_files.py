"""Files through nginx: taken in its own time, sent by it, and to nobody else; and what it writes down."""

import http.client
import json
import re

import pytest

from tests.files.documents import pdf
from tests.files.films import mp4
from tests.production.people import Person, Upload, contact, start_chat, technician

MB = 1024 * 1024


@pytest.fixture
def sides(stack):
    """Ann and Tina in a chat: `(ann, tina, chat)`."""
    ann, tina = contact(stack, "PC-1"), technician(stack, "tina")
    return ann, tina, start_chat(ann, tina)


def address(chat):
    return f"/chats/{chat}/files/"


def test_what_one_side_sends_the_other_gets_byte_for_byte(sides):
    ann, tina, chat = sides
    for name, content in (("plan.pdf", pdf()), ("screen.mp4", mp4())):
        path, answer = ann.send(f"/agent{address(chat)}", name, content)
        assert answer.status == 201, answer.body
        got = tina.get(path.removeprefix("/agent"))
        assert (got.status, got.body) == (200, content)
        assert got.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_kept_file_is_sent_by_nginx_as_the_application_dresses_it(stack, sides):
    ann, tina, chat = sides
    path, _ = tina.send(address(chat), "screen.mp4", mp4())
    got = ann.get(f"/agent{path}")
    assert got.headers["Content-Type"] == "video/mp4"
    for name, value in {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": ann.get("/agent/").headers["Cache-Control"],
    }.items():
        assert got.headers.get_all(name) == [value], name
    # nginx's own tag: the application's is not asked for here.
    assert ann.get(f"/agent{path}", If_None_Match=got.headers["ETag"]).status == 304


def test_a_film_can_be_seeked(sides):
    ann, tina, chat = sides
    film = mp4()
    path, _ = ann.send(f"/agent{address(chat)}", "screen.mp4", film)
    part = tina.get(path.removeprefix("/agent"), Range="bytes=100-299")
    assert (part.status, part.body) == (206, film[100:300])
    assert part.headers["Content-Range"] == f"bytes 100-299/{len(film)}"
    assert tina.get(path.removeprefix("/agent"), Range=f"bytes={len(film)}-").status == 416


def test_a_stranger_gets_no_file_by_any_address(stack, sides):
    ann, _tina, chat = sides
    path, _ = ann.send(f"/agent{address(chat)}", "plan.pdf", pdf())
    assert contact(stack, "GLOBEX-PC-01").get(path).status == 404
    [(place,)] = stack.query("SELECT place FROM tickets_attachment ORDER BY id DESC LIMIT 1")
    for hidden in (f"/kept-files/{place}", f"/kept-files//{place}", f"/static/../files/{place}", f"/files/{place}"):
        assert ann.get(hidden).status in {400, 404}, hidden


def test_nginx_refuses_what_is_larger_than_any_file(sides):
    ann, _tina, chat = sides
    leave = json.loads(ann.announce(f"/agent{address(chat)}", "film.mp4", 20 * MB).body)
    headers = {"X_Upload_Grant": leave["grant"], "Content_Length": str(21 * MB + 1)}
    assert ann.ask("PUT", leave["put"], **headers).status == 413
    # Everywhere else a megabyte is the limit.
    assert ann.ask("POST", "/agent/start/", Content_Length=str(MB + 1)).status == 413


def test_a_file_of_the_largest_size_comes_in(sides):
    ann, _tina, chat = sides
    # A box of a film that players pass over.
    filler = (20 * MB - len(mp4())).to_bytes(4, "big") + b"free"
    film = mp4() + filler + bytes(20 * MB - len(mp4()) - len(filler))
    _path, answer = ann.send(f"/agent{address(chat)}", "film.mp4", film)
    assert answer.status == 201, answer.body


def test_what_is_written_down_holds_no_query_and_no_secret(stack, sides):
    ann, tina, chat = sides
    upload = Upload(ann, f"/agent{address(chat)}", "plan.pdf", pdf())
    assert upload.finish().status == 201
    assert tina.get("/tickets/?q=canary-in-a-search").status == 200
    stack.until(lambda: f'"path":"{upload.path}"' in stack.access_log and '"path":"/tickets/"' in stack.access_log)
    logs = "".join(path.read_text() for path in stack.folder.glob("*.log"))
    secrets = [*stack.secrets.values(), *ann.cookies.values(), *tina.cookies.values(), ann.token, upload.grant]
    assert [secret for secret in [*secrets, "canary-in-a-search"] if secret in logs] == []


def test_where_nginx_itself_fails_it_writes_down_no_query_either(stack, sides):
    _ann, tina, _chat = sides
    loop = stack.folder / "state" / "static" / "0123456789abcdef"
    loop.symlink_to(loop)
    try:
        # nginx cannot look at it, which is worth a line to it, and asks the application.
        tina.get(f"/static/{loop.name}/css/portal.css?q=canary-in-a-failure")
    finally:
        loop.unlink()
    stack.until(lambda: f'"path":"/static/{loop.name}/css/portal.css"' in stack.access_log)
    logs = "".join(path.read_text() for path in stack.folder.glob("*.log"))
    assert "canary-in-a-failure" not in logs


def test_pages_are_not_compressed_beside_the_secrets_in_them(sides):
    _ann, tina, _chat = sides
    page = tina.get("/chats/", Accept_Encoding="gzip")
    assert (page.status, page.headers["Content-Encoding"]) == (200, None)


def test_static_files_are_nginx_s_own_under_their_version(stack, sides):
    _ann, tina, _chat = sides
    style = re.search(r'"(/static/\w{16}/css/portal\.css)"', tina.open_home())[1]
    got = tina.get(style, Accept_Encoding="gzip")
    assert got.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert got.headers["Content-Encoding"] == "gzip"
    stack.until(lambda: re.search(rf'"path":"{style}","status":200,.*"web":""', stack.access_log))
    # Under a version that is not there the application sends what it has.
    assert tina.get(re.sub(r"\w{16}", "0123456789abcdef", style)).headers["Cache-Control"] == "no-cache"


def test_nginx_adds_no_second_header_and_keeps_what_is_not_for_people(stack, sides):
    _ann, tina, _chat = sides
    page = tina.get("/chats/")
    doubled = {name for name in page.headers if len(page.headers.get_all(name)) > 1} - {"Set-Cookie"}
    assert doubled == set()
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    assert tina.get("/metrics").status == 404


def test_plain_http_is_sent_to_tls(stack):
    connection = http.client.HTTPConnection("127.0.0.1", stack.http_port, timeout=10)
    connection.request("GET", "/tickets/?q=x", headers={"Host": "localhost"})
    got = connection.getresponse()
    assert (got.status, got.headers["Location"]) == (308, f"{stack.url}/tickets/?q=x")


def test_without_any_web_process_people_are_told_to_wait(stack):
    for tap in stack.to_web:
        tap.refuse()
    got = Person(stack, "/").get("/sign-in/")
    assert (got.status, got.headers["Retry-After"]) == (503, "3")
    assert b"tries again by itself" in got.body
