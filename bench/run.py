"""How fast it is, beside a plain Channels consumer, in one run on one machine: messages, delivery, connections, memory.

    make bench                     about a quarter of an hour
    make bench ARGS=--quick        two; too short to believe, long enough to see that it measures

Prints a table and writes it, with every single figure, to DATA_DIR/bench. Nothing fails by a figure. Only this machine
is spoken to, and everything that was started ends with it.
"""

import argparse
import os
import signal
import statistics
import time
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from bench import rounds, table
from bench.plan import BEAT_S, FULL, QUICK, Plan
from bench.processor import resident_mb, with_children_s
from bench.rounds import Contender
from bench.share import held_to
from bench.stack import Bench
from bench.statements import statements
from tests.production.deployed import ROOT

# What is asked of one page stays below what it may send (bench/generator.py).
OF_ONE_PAGE = 40
WARM_CONNECTIONS = 10
# Of a core, for each process; two of them and PostgreSQL leave a part of two cores free.
SHARE = 0.4
# The first so many contenders are asked how fast they deliver, the others only how much.
TIMED = 3


class Contenders:
    """The plain consumer, and ours in the ways that it is compared."""

    def __init__(self, bench: Bench) -> None:
        first, second = bench.webs
        self.plain = Contender("plain consumer", "plain", (bench.plain,), (bench.plain_port,))
        self.ours = Contender("Helpdesk", "helpdesk", (first,), (first.port,))
        self.marks = Contender("Helpdesk, with read marks", "helpdesk", (first,), (first.port,), has_marks=True)
        self.two = Contender("Helpdesk, two processes", "helpdesk", (first, second), (first.port, second.port))
        trust = str(bench.folder / "certificate.pem")
        self.nginx = Contender(
            "Helpdesk, two processes, nginx, TLS",
            "helpdesk",
            (first, second),
            (bench.https_port,),
            host="localhost",
            trust=trust,
        )

    def at(self, size: int, plan: Plan) -> list[Contender]:
        """Who talks in so many chats; at the largest number, everybody."""
        both = [self.plain, self.ours]
        return [*both, self.nginx, self.two, self.marks] if size == plan.chats else both


def main() -> None:
    words = argparse.ArgumentParser(prog="make bench", description="Measure delivery beside a plain Channels consumer.")
    words.add_argument("--quick", action="store_true", help="two minutes, to see that it measures")
    words.add_argument("--folder", type=Path, default=_folder(), help="where the table is written")
    asked = words.parse_args()
    # A shell that starts this in the background has SIGINT ignored; what runs must end with it either way.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    plan = QUICK if asked.quick else FULL
    began = time.monotonic()
    with Bench(plan.chats) as bench:
        figures = measure(bench, plan)
        figures["stored"] = bench.messages()
        figures["durability"] = bench.durability()
        figures["bytes_of_a_line"] = bench.bytes_of_a_line()
    figures |= {"quick": asked.quick, "took_s": round(time.monotonic() - began), "cores": os.cpu_count()}
    print(table.write(figures, asked.folder))


def _folder() -> Path:
    return Path(os.environ.get("DATA_DIR") or ROOT / "var").absolute() / "bench"


def measure(bench: Bench, plan: Plan) -> dict[str, Any]:
    who = Contenders(bench)
    say(f"{plan.chats} chats are arranged")
    figures: dict[str, Any] = {"statements": statements(bench)}
    figures["connections"] = [idle(bench, contender, plan) for contender in (who.plain, who.ours)]
    figures["messages"] = [row for size in plan.sizes for row in talks(bench, who.at(size, plan), size, plan)]
    figures["scale"] = scale(bench, [who.ours, who.two], plan)
    return figures


