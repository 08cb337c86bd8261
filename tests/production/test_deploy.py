"""What deploy/ says agrees with the code, and with itself."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests import services
from tests.production import deployed

READS_SETTINGS = ("helpdesk/settings.py", "helpdesk/env.py")
SETTING = re.compile(r"[A-Z][A-Z0-9_]+")
SERVICES = sorted(path.name for path in deployed.UNITS.glob("*.service"))


SCRIPTS = ("helpdesk-manage", "upgrade", "nginx/apply")
# The PostgreSQL of each Debian.
POSTGRESQL_OF = {"bookworm": "15", "trixie": "17"}
A_DAY_S = 86_400


def compose():
    return yaml.safe_load((deployed.DEPLOY / "compose.yaml").read_text())["services"]


def nginx_values():
    """What the manual has one write into nginx.values."""
    manual = (deployed.ROOT / "docs" / "operations.md").read_text()
    [block] = re.findall(r"(?ms)^# nginx\.values\n(.*?)^```", manual)
    return block


def names_read():
    """Every setting that is read from the environment."""
    for path in READS_SETTINGS:
        for node in ast.walk(ast.parse((deployed.ROOT / path).read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                of_env = isinstance(node.func, ast.Name) or getattr(node.func.value, "id", "") == "env"
                name = node.args[0].value
                if of_env and isinstance(name, str) and SETTING.fullmatch(name):
                    yield name


def test_every_setting_is_in_the_example_and_no_other():
    text = (deployed.DEPLOY / "helpdesk.env.example").read_text()
    assert set(re.findall(r"(?m)^#?([A-Z][A-Z0-9_]*)=", text)) == set(names_read())


def test_a_shell_and_systemd_read_the_example_alike():
    script = "set -a; . deploy/helpdesk.env.example; env -0"
    read = subprocess.run(["sh", "-c", script], cwd=deployed.ROOT, env={}, capture_output=True, text=True, check=True)
    pairs = dict(pair.partition("=")[::2] for pair in read.stdout.split("\0") if pair)
    assert deployed.example().items() <= pairs.items()


@pytest.mark.parametrize("unit", SERVICES)
def test_units_run_as_nobody_special_and_write_where_they_should(unit):
    told = dict(line[1:] for line in deployed.lines_of(unit))
    assert (told["User"], told["EnvironmentFile"]) == ("helpdesk", "/etc/helpdesk/helpdesk.env")
    assert (told["ProtectSystem"], told["NoNewPrivileges"], told["StateDirectory"]) == ("strict", "yes", "helpdesk")
    assert told["WorkingDirectory"] == deployed.INSTALLED_AT


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_shell_understands_the_scripts(script):
    subprocess.run(["sh", "-n", deployed.DEPLOY / script], check=True)
    assert os.access(deployed.DEPLOY / script, os.X_OK)


def test_systemd_understands_the_units(tmp_path):
    for unit in deployed.UNITS.iterdir():
        (tmp_path / unit.name).write_text(unit.read_text().replace(deployed.INSTALLED_PYTHON, sys.executable))
    for unit in SERVICES:
        (tmp_path / unit.replace("@.", "@8001.")).write_text((tmp_path / unit).read_text())
    units = [
        tmp_path / unit.replace("@.", "@8001.") for unit in (*SERVICES, "helpdesk.target", "helpdesk-backup.timer")
    ]
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")


def test_a_backup_removes_the_old_ones_and_nothing_else(tmp_path):
    fresh, old, cut_off, others = "helpdesk-2.tar", "helpdesk-1.tar", ".backup-x", "notes.txt"
    (tmp_path / cut_off).mkdir()
    for name, days in {fresh: 13, old: 16, cut_off: 3, others: 90}.items():
        (tmp_path / name).is_dir() or (tmp_path / name).touch()
        at = (tmp_path / name).stat().st_mtime - days * A_DAY_S
        os.utime(tmp_path / name, (at, at))
    words = deployed.command("helpdesk-backup.service", name="ExecStartPost")
    subprocess.run([word.replace("/var/backups/helpdesk", str(tmp_path)) for word in words], check=True)
    assert {path.name for path in tmp_path.iterdir()} == {fresh, others}


def test_containers_run_what_the_units_run():
    for service, unit in {"web1": "web@", "web2": "web@", "worker": "worker", "beat": "beat"}.items():
        command = deployed.command(f"helpdesk-{unit}.service", 8000)
        assert compose()[service]["command"][1:] == command[-len(compose()[service]["command"]) + 1 :], service


def test_postgresql_in_a_container_leaves_the_same_out_of_its_log():
    compose = yaml.safe_load((deployed.DEPLOY / "compose.yaml").read_text())["services"]
    options = services.discreet()
    assert len(options) == 2
    assert compose["postgres"]["command"] == ["postgres", *(word for option in options for word in ("-c", option))]


def test_containers_give_nginx_every_name_of_its_template():
    values = compose()["nginx"]["environment"]
    assert deployed.nginx_configuration(**{k: v for k, v in values.items() if not k.startswith("NGINX_")})


def test_containers_back_up_with_a_client_that_knows_the_server():
    image = (deployed.DEPLOY / "Dockerfile").read_text()
    [debian] = re.findall(r"(?m)^FROM python:[\d.]+-slim-(\w+)$", image)
    assert compose()["postgres"]["image"].startswith(f"postgres:{POSTGRESQL_OF[debian]}-")
    assert f" postgresql-client-{POSTGRESQL_OF[debian]} " in image


def test_containers_let_nginx_read_what_people_sent():
    own, nginx = (deployed.DEPLOY / "Dockerfile").read_text(), compose()["nginx"]["build"]["dockerfile_inline"]
    [group] = re.findall(r"useradd .*--gid (\d+) ", own)
    assert f"groupadd --gid {group} helpdesk" in own
    assert f"groupadd --gid {group} helpdesk && usermod --append --groups helpdesk nginx" in nginx


@pytest.mark.parametrize("secret", ["deploy/helpdesk.env", "deploy/.env", "deploy/tls/key.pem"])
def test_secrets_of_containers_stay_out_of_git_and_the_image(secret):
    subprocess.run(["git", "check-ignore", "--quiet", secret], cwd=deployed.ROOT, check=True)
    ignored = (deployed.ROOT / ".dockerignore").read_text().split()
    assert secret in ignored or str(Path(secret).parent) in ignored


def test_the_manual_fills_in_every_name_of_the_template():
    assert deployed.nginx_configuration(**dict(re.findall(r"(?m)^([A-Z_]+)='?(.*?)'?$", nginx_values())))
