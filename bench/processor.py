"""What processes use of processor and memory, as /proc says it."""

import os
import re
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def cpu_s(process: Path) -> float:
    """What one process has used so far, in seconds of one core."""
    fields = _fields(process)
    return (int(fields[11]) + int(fields[12])) / TICKS


def with_children_s(pid: int) -> float:
    """The same for a process, the children it has, and those it had: PostgreSQL's connections come and go."""
    used = sum(map(int, _fields(PROC / str(pid))[11:15])) / TICKS
    for child in _children(pid):
        # One that ended meanwhile is among those it had, at the next look.
        with suppress(OSError):
            used += cpu_s(child)
    return used


def busy_s() -> float:
    """What the whole machine has used so far."""
    times = [int(word) for word in (PROC / "stat").read_text().splitlines()[0].split()[1:]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = times[:8]
    return (user + nice + system + irq + softirq + steal) / TICKS


def resident_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", (PROC / str(pid) / "status").read_text())
    assert found
    return int(found[1]) / 1024


def _fields(process: Path) -> list[str]:
    """From the third one on, the state: the second may hold spaces."""
    return (process / "stat").read_text().rsplit(")", 1)[1].split()


def _children(pid: int) -> list[Path]:
    children = (PROC / str(pid) / "task" / str(pid) / "children").read_text()
    return [PROC / child for child in children.split()]
