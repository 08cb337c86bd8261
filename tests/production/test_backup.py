"""A backup is worth what its restore brings back."""

import io
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

import pytest

from tests import services
from tests.files.documents import pdf
from tests.production import deployed
from tests.production.people import contact, start_chat, technician

TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
# The machine's own is often older than this one, and lacks what came in between.
OWN, MACHINES = Path(sys.executable), Path(f"/usr/bin/python3.{sys.version_info.minor}")
PYTHONS = [OWN, MACHINES] if MACHINES.exists() and MACHINES.resolve() != OWN.resolve() else [OWN]


def run(words, environment, python=OWN):
    environment = environment | {"PYTHONPATH": sysconfig.get_path("purelib")}
    command = [python, *map(str, words)]
    return subprocess.run(command, cwd=deployed.ROOT, env=environment, capture_output=True, text=True, check=False)


def backed_up(folder, environment, python=OWN):
    """The file that the command of the unit makes."""
    [_python, program, _folder] = deployed.command("helpdesk-backup.service")
    made = run([program, folder], environment, python)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def without_its_end(backup, folder):
    """The same backup, with a dump of the database that is cut short."""
    with tarfile.open(backup) as archive:
        parts = {name: archive.extractfile(name).read() for name in ("backup.json", "helpdesk.pgdump")}
    parts["helpdesk.pgdump"] = parts["helpdesk.pgdump"][:-2000]
    return packed(folder / "cut.tar", parts)


def packed(path, parts):
    with tarfile.open(path, "w") as archive:
        for name, body in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return path


def everything(stack):
    """All rows of all tables, but for what goes on by itself."""
    names = [name for (name,) in stack.query(TABLES) if name not in {"django_session", "accounts_mail"}]
    return {name: sorted(map(repr, stack.query(f'SELECT * FROM "{name}"'))) for name in names}


@pytest.fixture
def quiet(stack):
    """The stack with a file in a chat, stopped but for its stores."""
    ann, tina = contact(stack, "PC-1"), technician(stack, "tina")
    path, answer = ann.send(f"/agent/chats/{start_chat(ann, tina)}/files/", "plan.pdf", pdf())
    assert answer.status == 201
    return stack, ann, path


def test_production_is_as_it_was_after_a_restore(quiet, tmp_path):
    stack, ann, path = quiet
    environment = stack.environment()
    # While everything runs.
    backed_up(tmp_path / "first", environment)
    for program in (*stack.webs, stack.worker, stack.beat):
        program.stop()
    backup, before = backed_up(tmp_path, environment), everything(stack)
    assert "not empty" in run(["deploy/restore", backup], environment).stderr
    stack.query("DELETE FROM chat_chatevent")
    stack.query("CREATE TABLE left_behind (id int)")
    for file in (stack.folder / "state" / "files").rglob("*"):
        if file.is_file():
            file.unlink()
    restored = run(["deploy/restore", backup, "--replace"], environment)
    assert restored.returncode == 0, restored.stderr
    assert "with all" in restored.stdout
    assert list((stack.folder / "state" / "files").glob(".before-*"))
    # What was restored can be backed up and restored like any other.
    again = run(["deploy/restore", backed_up(tmp_path / "again", environment), "--replace"], environment)
    assert again.returncode == 0, again.stderr
    assert everything(stack) == before
    stack.heal()
    assert ann.get(path).body == pdf()


def test_what_cannot_be_restored_changes_nothing(quiet, tmp_path):
    stack, ann, path = quiet
    environment = stack.environment()
    for program in (*stack.webs, stack.worker, stack.beat):
        program.stop()
    backup, before = backed_up(tmp_path, environment), everything(stack)
    stack.query("CREATE SCHEMA in_the_way")
    unfit = backed_up(tmp_path / "unfit", environment)
    for broken in (without_its_end(backup, tmp_path), unfit):
        refused = run(["deploy/restore", broken, "--replace"], environment)
        assert refused.returncode == 1, refused.stdout
        assert "Nothing was changed" in refused.stderr
        assert everything(stack) == before
    stack.query("DROP SCHEMA in_the_way")
    stack.heal()
    assert ann.get(path).body == pdf()


def test_a_running_production_is_not_restored_over(quiet, tmp_path):
    stack, *_ = quiet
    backup = backed_up(tmp_path, stack.environment())
    refused = run(["deploy/restore", backup, "--replace"], stack.environment())
    assert refused.returncode == 1
    assert "Stop Helpdesk first" in refused.stderr


def test_what_is_no_backup_writes_nowhere_else(tmp_path):
    environment = deployed.inherited() | {"DATA_DIR": str(tmp_path / "data")}
    foreign = packed(tmp_path / "foreign.tar", {"../../outside": b"x", "backup.json": b"{}"})
    refused = run(["deploy/restore", foreign], environment)
    assert "no backup of Helpdesk" in refused.stderr
    assert not list(tmp_path.rglob("outside"))


@pytest.mark.parametrize("python", PYTHONS, ids=str)
def test_the_embedded_default_is_as_it_was_after_a_restore(tmp_path, python):
    environment = deployed.inherited() | {"DATA_DIR": str(tmp_path / "data"), "PORT": str(services.free_port())}
    demo = "from django.utils import timezone; from helpdesk import demo; demo.install(timezone.now())"
    assert run(["manage.py", "migrate", "--verbosity=0"], environment).returncode == 0
    assert run(["manage.py", "shell", "--verbosity=0", "-c", demo], environment).returncode == 0
    secret = (tmp_path / "data" / "secret_key").read_text()
    backup = backed_up(tmp_path, environment, python)
    fresh = environment | {"DATA_DIR": str(tmp_path / "fresh")}
    restored = run(["deploy/restore", backup], fresh, python)
    assert restored.returncode == 0, restored.stderr
    assert (tmp_path / "fresh" / "secret_key").read_text() == secret
    dump = "from django.core.management import call_command; call_command('dumpdata')"
    dumps = [run(["manage.py", "shell", "--verbosity=0", "-c", dump], found).stdout for found in (environment, fresh)]
    assert dumps[0] == dumps[1]
    assert "ACME-PC-01" in dumps[0]
