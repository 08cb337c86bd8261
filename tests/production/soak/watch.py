"""What the programs take while all goes on, and whether this side keeps up with the pages it plays."""

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.production.held import sockets, taken
from tests.production.soak.trouble import children_of

EVERY_S = 3
# A process grows until each kind of request came once; what it has by then is what later growth is told from.
WARM_AFTER_S = 60
# How often this side's own loop is asked whether it comes round in time.
LAG_EVERY_S = 0.1


class Watch:
    """Begins with the block and ends with it."""

    def __init__(self, stack):
        self.stack = stack
        # Program → process id → its memory in MB, once every few seconds while it ran: `(when, how much)`.
        self.memory = {program.name: {} for program in stack.programs}
        self.lags = []
        self._eyes = ThreadPoolExecutor(1)

    async def __aenter__(self):
        self._tasks = [asyncio.create_task(self._memory()), asyncio.create_task(self._lag())]
        return self

    async def __aexit__(self, *_error):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.look()

    def look(self):
        for program in self.stack.programs:
            if program.is_running and (megabytes := memory_mb(pid := program.process.pid)):
                self.memory[program.name].setdefault(pid, []).append((time.monotonic(), megabytes))

    async def _memory(self):
        while True:
            await asyncio.get_running_loop().run_in_executor(self._eyes, self.look)
            await asyncio.sleep(EVERY_S)

    async def _lag(self):
        while True:
            asked = time.monotonic()
            await asyncio.sleep(LAG_EVERY_S)
            self.lags.append(time.monotonic() - asked - LAG_EVERY_S)


def lives(of_program):
    """Of each process of a program that took its turn: what it took when it was warm, at most, and in the end."""
    return [_life(samples) for samples in of_program.values()]


def _life(samples):
    warm_at = samples[0][0] + WARM_AFTER_S
    until_warm = [megabytes for at, megabytes in samples if at <= warm_at]
    return {
        "seconds": round(samples[-1][0] - samples[0][0]),
        "warm": round(max(until_warm)),
        "highest": round(max(megabytes for _at, megabytes in samples)),
        "end": round(samples[-1][1]),
    }


def memory_mb(pid):
    """Of a program with its children; what they share counts once. Nothing when it is gone."""
    shares = []
    for one in (pid, *children_of(pid)):
        try:
            found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE)
        except OSError:
            continue
        shares.append(int(found[1]) / 1024)
    return sum(shares)


# Nothing of these is left where no page is open.
OF_PAGES = ("sockets", "lines to nginx", "lines to the web processes", "connections in use")


def standing(stack):
    """What is open now, everywhere."""
    [(connections,)] = stack.query(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    return {
        "sockets": round(sum(map(sockets, stack.webs))),
        "connections in use": round(sum(map(taken, stack.webs))),
        "lines to nginx": stack.to_nginx.lines,
        "lines to the web processes": sum(tap.lines for tap in stack.to_web),
        "connections of PostgreSQL": connections,
        "connections of Redis": len(stack.in_redis("CLIENT LIST")) - 1,
    }
