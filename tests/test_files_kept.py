"""Where files are kept and when they go (S16): what became no message, what belonged to something that was deleted."""

import errno
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import override_settings
from django.utils import timezone

from chat import actions as chats
from chat.models import ChatSession
from chat.viewers import at_desk, at_device, uploader_of
from helpdesk.celery import app
from tests.cast import talking
from tests.files import documents
from tests.races import at_once
from tickets.attachments import actions
from tickets.attachments.actions import NewFile
from tickets.attachments.models import KEPT_UNSENT_FOR, Attachment, UploadState, kept_files
from tickets.attachments.names import clean_name
from tickets.refusals import Refusal, Refused

PDF = documents.pdf()


def begun(by, now, key=None):
    return actions.begin(NewFile(key=key or uuid4(), name="invoice.pdf", size=len(PDF)), by=by, now=now)


def ready(by, now, folder):
    body = folder / uuid4().hex
    body.write_bytes(PDF)
    return actions.receive(begun(by, now), body, by=by, now=now)


def is_kept(attachment):
    return kept_files().exists(attachment.place)


@pytest.fixture
def ann(desk):
    return uploader_of(at_device(desk.pc))


def test_what_came_is_moved_not_copied_to_a_place_nobody_guesses(ann, now, tmp_path):
    attachment = ready(ann, now, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert kept_files().size(attachment.place) == len(PDF)
    assert "invoice" not in attachment.place
    assert attachment.place != ready(ann, now, tmp_path).place


def test_it_lies_outside_of_every_public_path(settings, ann, now, tmp_path):
    kept = Path(kept_files().path(ready(ann, now, tmp_path).place))
    public = [settings.STATIC_ROOT, *settings.STATICFILES_DIRS]
    assert not any(kept.is_relative_to(folder) for folder in public)
    assert kept.stat().st_mode & 0o007 == 0


def test_what_became_no_message_goes_after_an_hour(ann, now, tmp_path):
    unsent = ready(ann, now, tmp_path)
    assert actions.forget(now + KEPT_UNSENT_FOR - timedelta(seconds=1)) == 0
    assert is_kept(unsent)
    assert actions.forget(now + KEPT_UNSENT_FOR) == 1
    assert not is_kept(unsent)
    assert not Attachment.objects.exists()


def test_what_was_sent_stays_as_long_as_its_chat(desk, ann, now, tmp_path):
    chat = talking(desk, now)
    sent = ready(ann, now, tmp_path)
    chats.post_file(chat.pk, at_device(desk.pc), sent, now)
    assert actions.forget(now + timedelta(days=400)) == 0
    assert is_kept(sent)
    ChatSession.objects.get().delete()
    assert actions.forget(now + timedelta(minutes=5)) == 1
    assert not is_kept(sent)


def test_a_refused_file_is_forgotten_too(ann, now):
    cancelled = begun(ann, now)
    actions.cancel(cancelled, by=ann, now=now)
    assert actions.forget(now + KEPT_UNSENT_FOR) == 1


def test_what_a_killed_server_left_of_a_request_goes(settings, db):
    settings.UPLOADS_DIR.mkdir(parents=True, exist_ok=True)
    left = settings.UPLOADS_DIR / "left"
    left.write_bytes(b"half")
    actions.forget(timezone.now())
    assert left.exists()
    actions.forget(timezone.now() + timedelta(hours=1, minutes=1))
    assert not left.exists()


def test_a_look_that_was_killed_can_be_taken_again(ann, now, tmp_path):
    attachment = begun(ann, now)
    Attachment.objects.update(state=UploadState.CHECKING)
    body = tmp_path / "body"
    body.write_bytes(PDF)
    with pytest.raises(Refused) as refused:
        actions.receive(attachment, body, by=ann, now=now)
    assert refused.value.reason == Refusal.BUSY
    assert actions.receive(attachment, body, by=ann, now=now + timedelta(minutes=3)).state == UploadState.READY


def test_a_full_disk_is_a_refusal_and_nothing_is_half_written(ann, now, tmp_path, monkeypatch):
    def full(*args, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    attachment = begun(ann, now)
    body = tmp_path / "body"
    body.write_bytes(PDF)
    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "_save", full)
        with pytest.raises(Refused) as refused:
            actions.receive(attachment, body, by=ann, now=now)
    assert refused.value.reason == Refusal.NO_ROOM
    assert not is_kept(attachment)
    assert actions.receive(attachment, body, by=ann, now=now).state == UploadState.READY


def test_a_look_that_was_thought_dead_takes_nothing_from_the_next(ann, now, tmp_path, monkeypatch):
    attachment = begun(ann, now)
    bodies = [tmp_path / name for name in ("first", "second")]
    for body in bodies:
        body.write_bytes(PDF)
    look = actions.examine

    def slow(path, file_type):
        """While the first is looked into, the second try comes and is through."""
        monkeypatch.setattr(actions, "examine", look)
        actions.receive(attachment, bodies[1], by=ann, now=now + timedelta(minutes=3))
        return look(path, file_type)

    monkeypatch.setattr(actions, "examine", slow)
    with pytest.raises(Refused):
        actions.receive(attachment, bodies[0], by=ann, now=now)
    kept = Attachment.objects.get()
    assert (kept.state, is_kept(kept)) == (UploadState.READY, True)


def test_a_fault_of_the_storage_is_no_full_disk_and_leaves_room_for_another_try(ann, now, tmp_path, monkeypatch):
    def broken(*args, **more):
        raise PermissionError

    attachment = begun(ann, now)
    body = tmp_path / "body"
    body.write_bytes(PDF)
    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "_save", broken)
        with pytest.raises(PermissionError):
            actions.receive(attachment, body, by=ann, now=now)
    assert actions.receive(attachment, body, by=ann, now=now).state == UploadState.READY


