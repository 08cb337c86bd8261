"""What goes wrong, and when: drawn from a seed before anybody talks, so that a run can be repeated.

of_stack(seed, seconds=600)          parts that end and are killed, and lines between them
of_pages(seed, seconds=600, pages=220)   single pages that are cut off or stop reading

Parts and lines come in turn, one after the other and never two at once: whatever is at fault, the rest runs. What
there is only one of (PostgreSQL, nginx, the line to nginx) takes everybody away for its seconds.
"""

from dataclasses import dataclass
from random import Random

NAMES = ("web1", "web2", "worker", "beat", "redis", "postgres", "nginx")
LASTS_S = (3, 8)
RESTS_S = (4, 9)
FIRST_AFTER_S = 5
# Each page has trouble of its own about so often.
EACH_PAGE_EVERY_S = 150
STALLS_ARE = 0.3
# How long each piece waits on a line that is slow for a while.
SLOW_S = 0.4


@dataclass(frozen=True)
class Fault:
    """`what` befalls `where`: the name of a program, of a line ("to web1"), or the number of a page."""

    at_s: float
    lasts_s: float
    what: str
    where: str | int

    def __str__(self):
        return f"{self.at_s:6.1f} s  {self.where}: {self.what} for {self.lasts_s:.1f} s"


def of_stack(seed, *, seconds):
    random = Random(f"{seed} stack")
    faults, at_s = [], float(FIRST_AFTER_S)
    turns = _turns(random)
    while at_s + LASTS_S[1] < seconds:
        what, where = next(turns)
        fault = Fault(at_s, random.uniform(*LASTS_S), what, where)
        faults.append(fault)
        at_s += fault.lasts_s + random.uniform(*RESTS_S)
    return faults


def of_pages(seed, *, seconds, pages):
    random = Random(f"{seed} pages")
    moments = sorted(random.uniform(0, seconds) for _ in range(round(pages * seconds / EACH_PAGE_EVERY_S)))
    return [
        Fault(
            at_s, random.uniform(*LASTS_S), "stall" if random.random() < STALLS_ARE else "drop", random.randrange(pages)
        )
        for at_s in moments
    ]


def _turns(random):
    """A part, a line, a part…; each once before any comes again."""
    while True:
        parts, lines = _parts(random), _lines(random)
        for pair in zip(parts, lines, strict=True):
            yield from pair


def _parts(random):
    return _shuffled(random, [(what, name) for what in ("restart", "kill") for name in NAMES])


def _lines(random):
    """As many as there are parts to end."""
    faults = [("to nginx", what) for what in ("cut", "freeze", "one_way", "slow")]
    faults += [("to web", what) for what in ("cut", "swallow", "one_way", "slow")]
    faults += [("to redis", what) for what in ("cut", "swallow", "slow")]
    faults += [("to postgres", what) for what in ("cut", "swallow", "slow")]
    either = [(what, where if where == "to nginx" else f"{where}{random.choice((1, 2))}") for where, what in faults]
    return _shuffled(random, either)


def _shuffled(random, things):
    return random.sample(things, len(things))
