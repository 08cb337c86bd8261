"""What deploy/ says agrees with the code, and with itself."""

import ast
import re
import subprocess

import pytest
import yaml

from tests.production import deployed

READS_SETTINGS = ("helpdesk/settings.py", "helpdesk/env.py")
SETTING = re.compile(r"[A-Z][A-Z0-9_]+")
SERVICES = sorted(path.name for path in deployed.UNITS.glob("*.service"))


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


def test_containers_run_what_the_units_run():
    compose = yaml.safe_load((deployed.DEPLOY / "compose.yaml").read_text())["services"]
    for service, unit in {"web1": "web@", "web2": "web@", "worker": "worker", "beat": "beat"}.items():
        command = deployed.command(f"helpdesk-{unit}.service", 8000)
        assert compose[service]["command"][1:] == command[-len(compose[service]["command"]) + 1 :], service


def test_containers_give_nginx_every_name_of_its_template():
    compose = yaml.safe_load((deployed.DEPLOY / "compose.yaml").read_text())["services"]
    values = compose["nginx"]["environment"]
    assert deployed.nginx_configuration(**{k: v for k, v in values.items() if not k.startswith("NGINX_")})


def test_the_manual_fills_in_every_name_of_the_template():
    manual = (deployed.ROOT / "docs" / "operations.md").read_text()
    [block] = re.findall(r"(?ms)^# nginx\.values\n(.*?)^```", manual)
    assert deployed.nginx_configuration(**dict(re.findall(r"(?m)^([A-Z_]+)='?(.*?)'?$", block)))
