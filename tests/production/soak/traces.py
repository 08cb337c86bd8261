"""What the programs and nginx wrote down: errors, and answers that should not have been given.

What a fault explains is counted apart: answers 5xx while PostgreSQL or a web process is away or cannot be reached,
lines of level error while a store is. Redis that is away explains no answer: nobody who asks a page should notice.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime

# A try that was under way is given up, and written down, a little after the fault is over.
AFTERMATH_S = 8
# nginx writes whole seconds.
ROUNDED_S = 1
TROUBLE = re.compile(r"PANIC: |deadlock detected|^Traceback|^Fatal Python error|Segmentation fault", re.MULTILINE)


@dataclass(frozen=True)
class Trace:
    began_at: float
    ended_at: float
    words: str
    # What kind of fault explains it.
    kind: str


def explains(fault):
    """Which kinds of traces this fault explains."""
    where = str(fault.where)
    if where.startswith(("worker", "beat")):
        # Nobody who asks a page waits for them.
        return {"line"} if " to " in where else set()
    if "postgres" in where:
        return {"answer", "line"}
    if "redis" in where:
        return {"line"}
    # One that is told to end answers what it has taken on, and refuses what comes after; but the fault proxy before it
    # has taken that by then, and nginx sends no post twice.
    if "web" in where:
        return {"answer", "line"}
    return set()


def sorted_out(traces, happened):
    """`(unexplained, explained)`, in words."""
    unexplained, explained = [], []
    for trace in traces:
        (explained if any(_covers(one, trace) for one in happened) else unexplained).append(trace.words)
    return unexplained, explained


def _covers(happened, trace):
    is_near = happened.began_at - ROUNDED_S <= trace.ended_at and trace.began_at <= happened.ended_at + AFTERMATH_S
    return is_near and trace.kind in explains(happened.fault)


def lengths(stack):
    """How much was written down until now; what comes after it is read."""
    return {program.name: len(program.log) for program in stack.programs} | {"answers": len(stack.access_log)}


def answers(stack, since):
    """Answers 5xx, as nginx gave them."""
    for line in stack.access_log[since["answers"] :].splitlines():
        entry = json.loads(line)
        if entry["status"] >= 500:
            at = datetime.fromisoformat(entry["at"]).timestamp()
            words = f"{entry['at']} {entry['method']} {entry['path']} was answered {entry['status']}"
            yield Trace(at - float(entry["seconds"]), at, words, "answer")


def lines(stack, since):
    """Lines of level error of our programs; and what no program should ever say, whatever is at fault."""
    for program in stack.programs:
        for line in program.log[since[program.name] :].splitlines():
            if entry := _entry(line):
                if entry["level"] in {"error", "critical"}:
                    at = datetime.fromisoformat(entry["time"]).timestamp()
                    yield Trace(at, at, f"{program.name}: {line[:1000]}", "line")
            elif TROUBLE.search(line):
                yield Trace(0, 0, f"{program.name}: {line[:1000]}", "never")


def _entry(line):
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and "level" in entry else None
