"""One round: a contender, so many chats, and the generator; what came of it, and who used how much of the processor."""

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.processor import busy_s, with_children_s
from bench.stack import Bench
from tests.production.deployed import ROOT
from tests.production.programs import Program

AT_ONCE = 20
CALM_SHARE, CALM_FOR_S, CALM_WITHIN_S = 0.1, 0.5, 10
# Every round's messages have ids of their own.
_runs = itertools.count(1)


@dataclass(frozen=True)
class Contender:
    name: str
    dialect: str
    webs: tuple[Program, ...]
    # Where pages connect to, in turn.
    ports: tuple[int, ...]
    host: str = "127.0.0.1"
    trust: str | None = None
    has_marks: bool = False


class Failed(Exception):
    """The generator ended without figures; the message holds what it said."""


class Using:
    """Seconds of processor that each program has used so far."""

    def __init__(self, bench: Bench, contender: Contender) -> None:
        self.at = time.perf_counter()
        self.web = sum(with_children_s(web.process.pid) for web in contender.webs)
        self.postgres = with_children_s(bench.postgres.process.pid)
        self.redis = with_children_s(bench.redis.process.pid)
        self.nginx = with_children_s(bench.nginx.process.pid)
        self.machine = busy_s()

    def since(self, before: "Using") -> dict[str, float]:
        """The share of one core that each used since then."""
        names = ("web", "postgres", "redis", "nginx", "machine")
        return {name: (getattr(self, name) - getattr(before, name)) / (self.at - before.at) for name in names}


def messages(
    bench: Bench,
    contender: Contender,
    size: int,
    *,
    rate: float | None,
    begins: Callable[[], Any] = lambda: None,
    **times: float,
) -> dict[str, Any]:
    """Talk in so many chats, as fast as answers come or at a rate; the figures of the measured window.

    `begins` is called where that begins.
    """
    job = _job(bench, contender, size) | times | {"kind": "talk", "rate": rate, "at_once": AT_ONCE}
    with _generator(bench, contender, job, begins) as figures:
        pass
    calm(contender)
    per_message = figures["measured"] / figures["seconds"]
    if per_message:
        costs = {f"{name}_ms": figures[name] * 1000 / per_message for name in ("web", "postgres", "redis")}
        figures |= costs
    return figures


@contextmanager
def connected(bench: Bench, contender: Contender, size: int, at_once: int) -> Iterator[dict[str, Any]]:
    """Both pages of so many chats, opened so many at a time, and open until the block ends; how fast that went."""
    with _generator(
        bench, contender, _job(bench, contender, size) | {"kind": "connect", "at_once": at_once}
    ) as figures:
        yield figures
    calm(contender)


def calm(contender: Contender) -> None:
    """Until its web processes have done what was left to do."""
    give_up_at = time.monotonic() + CALM_WITHIN_S
    share = 1.0
    while share > CALM_SHARE and time.monotonic() < give_up_at:
        before = [with_children_s(web.process.pid) for web in contender.webs]
        time.sleep(CALM_FOR_S)
        after = [with_children_s(web.process.pid) for web in contender.webs]
        share = max(b - a for a, b in zip(before, after, strict=True)) / CALM_FOR_S


def _job(bench: Bench, contender: Contender, size: int) -> dict[str, Any]:
    ports = contender.ports
    chats = [
        (chat, ("technician", ports[n % len(ports)], desk), ("contact", ports[n // 2 % len(ports)], page))
        for n, (chat, desk, page) in enumerate(bench.chats[contender.dialect][:size])
    ]
    return {
        "dialect": contender.dialect,
        "chats": chats,
        "host": contender.host,
        "trust": contender.trust,
        # The plain one is asked at its own address; ours knows one address, nginx's.
        "origin": bench.url if contender.dialect == "helpdesk" else f"http://127.0.0.1:{contender.ports[0]}",
        "marks": contender.has_marks,
        "run": next(_runs),
    }


@contextmanager
def _generator(
    bench: Bench, contender: Contender, job: dict[str, Any], begins: Callable[[], Any] = lambda: None
) -> Iterator[dict[str, Any]]:
    """Run it; its figures, with everybody's share of the processor. It ends with the block."""
    command = [sys.executable, "-m", "bench.generator"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        yield _figures(bench, contender, map(json.loads, process.stdout), begins)
        process.stdin.close()
        process.wait(timeout=CALM_WITHIN_S)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _figures(
    bench: Bench, contender: Contender, told: Iterator[dict[str, Any]], begins: Callable[[], Any]
) -> dict[str, Any]:
    shares: dict[str, float] = {}
    before = None
    for line in told:
        if line.get("now") == "measuring":
            begins()
            before = Using(bench, contender)
        elif before and line.get("now") == "measured":
            shares = Using(bench, contender).since(before)
        elif "figures" in line:
            return line["figures"] | shares
    raise Failed(f"The load on {contender.name} ended without figures")
