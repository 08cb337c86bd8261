"""The scripts of deploy/ that change a machine: each step in its order, and none after one that failed.

The programs that would change this machine are stood in for by one that writes down how it was called.
"""

import os
import re
import subprocess

import pytest

from tests.production import deployed
from tests.production.test_deploy import nginx_values

STAND_IN = """#!/bin/sh
name=$(basename "$0")
echo "$name $*" >> "$CALLS"
case "$name $*" in
    "python3 -m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/pip" ;;
    "systemctl list-units "*) printf 'helpdesk-web@8001.service loaded\\nhelpdesk-web@8002.service loaded\\n' ;;
esac
case "$name $*" in *"${FAILS:-nothing fails}"*) exit 1 ;; esac
"""
MANAGE, APPLY = "deploy/helpdesk-manage", "deploy/nginx/apply"
STEPS = [
    "systemctl start helpdesk-backup",
    "python3 -m venv",
    "pip install",
    "helpdesk-manage check --deploy",
    "helpdesk-manage migrate",
    "helpdesk-manage collectstatic --noinput",
    "systemctl daemon-reload",
    "apply",
    "systemctl list-units",
    "systemctl restart helpdesk-web@8001.service",
    "systemctl restart helpdesk-web@8002.service",
    "systemctl restart helpdesk-worker helpdesk-beat",
]
BEFORE_NOW = STEPS.index("systemctl daemon-reload")


def git(folder, *words):
    own = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *own, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


class Machine:
    """A folder with an installation in it, and whatever a script calls."""

    def __init__(self, folder):
        self.folder, self.app = folder, folder / "helpdesk"
        self.origin, self.units, self.calls = folder / "origin", folder / "units", folder / "calls"
        self.programs = folder / "programs"
        for made in (self.origin / "requirements", self.units, self.programs):
            made.mkdir(parents=True)
        for name in ("systemctl", "python3", "nginx"):
            self.stand_in(self.programs / name)
        for name in (MANAGE, APPLY):
            self.stand_in(self.origin / name)
        (self.origin / "deploy" / "systemd").mkdir()
        (self.origin / "deploy" / "systemd" / "helpdesk.target").write_text("of the first")
        git(self.origin, "init", "--quiet")
        self.first = self.publish()
        git(folder, "clone", "--quiet", self.origin, f"{self.app}-first")
        self.app.symlink_to("helpdesk-first")

    def stand_in(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STAND_IN)
        path.chmod(0o755)

    def publish(self):
        """One more version; its folder once it is installed."""
        git(self.origin, "add", "--all")
        git(self.origin, "commit", "--quiet", "--allow-empty", "--message", "A version")
        return self.folder / f"helpdesk-{git(self.origin, 'rev-parse', '--short=12', 'HEAD')}"

    def run(self, script, *words, **own):
        """What happened, step by step."""
        self.calls.write_text("")
        path = f"{self.programs}:{os.environ['PATH']}"
        known = {"PATH": path, "CALLS": self.calls, "APP": self.app, "UNITS": self.units} | own
        environment = os.environ | {name: str(value) for name, value in known.items()}
        self.done = subprocess.run(
            [deployed.DEPLOY / script, *words], env=environment, capture_output=True, text=True, check=False
        )
        return self.calls.read_text().splitlines()


def agrees(calls, steps):
    return len(calls) == len(steps) and all(call.startswith(step) for call, step in zip(calls, steps, strict=True))


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_an_upgrade_takes_every_step(machine):
    (machine.origin / "deploy" / "systemd" / "helpdesk.target").write_text("of the second")
    second = machine.publish()
    calls = machine.run("upgrade")
    assert agrees(calls, STEPS), (calls, machine.done.stderr)
    assert machine.app.resolve() == second
    assert (machine.units / "helpdesk.target").read_text() == "of the second"


@pytest.mark.parametrize("failing", range(len(STEPS)), ids=STEPS)
def test_an_upgrade_ends_at_the_first_step_that_fails_and_can_be_begun_again(machine, failing):
    second = machine.publish()
    calls = machine.run("upgrade", FAILS=STEPS[failing])
    assert machine.done.returncode != 0
    assert agrees(calls, STEPS[: failing + 1]), calls
    assert (machine.app.resolve() == second) == (failing >= BEFORE_NOW)
    calls = machine.run("upgrade")
    assert agrees(calls, STEPS if failing < BEFORE_NOW else STEPS[BEFORE_NOW:]), calls
    assert machine.app.resolve() == second


def test_an_upgrade_goes_back_too(machine):
    machine.publish()
    machine.run("upgrade")
    calls = machine.run("upgrade", machine.first.name.removeprefix("helpdesk-"))
    assert agrees(calls, STEPS), machine.done.stderr
    assert machine.app.resolve() == machine.first


def test_an_upgrade_wants_a_link(machine):
    machine.app.unlink()
    machine.app.mkdir()
    assert machine.run("upgrade") == []
    assert "no link" in machine.done.stderr


def test_nginx_is_given_what_the_manual_says(machine):
    values, site = machine.folder / "nginx.values", machine.folder / "site"
    values.write_text(nginx_values())
    calls = machine.run("nginx/apply", VALUES=values, SITE=site)
    assert calls == ["nginx -t", "systemctl reload-or-restart nginx"], machine.done.stderr
    pairs = dict(re.findall(r"(?m)^([A-Z_]+)='?(.*?)'?$", nginx_values()))
    assert site.read_text() == deployed.nginx_configuration(**pairs)


@pytest.mark.parametrize("former", ["the one before", None])
def test_a_configuration_that_nginx_refuses_is_not_left(machine, former):
    values, site = machine.folder / "nginx.values", machine.folder / "site"
    values.write_text(nginx_values())
    if former:
        site.write_text(former)
    assert machine.run("nginx/apply", VALUES=values, SITE=site, FAILS="nginx -t") == ["nginx -t"]
    assert machine.done.returncode == 1
    assert (site.read_text() if site.exists() else None) == former
