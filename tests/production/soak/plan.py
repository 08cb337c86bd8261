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
# Long enough for most pages to be back: what comes next befalls people who talk, and not pages that still knock.
RESTS_S = (10, 18)
FIRST_AFTER_S = 5
# Each page has trouble of its own about so often.
EACH_PAGE_EVERY_S = 150
STALLS_ARE = 0.3
# How long each piece waits on a line that is slow for a while.
SLOW_S = 0.4


@dataclass(frozen=True)
class Fault:
    """`what` befalls `where`: the name of a program, of a line ("web1 to redis"), or the number of a page."""

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
    parts, lines = _parts(random), _lines(random)
    while True:
        yield next(parts)
        yield next(lines)


def _parts(random):
    """All of them in one way before any has its turn in the other."""
    while True:
        ways = {name: _shuffled(random, ("restart", "kill")) for name in NAMES}
        for one in (0, 1):
            yield from _shuffled(random, [(ways[name][one], name) for name in NAMES])


def _lines(random):
    """Who has several of a kind has one of them at fault each time."""
    while True:
        faults = [(what, "to nginx") for what in ("cut", "freeze", "one_way", "slow")]
        faults += [(what, f"to {_web(random)}") for what in ("cut", "swallow", "one_way", "slow")]
        for store in ("redis", "postgres"):
            faults += [(what, f"{_web(random)} to {store}") for what in ("cut", "swallow", "slow")]
            faults += [(random.choice(("cut", "swallow")), f"{job} to {store}") for job in ("worker", "beat")]
        yield from _shuffled(random, faults)


def _web(random):
    return random.choice(("web1", "web2"))


def _shuffled(random, things):
    return random.sample(things, len(things))
