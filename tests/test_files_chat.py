"""Files in a chat (S16): who may send and get them, what is refused, and that each is there once (N1, N3)."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Installation
from chat import actions
from chat.models import ChatEvent, ChatSession
from chat.states import Kind
from chat.viewers import at_desk, at_device
from devices.actions import assign_contact
from tests.agent import Page
from tests.cast import contact, talking
from tests.files import documents, pictures
from tests.uploads import Sender, read
from tickets.attachments.models import Attachment, kept_files

PDF = documents.pdf()
PNG = pictures.png()


@pytest.fixture
def chat(desk, now, clock):
    return talking(desk, now)


def portal(technician):
    client = Client()
    client.force_login(technician, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def tina(desk, chat):
    return Sender(portal(desk.tina), f"/chats/{chat.pk}/files/")


@pytest.fixture
def ann(desk, chat):
    page = Page(desk.pc)
    return Sender(page.client, f"/agent/chats/{chat.pk}/files/", **{"X-CSRFToken": page.token})


def shown(chat):
    return list(ChatEvent.objects.filter(chat=chat, kind=Kind.FILE).values_list("body", flat=True))


def test_both_send_and_both_get_what_was_sent(tina, ann, chat):
    from_ann, from_tina = ann.send("invoice.pdf", PDF), tina.send("answer.PNG", PNG)
    assert (from_ann.status_code, from_tina.status_code) == (201, 201)
    assert shown(chat) == ["invoice.pdf", "answer.PNG"]
    for answer, content in ((from_ann, PDF), (from_tina, PNG)):
        key = answer.json()["client_id"]
        for who in (tina, ann):
            got = who.client.get(f"{who.address}{key}/")
            assert read(got) == content
            assert got["X-Content-Type-Options"] == "nosniff"
            assert got["Content-Disposition"].startswith("attachment; ")
            assert got["Content-Security-Policy"].startswith("sandbox; ")


def test_the_answer_shows_the_file_with_its_name_size_and_place(ann, chat):
    frame = ann.send("invoice.pdf", PDF).json()
    assert (frame["kind"], frame["side"], frame["text"]) == ("file", "contact", "invoice.pdf")
    assert f"/agent/chats/{chat.pk}/files/{frame['client_id']}/" in frame["html"]
    assert frame["head"]["last_seq"] == frame["seq"]


def test_a_file_is_activity(ann, chat, clock):
    clock.move_to(chat.idle_due_at)
    clock.shift(-1)
    ann.send("invoice.pdf", PDF)
    clock.shift(200)
    assert actions.may_post(chat.pk, at_device(chat.device), timezone.now())


def test_sent_again_it_is_there_once(ann, chat):
    key = uuid4()
    first, again = (ann.send("invoice.pdf", PDF, key) for _ in range(2))
    assert (again.status_code, again.json()["seq"]) == (201, first.json()["seq"])
    assert shown(chat) == ["invoice.pdf"]


def test_the_bytes_sent_again_after_a_lost_answer_add_nothing(ann, chat):
    leave = ann.announce("invoice.pdf", len(PDF)).json()
    answers = [ann.put(leave, PDF) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert shown(chat) == ["invoice.pdf"]


def test_cut_off_it_can_be_sent_again(ann, chat):
    leave = ann.announce("invoice.pdf", len(PDF)).json()
    cut = ann.put(leave, PDF[:100])
    assert (cut.status_code, cut.json()["code"], cut.json()["again"]) == (400, "cut", True)
    assert ann.put(leave, PDF).status_code == 201
    assert shown(chat) == ["invoice.pdf"]


def test_the_same_key_with_another_file_is_refused(tina, ann, chat):
    key = uuid4()
    ann.send("invoice.pdf", PDF, key)
    assert ann.send("other.pdf", PDF, key).status_code == 409
    assert tina.send("invoice.pdf", PDF, key).status_code == 409
    assert shown(chat) == ["invoice.pdf"]


@pytest.mark.parametrize(
    ("name", "size", "status", "words"),
    [
        ("film.mp4", 48 * 1024 * 1024, 413, "48 MB. The limit is 20 MB a file."),
        ("film.mp4", 20 * 1024 * 1024 + 1, 413, "20.1 MB. The limit is 20 MB a file."),
        ("tool.exe", 5, 415, "This type is not allowed. Allowed: PDF, DOC, DOCX"),
        ("no-ending", 5, 415, "This type is not allowed."),
        ("invoice.pdf\u202e.exe", 5, 415, "This type is not allowed."),
        ("empty.pdf", 0, 422, "This file is empty."),
    ],
)
def test_what_is_refused_is_refused_before_it_comes(ann, name, size, status, words):
    answer = ann.announce(name, size)
    assert answer.status_code == status
    assert answer.json()["words"].startswith(words)
    assert not Attachment.objects.exists()


def test_what_is_refused_for_its_content_says_so_and_leaves_nothing(ann, chat):
    answer = ann.send("invoice.pdf", b"<html><script>alert(1)</script></html>")
    assert (answer.status_code, answer.json()["words"]) == (415, "This is not a PDF inside. It was not sent.")
    assert shown(chat) == []
    assert not kept_files().exists(Attachment.objects.get().place)


@pytest.mark.parametrize("said", ["", "[]", '{"key": 1}', '{"key": "x", "name": "a.pdf", "size": 1}', "{" * 5000])
def test_an_announcement_without_sense_is_answered(ann, said):
    answer = ann.client.post(ann.address, said, content_type="application/json", headers=ann.headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("size", ["1", 1.5, True, -1, None, 2**70])
def test_a_size_is_a_number_of_bytes(ann, size):
    assert ann.announce("a.pdf", size).status_code == 400


def test_an_admin_narrows_types_size_and_who_sends_programs(tina, ann):
    Installation.objects.update(file_types=["pdf", "msi"], max_file_mb=1, is_contact_msi_allowed=False)
    assert ann.announce("a.png", 5).json()["words"] == "This type is not allowed. Allowed: PDF"
    assert tina.announce("a.png", 5).json()["words"] == "This type is not allowed. Allowed: PDF, MSI"
    assert tina.announce("a.pdf", 2**20 + 1).json()["words"] == "1.1 MB. The limit is 1 MB a file."
    assert ann.announce("a.msi", 5).json()["words"] == "MSI files can only be sent by technicians here."
    assert tina.announce("a.msi", 5).status_code == 201


def test_whoever_does_not_hold_the_chat_sends_nothing(desk, chat, tina, ann):
    omar = Sender(portal(desk.omar), tina.address)
    assert omar.announce("a.pdf", 5).json()["code"] == "not_yours"
    leave = ann.announce("invoice.pdf", len(PDF)).json()
    theirs = {"put": leave["put"].removeprefix("/agent"), "grant": leave["grant"]}
    assert tina.put(theirs, PDF).status_code == 404
    assert tina.cancel(theirs).status_code == 404


def test_strangers_find_nothing(desk, chat, ann):
    key = ann.send("invoice.pdf", PDF).json()["client_id"]
    eve = Page(desk.eves_pc)
    stranger = Sender(eve.client, ann.address, **{"X-CSRFToken": eve.token})
    assert stranger.announce("a.pdf", 5).status_code == 404
    for method in ("get", "head", "delete"):
        answer = getattr(eve.client, method)(f"{ann.address}{key}/", headers=stranger.headers)
        assert answer.status_code == 404
    assert Client().get(f"/chats/{chat.pk}/files/{key}/").status_code == 302
    assert Client().get(f"{ann.address}{key}/").status_code == 401


def test_another_contact_at_the_device_gets_nothing_of_before(desk, ann, now):
    key = ann.send("invoice.pdf", PDF).json()["client_id"]
    assign_contact(desk.pc, contact(desk.acme, "Nora Quist"), now)
    page = Page(desk.pc)
    assert page.client.get(f"{ann.address}{key}/").status_code == 404


def test_a_file_is_found_in_its_own_chat_only(desk, ann, tina, now):
    key = ann.send("invoice.pdf", PDF).json()["client_id"]
    other = talking(desk, now, at=desk.eves_pc)
    assert tina.client.get(f"/chats/{other.pk}/files/{key}/").status_code == 404


def test_what_was_not_sent_cannot_be_got(ann, tina):
    leave = ann.announce("invoice.pdf", len(PDF)).json()
    assert ann.client.get(leave["put"]).status_code == 404


def test_a_page_without_its_token_sends_nothing(ann):
    assert Sender(ann.client, ann.address).announce("a.pdf", 5).status_code == 403


def test_a_chat_that_ended_meanwhile_refuses_in_words(ann, chat, now):
    leave = ann.announce("invoice.pdf", len(PDF)).json()
    actions.end(chat.pk, at_desk(chat.technician), now)
    late = ann.put(leave, PDF)
    assert (late.status_code, late.json()["words"]) == (409, "Not sent: the chat has ended.")
    assert ann.announce("more.pdf", 5).status_code == 409


def test_a_sent_file_stays_when_the_answer_was_lost_and_the_chat_ended(ann, chat, now):
    leave = ann.announce("invoice.pdf", len(PDF)).json()
    sent = ann.put(leave, PDF)
    actions.end(chat.pk, at_desk(chat.technician), now)
    assert ann.put(leave, PDF).json()["seq"] == sent.json()["seq"]


def test_announced_again_after_the_end_what_was_sent_is_called_sent(ann, chat, now):
    key = uuid4()
    sent = ann.send("invoice.pdf", PDF, key)
    actions.end(chat.pk, at_desk(chat.technician), now)
    again = ann.announce("invoice.pdf", len(PDF), key)
    assert (again.status_code, again.json()["seq"]) == (201, sent.json()["seq"])


def test_the_reason_is_said_again_when_its_answer_was_lost(ann):
    key, page = uuid4(), b"<html><script>alert(1)</script></html>"
    leave = ann.announce("invoice.pdf", len(page), key).json()
    answers = [ann.put(leave, page), ann.put(leave, page), ann.announce("invoice.pdf", len(page), key)]
    assert {answer.json()["words"] for answer in answers} == {"This is not a PDF inside. It was not sent."}


def test_cancelled_it_is_gone(ann, chat):
    leave = ann.announce("invoice.pdf", len(PDF)).json()
    assert ann.cancel(leave).status_code == 204
    assert ann.put(leave, PDF).json()["code"] == "gone"
    assert shown(chat) == []


def test_what_was_sent_cannot_be_cancelled(ann, chat):
    leave = ann.announce("invoice.pdf", len(PDF)).json()
    ann.put(leave, PDF)
    assert ann.cancel(leave).status_code == 204
    assert read(ann.client.get(leave["put"])) == PDF


def test_a_file_alone_makes_a_ticket_too(ann, chat, clock):
    ann.send("invoice.pdf", PDF)
    clock.move_to(ChatSession.objects.get().ticket_due_at)
    actions.sweep(timezone.now())
    assert ChatSession.objects.get().ticket is not None
