"""What a run has to say: a dictionary, which is written as JSON, and one screen of text made of it."""

import json
import shutil
from dataclasses import asdict
from statistics import quantiles

from tests.production.soak import traces
from tests.production.soak.plan import NAMES
from tests.production.soak.watch import OF_PAGES, lives

SHOWN_OF_EACH = 5
# Python gives little back to the machine. Of one process, beyond a quarter more than when it was warm and this much,
# something is kept that should have been given back. PostgreSQL is left out: it fills its shared buffers, and each
# connection of the pools is a process.
GROWS_BY, GROWS_BY_MB = 1.25, 15
OUR_OWN = ("web1", "web2", "worker", "beat")
# The pools open connections as they are needed, and keep them for minutes: twenty in each of three processes at the
# most, and some for Celery. Those to Redis are kept as long as the process lives: as many as rang at once.
# From so many minutes on every part has its turn.
ALL_IN_TURN_MINUTES = 10
OPEN_AT_MOST = {"connections of PostgreSQL": 70, "connections of Redis": 150}


def made(options, found, seats, trouble, judge, watch, stands, kept):
    judged = traces.sorted_out(found, judge.happened)
    surprises = [words for seat in seats for words in seat.surprises]
    memory = {name: lives(of_program) for name, of_program in watch.memory.items() if of_program}
    open_still = not_given_back(stands, memory, len(trouble.pages))
    again = [seconds for _fault, seconds in trouble.came_back] or [0]
    lags = quantiles(watch.lags, n=100)
    return {
        "options": asdict(options),
        "chats": {
            "at once": options.chats,
            "in all": len(judge.talks),
            "ended": sum(talk.is_over for talk in judge.talks),
            "cancelled": sum(len(seat.cancelled) for seat in seats),
        },
        "counts": dict(judge.counts),
        "failures": failures(options, judge, found, kept, open_still),
        "late": judge.late,
        "errors": {"unexplained": judged[0] + surprises, "explained": judged[1]},
        "seconds on the way": judge.figures(),
        "longest interruption": round(max(max(page.interruptions[1:], default=0) for page in trouble.pages), 1),
        "faults": [f"{fault}, live again after {seconds:.1f} s" for fault, seconds in trouble.came_back],
        "seconds until live again": {
            "half": round(sorted(again)[len(again) // 2], 1),
            "longest": round(max(again), 1),
        },
        "faults of pages": sum(one.page is not None for one in judge.happened),
        "not reached": [str(fault) for fault in trouble.missed],
        "held": stands,
        "memory": memory,
        "lag of the pages": {"99 of 100": round(lags[98], 3), "longest": round(max(watch.lags), 3)},
    }


def failures(options, judge, found, kept, open_still):
    """Kind → each in words; any of them fails the run."""
    had = {one.fault.where for one in judge.happened}
    is_long = options.minutes >= ALL_IN_TURN_MINUTES
    return judge.found | {
        "kept back": [f"{kept} messages in their pages"] if kept else [],
        "not given back": open_still,
        "never to be said": [trace.words for trace in found if trace.kind == "never"],
        "without a turn": [name for name in NAMES if name not in had] if is_long else [],
    }


def not_given_back(stands, memory, pages):
    wanted = [("with all", "sockets", pages), ("mended", "sockets", pages)]
    wanted += [("after", name, 0) for name in OF_PAGES]
    wrong = [f"{name}, {when}: {stands[when][name]}, not {n}" for when, name, n in wanted if stands[when][name] != n]
    wrong += [f"{name}: {stands['after'][name]}" for name, most in OPEN_AT_MOST.items() if stands["after"][name] > most]
    return wrong + [
        f"memory of {name}: {mb['warm']} MB when it was warm, {mb['end']} MB in the end"
        for name in OUR_OWN
        for mb in memory.get(name, [])
        if mb["end"] > mb["warm"] * GROWS_BY + GROWS_BY_MB
    ]


def has_failed(report):
    return any(report["failures"].values())


def as_text(report):
    counts, errors = report["counts"], report["errors"]
    options, chats = report["options"], report["chats"]
    files = {name.removeprefix("files "): n for name, n in counts.items() if name.startswith("files ")}
    rows = [
        f"{options['minutes']:g} minutes, {options['chats']} chats at once, seed {options['seed']}",
        "",
        _row("chats", f"{chats['in all']}, {chats['ended']} ended by a side, {chats['cancelled']} requests cancelled"),
        *(
            _row(name, counts.get(name, 0))
            for name in ("over by themselves", "sent", "acknowledged", "delivered", "refused")
        ),
        _row("files", ", ".join(f"{n} {name}" for name, n in files.items()) or "none"),
        _row("tickets", counts.get("tickets", 0)),
        *(_row(name, len(found)) for name, found in report["failures"].items()),
        _row("late", len(report["late"])),
        _row("errors", f"{len(errors['unexplained'])}, and {len(errors['explained'])} that a fault explains"),
        *(_row(f"on the way, {name}", _spread(figures)) for name, figures in report["seconds on the way"].items()),
        _row("live again after", _spread(report["seconds until live again"])),
        _row("longest interruption", f"{report['longest interruption']} s"),
        _row("lag of the pages", _spread(report["lag of the pages"])),
        _row("faults", f"{len(report['faults'])} of parts and lines, {report['faults of pages']} of single pages"),
        _row("not reached", f"{len(report['not reached'])} of parts and lines that were planned"),
        *(_row("memory, MB" if not n else "", _of_program(*item)) for n, item in enumerate(report["memory"].items())),
        *(_row(f"held, {when}", _stand(stand)) for when, stand in report["held"].items()),
        *_details(report),
    ]
    return "\n".join(rows) + "\n"


def _row(name, value):
    return f"{name:<24}{value}"


def _spread(figures):
    return ", ".join(f"{name} {seconds} s" for name, seconds in figures.items()) or "none"


def _of_program(name, of_lives):
    """Of the one that lived longest."""
    mb = max(of_lives, key=lambda life: life["seconds"])
    words = f"{name:<10} {mb['warm']:>5} when warm, {mb['highest']:>5} at most, {mb['end']:>5} in the end"
    return f"{words}, after {mb['seconds']} s; {len(of_lives)} in all"


def _stand(stand):
    return ", ".join(f"{n} {name}" for name, n in stand.items())


def _details(report):
    found = report["failures"] | {"late": report["late"], "error": report["errors"]["unexplained"]}
    found |= {"not reached": report["not reached"]}
    for name, places in found.items():
        yield from (f"{name}: {place}" for place in places[:SHOWN_OF_EACH])
        if len(places) > SHOWN_OF_EACH:
            yield f"{name}: and {len(places) - SHOWN_OF_EACH} more"


def write(report, stack, folder):
    """`report.txt` and `report.json`, and, when it has failed, what the programs wrote down beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.txt").write_text(as_text(report))
    (folder / "report.json").write_text(json.dumps(report, indent=1))
    if has_failed(report):
        for log in stack.folder.glob("*.log"):
            shutil.copy(log, folder)
