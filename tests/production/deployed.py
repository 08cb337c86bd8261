"""What deploy/ says: the commands of the units, the environment, the configuration of nginx."""

import os
import re
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
INSTALLED_AT = "/opt/helpdesk"
INSTALLED_PYTHON = f"{INSTALLED_AT}/.venv/bin/python"
NOT_INHERITED = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATA_DIR", "DJANGO_SETTINGS_MODULE"}


def lines_of(unit):
    """`(section, name, value)` of a unit file, in order."""
    section = ""
    for line in (UNITS / unit).read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield section, name, value


def command(unit, instance="", name="ExecStart"):
    """What the unit runs, as it is run from this checkout."""
    [value] = [value for _section, found, value in lines_of(unit) if found == name]
    words = shlex.split(value.replace("%i", str(instance)).replace("%%", "%"))
    return [sys.executable if word == INSTALLED_PYTHON else word for word in words]


def example():
    """The settings that deploy/helpdesk.env.example sets."""
    pairs = re.findall(r"(?m)^([A-Z][A-Z0-9_]*)=(.*)$", (DEPLOY / "helpdesk.env.example").read_text())
    return {name: "".join(shlex.split(value)) for name, value in pairs}


def inherited():
    """The machine's environment, without what would say how Helpdesk runs."""
    return {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}


def environment(**own):
    """A process's environment: the machine's, the example's, and what is this stack's own."""
    return inherited() | example() | {name: str(value) for name, value in own.items()} | {"PYTHONUNBUFFERED": "1"}


def nginx_configuration(**values):
    """deploy/nginx with its ${CAPITALS} filled in, as envsubst does it; each must have a value, and be wanted."""
    template = (DEPLOY / "nginx" / "helpdesk.conf.template").read_text()
    wanted = set(re.findall(r"\$\{([A-Z_]+)\}", template))
    assert wanted == set(values), wanted ^ set(values)
    return re.sub(r"\$\{([A-Z_]+)\}", lambda hit: str(values[hit[1]]), template)