def idle(bench: Bench, contender: Contender, plan: Plan) -> dict[str, Any]:
    """How fast pages come, what each takes of memory, and what they cost while nobody says anything."""
    [web] = contender.webs
    web.restart()
    with rounds.connected(bench, contender, min(WARM_CONNECTIONS, plan.chats), plan.at_once):
        pass
    before_mb, speeds = resident_mb(web.process.pid), []
    with rounds.connected(bench, contender, plan.chats, plan.at_once) as first:
        speeds.append(first)
        rounds.calm(contender)
        after_mb = resident_mb(web.process.pid)
        used, at = with_children_s(web.process.pid), time.monotonic()
        time.sleep(plan.idle_s)
        share = (with_children_s(web.process.pid) - used) / (time.monotonic() - at)
    for _again in range(plan.rounds):
        with rounds.connected(bench, contender, plan.chats, plan.at_once) as figures:
            speeds.append(figures)
    row = {
        "who": contender.name,
        "connections": first["connections"],
        "at_once": plan.at_once,
        "per_second": statistics.median(figures["per_second"] for figures in speeds),
        "p50_ms": statistics.median(figures["p50_ms"] for figures in speeds),
        "p99_ms": statistics.median(figures["p99_ms"] for figures in speeds),
        "kb_each": (after_mb - before_mb) * 1024 / first["connections"],
        # What each costs the web process: to let it in, to let it stay for the length of a beat.
        "web_ms": statistics.median(figures["web"] * 1000 / figures["per_second"] for figures in speeds),
        "beat_ms": share * 1000 * BEAT_S / first["connections"],
        "rounds": speeds,
    }
    say(f"{contender.name}: {row['per_second']:.0f} connections a second, {row['kb_each']:.0f} kB each")
    return row


def talks(bench: Bench, contenders: list[Contender], size: int, plan: Plan) -> Iterator[dict[str, Any]]:
    """One row for each: the most that it delivers, and how fast it delivers half of what the slower one can."""
    times = {"warm_s": plan.warm_s, "measure_s": plan.window(size)}
    most = in_turn(bench, contenders, size, plan.rounds, rate=None, **times)
    slower = min(mean(figures, "per_second") for figures in most[:2])
    rate = min(slower / 2, OF_ONE_PAGE * 2 * size)
    steady = in_turn(bench, contenders[:TIMED], size, 1, rate=rate, **times)
    for contender, fast, calm in zip_longest(contenders, most, steady, fillvalue=()):
        yield {
            "chats": size,
            "who": contender.name,
            "rate": rate,
            "most": {name: mean(fast, name) for name in table.SHOWN},
            "steady": {name: mean(calm, name) for name in table.SHOWN if calm},
            "rounds": {"most": fast, "steady": calm},
        }


def scale(bench: Bench, contenders: list[Contender], plan: Plan) -> list[dict[str, Any]]:
    """What a second process adds where a core is free: each is held to a share, and together they leave some."""
    size, times = plan.sizes[1], {"warm_s": plan.warm_s, "measure_s": plan.measure_s}
    found: list[list[dict[str, Any]]] = [[] for _ in contenders]
    for _round in range(plan.rounds):
        for contender, figures in zip(contenders, found, strict=True):
            with held_to(SHARE, [web.process.pid for web in contender.webs]):
                figures.append(rounds.messages(bench, contender, size, rate=None, **times))
            say(f"{contender.name}, held to {SHARE:.0%} each: {figures[-1]['per_second']:.0f} messages a second")
    return [
        {"who": contender.name, "chats": size, "share": SHARE, "processes": len(contender.webs), "rounds": figures}
        | {name: mean(figures, name) for name in table.SHOWN}
        for contender, figures in zip(contenders, found, strict=True)
    ]


def in_turn(
    bench: Bench, contenders: list[Contender], size: int, count: int, *, rate: float | None, **times: float
) -> list[list[dict[str, Any]]]:
    """The figures of each contender's rounds. They take turns, so that what else the machine does meets all alike."""
    found: list[list[dict[str, Any]]] = [[] for _ in contenders]
    for _round in range(count):
        for contender, figures in zip(contenders, found, strict=True):
            figures.append(rounds.messages(bench, contender, size, rate=rate, **times))
            last = figures[-1]
            say(f"{size} chats, {contender.name}: {last['per_second']:.0f} messages a second, {last['p50_ms']:.1f} ms")
    return found


def mean(figures: list[dict[str, Any]], name: str) -> float:
    """Of all rounds; 0 where nothing was delivered, or nothing was due."""
    return statistics.mean(round_[name] or 0 for round_ in figures)


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    main()