def test_one_that_cannot_be_removed_does_not_stop_the_others(ann, now, tmp_path, monkeypatch):
    stuck, other = ready(ann, now, tmp_path), ready(ann, now, tmp_path)
    delete = FileSystemStorage.delete

    def refuse(storage, name):
        if name == stuck.place:
            raise PermissionError
        delete(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", refuse)
    assert actions.forget(now + KEPT_UNSENT_FOR) == 1
    assert (is_kept(stuck), is_kept(other)) == (True, False)


def test_what_runs_by_the_clock_is_there_to_be_run():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"tickets.forget_files", "chat.sweep"} <= scheduled <= set(app.tasks)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Ann\\invoice.pdf", "invoice.pdf"),
        ("<img src=x onerror=alert(1)>.png", "_img src=x onerror=alert(1)_.png"),
        ("{{ 7 }}{% x %}.pdf", "{{ 7 }}{% x %}.pdf"),
        ("invoice\u202efdp.exe.pdf", "invoicefdp.exe.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "a Set-Cookie_ b.pdf"),
        ("...pdf", "file.pdf"),
        ("\u3164.png", "file.png"),
        ("con.png", "_con.png"),
        (f"{'x' * 300}.docx", f"{'x' * 115}.docx"),
    ],
)
def test_a_name_is_one_safe_line_that_ends_as_it_did(name, kept):
    assert clean_name(name) == kept


@override_settings(FILES_KEEP_FREE_MB=10**9)
def test_too_little_room_is_said_before_anything_comes(desk, ann, now):
    chat = talking(desk, now)
    with pytest.raises(Refused) as refused:
        begun(ann, now)
    assert refused.value.reason == Refusal.NO_ROOM
    assert chats.post(chat.pk, at_device(desk.pc), body="Text goes on", client_id=uuid4(), now=now).seq


def test_one_person_begins_only_so_many_at_once(desk, ann, now):
    for _ in range(actions.UNSENT_AT_ONCE):
        begun(ann, now)
    with pytest.raises(Refused) as refused:
        begun(ann, now)
    assert refused.value.reason == Refusal.TOO_MANY
    assert begun(uploader_of(at_desk(desk.tina)), now)
    actions.forget(now + KEPT_UNSENT_FOR)
    assert begun(ann, now + KEPT_UNSENT_FOR)


def test_one_person_fills_no_disk_within_an_hour(ann, now):
    begun(ann, now)
    Attachment.objects.update(size=actions.BYTES_AN_HOUR)
    with pytest.raises(Refused) as refused:
        begun(ann, now)
    assert refused.value.reason == Refusal.TOO_MANY
    assert begun(ann, now + timedelta(hours=1))


@pytest.mark.django_db(transaction=True)
def test_sent_and_forgotten_in_the_same_moment_is_one_of_the_two(desk, tmp_path):
    now = timezone.now()
    chat, ann = talking(desk, now), uploader_of(at_device(desk.pc))
    unsent = ready(ann, now - KEPT_UNSENT_FOR, tmp_path)
    at_once(
        lambda: chats.post_file(chat.pk, at_device(desk.pc), unsent, now),
        lambda: actions.forget(now),
    )
    is_sent = Attachment.objects.filter(pk=unsent.pk, event__chat=chat).exists()
    assert is_kept(unsent) == is_sent
    assert Attachment.objects.filter(pk=unsent.pk).exists() == is_sent


@pytest.mark.django_db(transaction=True)
def test_the_same_announcement_ten_times_at_once_is_one(desk):
    now, key = timezone.now(), uuid4()
    at_once(*[lambda: begun(uploader_of(at_device(desk.pc)), now, key=key)] * 10)
    assert Attachment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_file_ten_times_at_once_is_shown_once(desk, tmp_path):
    now = timezone.now()
    chat, viewer = talking(desk, now), at_device(desk.pc)
    file = ready(uploader_of(viewer), now, tmp_path)
    said = at_once(*[lambda: chats.post_file(chat.pk, viewer, file, now)] * 10)
    assert {event.seq for event in said} == {3}
    assert chat.events.count() == 3
