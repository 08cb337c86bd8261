"""Settings → Files: which types can be sent, how large, and whether contacts may send MSI (S16)."""

import pytest
from django.test import Client

from accounts import events
from accounts.admin.settings import files_words
from accounts.file_types import FileType
from accounts.models import Installation
from tests.admin import admin_desk, announced, filled, save, send

SETTINGS = "/admin/accounts/installation/1/change/"
EVERY_TYPE = "PDF, DOC, DOCX, XLS, XLSX, MSI, MP3, MP4, PNG, JPEG, GIF, WebP"


@pytest.fixture
def people(client, db):
    return admin_desk(client)


def words(client):
    return client.get(SETTINGS).content.decode()


def test_settings_have_a_section_about_files(client, people):
    page = words(client)
    for said in ("Files", "Allowed types", "Largest file, in MB", "Contacts may send MSI files"):
        assert said in page
    assert page.count('type="checkbox" name="file_types"') == len(FileType)


def test_types_are_kept_in_the_order_in_which_people_read_them(client, people, monkeypatch):
    told = announced(monkeypatch, events)
    save(client, SETTINGS, file_types=["png", "docx", "pdf"])
    assert Installation.objects.current().file_types == ["pdf", "docx", "png"]
    assert (events.TECHNICIANS, "installation.changed") in told


def test_a_type_that_is_none_of_ours_is_refused(client, people):
    answer = send(client, SETTINGS, file_types=["pdf", "exe"])
    assert answer.context["adminform"].form.errors["file_types"]
    assert Installation.objects.current().file_types == FileType.values


@pytest.mark.parametrize("size", ["0", "21", "-1", "", "many", "1.5", "9" * 30])
def test_a_file_has_from_1_to_20_mb(client, people, size):
    answer = send(client, SETTINGS, max_file_mb=size)
    assert answer.context["adminform"].form.errors["max_file_mb"] == ["A file can have 1 to 20 MB."]
    assert Installation.objects.current().max_file_mb == 20


def test_without_any_type_there_are_no_files(client, people):
    save(client, SETTINGS, file_types=None)
    assert Installation.objects.current().file_types == []
    assert "Nobody can send files, in chats or with tickets." in words(client)
    save(client, SETTINGS, file_types=["mp4"])
    assert Installation.objects.current().file_types == ["mp4"]


def test_settings_say_what_they_mean_now(client, people):
    assert f"Everybody can send {EVERY_TYPE} in chats and with tickets, up to 20 MB a file." in words(client)
    save(client, SETTINGS, is_contact_msi_allowed=None, max_file_mb=5)
    assert "up to 5 MB a file. Contacts can send all of these but MSI." in words(client)
    only_msi = Installation(file_types=["msi"], is_contact_msi_allowed=False, vocabulary="it")
    assert files_words(only_msi) == "Technicians can send MSI, up to 20 MB a file. Users can send no files."


def test_the_words_are_those_of_the_it_department(client, people):
    save(client, SETTINGS, vocabulary="it")
    assert "Users may send MSI files" in words(client)


@pytest.mark.parametrize("before", [[], ["pdf", "mp4"]])
def test_a_page_that_stood_open_brings_no_types_back(client, people, before):
    Installation.objects.update(file_types=before)
    shown = filled(client, SETTINGS)
    Installation.objects.update(file_types=["png"], max_file_mb=3)
    client.post(SETTINGS, shown | {"name": "Northgate IT", "_save": "Save"})
    installation = Installation.objects.current()
    assert (installation.name, installation.file_types, installation.max_file_mb) == ("Northgate IT", ["png"], 3)


def test_a_technician_who_is_no_admin_changes_nothing(people):
    tina = Client()
    tina.force_login(people.tina)
    answer = tina.post(SETTINGS, {"file_types": [], "_save": "Save"})
    assert answer.status_code in (302, 403)
    assert Installation.objects.current().file_types == FileType.values
