"""A backup is worth what its restore brings back."""

import subprocess
import sys

import pytest

from tests import services
from tests.files.documents import pdf
from tests.production import deployed
from tests.production.people import contact, start_chat, technician

TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"


def run(words, environment):
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, cwd=deployed.ROOT, env=environment, capture_output=True, text=True, check=False)


def backed_up(folder, environment):
    """The file that the command of the unit makes."""
    [_python, program, _folder] = deployed.command("helpdesk-backup.service")
    made = run([program, folder], environment)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


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
    # What was restored can be backed up and restored like any other.
    again = run(["deploy/restore", backed_up(tmp_path / "again", environment), "--replace"], environment)
    assert again.returncode == 0, again.stderr
    assert everything(stack) == before
    stack.heal()
    assert ann.get(path).body == pdf()


def test_a_running_production_is_not_restored_over(quiet, tmp_path):
    stack, *_ = quiet
    backup = backed_up(tmp_path, stack.environment())
    refused = run(["deploy/restore", backup, "--replace"], stack.environment())
    assert refused.returncode == 1
    assert "Stop Helpdesk first" in refused.stderr


def test_the_embedded_default_is_as_it_was_after_a_restore(tmp_path):
    environment = deployed.inherited() | {"DATA_DIR": str(tmp_path / "data"), "PORT": str(services.free_port())}
    demo = "from django.utils import timezone; from helpdesk import demo; demo.install(timezone.now())"
    assert run(["manage.py", "migrate", "--verbosity=0"], environment).returncode == 0
    assert run(["manage.py", "shell", "--verbosity=0", "-c", demo], environment).returncode == 0
    secret = (tmp_path / "data" / "secret_key").read_text()
    backup = backed_up(tmp_path, environment)
    fresh = environment | {"DATA_DIR": str(tmp_path / "fresh")}
    assert run(["deploy/restore", backup], fresh).returncode == 0
    assert (tmp_path / "fresh" / "secret_key").read_text() == secret
    dump = "from django.core.management import call_command; call_command('dumpdata')"
    dumps = [run(["manage.py", "shell", "--verbosity=0", "-c", dump], found).stdout for found in (environment, fresh)]
    assert dumps[0] == dumps[1]
    assert "ACME-PC-01" in dumps[0]
