"""How a file comes back (S16): whole, in parts for seeking, through nginx; under no other type than its own."""

from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from django.test import RequestFactory, override_settings

from tests.uploads import read
from tickets.attachments.models import Attachment, UploadState, kept_files
from tickets.attachments.serving import serve

CONTENT = bytes(range(256)) * 1000
LAST = len(CONTENT) - 1


@pytest.fixture
def film(db, now):
    attachment = Attachment.objects.create(
        key=uuid4(),
        name="película “2”.mp4",
        file_type="mp4",
        size=len(CONTENT),
        state=UploadState.READY,
        created_at=now,
        changed_at=now,
        sent_at=now,
    )
    kept_files().save(attachment.place, ContentFile(CONTENT))
    return attachment


def get(film, method="get", **headers):
    return serve(getattr(RequestFactory(headers=headers), method)("/"), film)


def test_the_whole_file(film):
    answer = get(film)
    assert (answer.status_code, answer["Content-Length"], answer["Accept-Ranges"]) == (200, str(len(CONTENT)), "bytes")
    assert answer["Content-Type"] == "video/mp4"
    assert read(answer) == CONTENT


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, LAST),
        ("bytes=1000-70000", 1000, 70000),
        ("bytes=255000-99999999", 255000, LAST),
        ("bytes=-500", LAST - 499, LAST),
        ("bytes=-99999999", 0, LAST),
        (f"bytes={LAST}-", LAST, LAST),
    ],
)
def test_a_part_for_seeking(film, asked, first, last):
    answer = get(film, Range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {first}-{last}/{len(CONTENT)}")
    assert read(answer) == CONTENT[first : last + 1]
    assert answer["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", [f"bytes={LAST + 1}-", "bytes=9-3", "bytes=-0"])
def test_a_part_that_is_not_there(film, asked):
    answer = get(film, Range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")


@pytest.mark.parametrize("asked", ["", "bytes=-", "bytes=a-b", "bytes=0-1,5-9", "lines=1-2", f"bytes={'9' * 400}-"])
def test_what_is_no_single_range_gets_all(film, asked):
    assert get(film, Range=asked).status_code == 200


def test_a_part_of_what_changed_is_the_whole(film):
    assert get(film, Range="bytes=0-9", **{"If-Range": '"another"'}).status_code == 200
    assert get(film, Range="bytes=0-9", **{"If-Range": f'"{film.key}"'}).status_code == 206


def test_what_the_browser_has_is_not_sent_again(film):
    assert get(film, **{"If-None-Match": f'"{film.key}"'}).status_code == 304


def test_only_asked_about_nothing_is_sent(film):
    answer = get(film, "head")
    assert (answer["Content-Length"], answer.content) == (str(len(CONTENT)), b"")


def test_one_that_is_gone_from_the_disk_is_not_found(film):
    kept_files().delete(film.place)
    with pytest.raises(Http404):
        get(film)


def test_its_name_is_safe_in_a_header(film):
    film.name = 'a"b\r\nSet-Cookie: x=1.pdf'
    assert "\n" not in get(film)["Content-Disposition"]
    film.name = "película.mp4"
    assert get(film)["Content-Disposition"] == "attachment; filename*=utf-8''pel%C3%ADcula.mp4"


@override_settings(FILES_X_ACCEL="/kept-files/")
def test_behind_nginx_nginx_sends_it(film):
    answer = get(film, Range="bytes=0-9")
    assert answer["X-Accel-Redirect"] == f"/kept-files/{film.place}"
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Security-Policy"].startswith("sandbox; ")
