"""Files of tickets: with the ticket that they were written for, once, and read by nobody else (S19, P4, N1, N3)."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from devices.actions import assign_contact
from tests.agent import Page, text
from tests.cast import contact, talking
from tests.files import honest
from tests.races import at_once
from tests.uploads import Sender, read
from tickets.actions import NewTicket, open_ticket
from tickets.attachments.actions import forget
from tickets.attachments.enclosed import enclosed
from tickets.attachments.models import Attachment, Uploader, kept_files
from tickets.models import EntryKind, Ticket
from tickets.refusals import Refused

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ann(desk, clock):
    return Page(desk.pc)


@pytest.fixture
def eve(desk, clock):
    return Page(desk.eves_pc)


@pytest.fixture
def tina(client, desk, clock):
    client.force_login(desk.tina)
    return client


@pytest.fixture
def content(tmp_path):
    return {kind: honest(kind, tmp_path).read_bytes() for kind in ("pdf", "png")}


def sender(page):
    return Sender(page.client, "/agent/files/", **{"X-CSRFToken": page.token})


def bring(by, content, name="Rota.pdf", kind="pdf"):
    """Send a file; its key."""
    answer = by.send(name, content[kind])
    assert answer.status_code == 201, answer.content
    return answer.json()["ready"]


def leave(page, *keys, **more):
    return page.press("tickets/new/", **({"title": "Printer jams", "key": uuid4(), "file": keys} | more))


def files_of(ticket):
    return [file.name for file in ticket.entries.get(kind=EntryKind.MESSAGE).attachments.all()]


def test_a_contact_leaves_a_ticket_with_files(ann, content):
    keys = [bring(sender(ann), content), bring(sender(ann), content, "Screen.png", "png")]
    shown = text(leave(ann, *keys, description="It eats paper."))
    ticket = Ticket.objects.get()
    assert files_of(ticket) == ["Rota.pdf", "Screen.png"]
    assert ticket.entries.get(kind=EntryKind.MESSAGE).body == "It eats paper."
    assert f"/agent/tickets/{ticket.number}/files/{keys[0]}/" in shown


def test_files_alone_are_a_first_message(ann, content):
    leave(ann, bring(sender(ann), content))
    assert files_of(Ticket.objects.get()) == ["Rota.pdf"]


def test_the_same_form_twice_is_one_ticket_with_its_files_once(ann, content):
    form, key = {"key": uuid4(), "description": "It eats paper."}, bring(sender(ann), content)
    first, second = leave(ann, key, **form), leave(ann, key, **form)
    assert first["HX-Replace-Url"] == second["HX-Replace-Url"]
    assert Attachment.objects.filter(entry__ticket=Ticket.objects.get()).count() == 1


def test_a_file_that_is_gone_leaves_no_ticket_and_the_rest_of_the_form(ann, content, clock):
    gone = bring(sender(ann), content, "Old.pdf")
    clock.shift(timedelta(hours=1, seconds=1))
    forget(timezone.now())
    kept = bring(sender(ann), content, "Screen.png", "png")
    answer = leave(ann, gone, kept, description="It eats paper.")
    assert answer.status_code == 422
    assert "One of the files is not there any more. Choose it again." in text(answer)
    assert "It eats paper." in text(answer)
    assert f'data-gone="{gone}"' in text(answer)
    assert not Ticket.objects.exists()
    assert leave(ann, kept).status_code == 200


def test_a_cancelled_file_is_named_when_it_is_missed(ann, content):
    key = bring(sender(ann), content)
    ann.client.delete(f"/agent/files/{key}/", headers={"X-CSRFToken": ann.token})
    assert "Rota.pdf is not there any more. Choose it again." in text(leave(ann, key))


def test_a_file_goes_with_one_ticket_only(ann, content):
    key = bring(sender(ann), content)
    leave(ann, key)
    assert leave(ann, key, title="Another").status_code == 422
    assert Ticket.objects.count() == 1


def test_anothers_file_is_not_taken_along(ann, eve, tina, content):
    keys = [bring(sender(eve), content), bring(Sender(tina, "/tickets/files/"), content)]
    for key in keys:
        assert leave(ann, key).status_code == 422
    assert not Ticket.objects.exists()
    assert Attachment.objects.filter(sent_at=None).count() == 2


def test_a_file_of_whoever_sat_there_before_is_not_taken_along(desk, clock, content, now):
    key = bring(sender(Page(desk.pc)), content)
    assign_contact(desk.pc, contact(desk.acme, "Bob Doe"), now)
    assert leave(Page(desk.pc), key).status_code == 422


@pytest.mark.parametrize("key", ["x", "", "1" * 300])
def test_what_is_no_key_is_no_form_of_ours(ann, key):
    assert leave(ann, key).status_code == 400
    assert leave(ann, *[uuid4() for _ in range(41)]).status_code == 400


def test_only_its_sender_goes_on_with_an_upload(ann, eve, tina, content):
    said = sender(ann).announce("Rota.pdf", len(content["pdf"])).json()
    assert said["put"].startswith("/agent/files/")
    foreign = said | {"put": said["put"].replace("/agent/", "/tickets/")}
    assert sender(eve).put(said, content["pdf"]).status_code == 404
    assert sender(eve).cancel(said).status_code == 404
    assert Sender(tina, "").put(foreign, content["pdf"]).status_code == 404
    assert sender(ann).put(said, content["pdf"]).status_code == 201
    assert sender(ann).announce("Rota.pdf", len(content["pdf"]), key=said["put"].split("/")[3]).json()["ready"]


def test_uploads_want_a_page_and_a_person(desk, content):
    assert Client().post("/agent/files/").status_code == 401
    for address in ("/tickets/files/", f"/tickets/files/{uuid4()}/", f"/tickets/1001/files/{uuid4()}/"):
        assert Client().get(address)["Location"].startswith("/sign-in/")


def test_a_technician_writes_a_ticket_with_files(tina, desk, content):
    key = bring(Sender(tina, "/tickets/files/"), content)
    form = {"title": "Printer jams", "customer": desk.acme.pk, "priority": "medium", "key": uuid4(), "file": [key]}
    for _again in range(2):
        assert tina.post("/tickets/new/", form, headers=HTMX)["HX-Redirect"]
    ticket = Ticket.objects.get()
    assert files_of(ticket) == ["Rota.pdf"]
    page = tina.get(f"/tickets/{ticket.number}/").content.decode()
    assert f'href="/tickets/{ticket.number}/files/{key}/"' in page


def test_a_technicians_form_says_which_file_is_gone(tina, desk, content):
    form = {"title": "Printer jams", "customer": desk.acme.pk, "priority": "medium", "key": uuid4(), "file": [uuid4()]}
    answer = tina.post("/tickets/new/", form, headers=HTMX)
    assert answer.status_code == 422
    assert "One of the files is not there any more. Choose it again." in answer.content.decode()
    assert not Ticket.objects.exists()


def test_both_sides_get_the_file_and_nobody_else(ann, eve, tina, content, desk):
    key = bring(sender(ann), content)
    leave(ann, key)
    number = Ticket.objects.get().number
    got = ann.get(f"tickets/{number}/files/{key}/")
    assert read(got) == read(tina.get(f"/tickets/{number}/files/{key}/")) == content["pdf"]
    assert got["Content-Disposition"] == 'attachment; filename="Rota.pdf"'
    assert "sandbox" in got["Content-Security-Policy"]
    assert tina.head(f"/tickets/{number}/files/{key}/")["Content-Length"] == str(len(content["pdf"]))
    for page in (eve, Page(desk.free_pc)):
        assert page.get(f"tickets/{number}/files/{key}/").status_code == 404
    assert tina.get(f"/tickets/{number + 1}/files/{key}/").status_code == 404
    assert tina.get(f"/tickets/{number}/files/{uuid4()}/").status_code == 404


def test_a_file_that_was_not_sent_yet_is_read_by_nobody(ann, tina, content):
    leave(ann)
    number, key = Ticket.objects.get().number, bring(sender(ann), content)
    assert ann.get(f"tickets/{number}/files/{key}/").status_code == 404
    assert ann.get(f"files/{key}/").status_code == 405
    assert tina.get(f"/tickets/{number}/files/{key}/").status_code == 404


def test_a_file_of_a_line_of_the_technicians_is_theirs(ann, tina, content):
    leave(ann, bring(sender(ann), content), description="It eats paper.")
    ticket = Ticket.objects.get()
    ticket.entries.filter(kind=EntryKind.MESSAGE).update(kind="note")
    key = Attachment.objects.get().key
    assert ann.get(f"tickets/{ticket.number}/files/{key}/").status_code == 404
    assert tina.get(f"/tickets/{ticket.number}/files/{key}/").status_code == 200


def test_a_strangers_ticket_keeps_its_files_for_the_technicians(desk, clock, tina, content):
    somebody = Page(desk.free_pc)
    key = bring(sender(somebody), content)
    assert leave(somebody, key, name="Bea Long", email="bea@acme.example").status_code == 200
    ticket = Ticket.objects.get()
    assert ticket.contact is None
    assert read(tina.get(f"/tickets/{ticket.number}/files/{key}/")) == content["pdf"]
    assert somebody.get(f"tickets/{ticket.number}/files/{key}/").status_code == 404


def test_the_admin_names_the_files_of_a_line(ann, content, desk):
    leave(ann, bring(sender(ann), content))
    desk.tina.is_staff = desk.tina.is_superuser = True
    desk.tina.save()
    admin = Client()
    admin.force_login(desk.tina)
    page = admin.get(f"/admin/tickets/ticket/{Ticket.objects.get().pk}/change/").content.decode()
    assert "Rota.pdf" in page
    assert "opened the ticket again" not in page


def test_files_of_a_deleted_ticket_are_removed(ann, content, now):
    leave(ann, bring(sender(ann), content))
    place = Attachment.objects.get().place
    Ticket.objects.get().delete()
    assert forget(now) == 1
    assert not kept_files().exists(place)


def test_where_no_type_is_allowed_nothing_can_be_attached(ann, tina, desk):
    assert "Attach files" in text(ann.get("tickets/new/"))
    desk.installation.file_types = []
    desk.installation.save()
    assert "Attach files" not in text(ann.get("tickets/new/"))
    assert "Attach files" not in tina.get("/tickets/new/").content.decode()
    assert sender(ann).announce("Rota.pdf", 10).status_code == 415


def test_where_no_type_is_allowed_a_chat_offers_none(ann, tina, desk, now):
    chat = talking(desk, now)

    def offered():
        pages = (ann.get(f"chats/{chat.pk}/"), tina.get(f"/chats/{chat.pk}/"))
        return ["data-attach" in text(page) for page in pages]

    assert offered() == [True, True]
    desk.installation.file_types = ["msi"]
    desk.installation.is_contact_msi_allowed = False
    desk.installation.save()
    assert offered() == [False, True]
    desk.installation.file_types = []
    desk.installation.save()
    assert offered() == [False, False]


@pytest.mark.django_db(transaction=True)
def test_one_file_in_two_tickets_at_once_is_in_one_of_them(desk, now, content):
    page = Page(desk.pc)
    files = enclosed([bring(sender(page), content)], Uploader(device_id=desk.pc.pk, contact_id=desk.ann.pk))
    new = partial(NewTicket, customer=desk.acme, contact=desk.ann, files=files)
    left = at_once(*[partial(open_ticket, new(title=title), by=desk.ann, now=now) for title in "ABCD"])
    assert sum(isinstance(outcome, Refused) for outcome in left) == 3
    assert Attachment.objects.get().entry.ticket == Ticket.objects.get()
