"""Does what the plan says, and remembers when each fault was under way."""

import asyncio
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.production.soak.plan import SLOW_S, Fault

# Between the return of the pages after one fault and the beginning of the next.
REST_S = 4
# Nothing new is broken before most have come back from the last, for so long at the most.
NEARLY_ALL, BACK_WITHIN_S, LOOKS_EVERY_S = 0.95, 60, 0.2


@dataclass(frozen=True)
class Happened:
    """A fault as it came about, by the two clocks: the one that passes evenly, and the one of the logs."""

    fault: Fault
    # The one it befell; None where it befell all.
    page: object
    began: float
    ended: float
    began_at: float
    ended_at: float


class Trouble:
    def __init__(self, stack, pages):
        self.stack = stack
        self.pages = pages
        self.happened = []
        self.missed = []
        # Each fault of the stack, and how long it was after its end until nearly every page was live again.
        self.came_back = []
        # What breaks and mends never waits behind the requests of people.
        self._hands = ThreadPoolExecutor(2)

    async def befall(self, of_stack, of_pages, seconds):
        """Until the time is over and the last fault of the stack is mended."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._stack(of_stack, began, began + seconds))
            for fault in of_pages:
                group.create_task(self._page(fault, began))

    async def _stack(self, faults, began, over):
        for fault in faults:
            await asyncio.sleep(max(0, began + fault.at_s - time.monotonic()))
            if time.monotonic() + fault.lasts_s > over:
                self.missed.append(fault)
                continue
            await self._under_way(fault, self._part_or_line(fault))
            self.came_back.append((str(fault), await self._back()))
            await asyncio.sleep(REST_S)
        await asyncio.sleep(max(0, over - time.monotonic()))

    async def _back(self):
        """Seconds until nearly every page is live again; one or the other is always cut off by itself."""
        mended = time.monotonic()
        while sum(page.is_up for page in self.pages) < NEARLY_ALL * len(self.pages):
            if time.monotonic() > mended + BACK_WITHIN_S:
                break
            await asyncio.sleep(LOOKS_EVERY_S)
        return time.monotonic() - mended

    async def _page(self, fault, began):
        await asyncio.sleep(max(0, began + fault.at_s - time.monotonic()))
        page = self.pages[fault.where]
        if not page.is_up:
            return
        await self._under_way(fault, self._drop(page) if fault.what == "drop" else self._stall(page, fault.lasts_s))

    async def _under_way(self, fault, work):
        began, began_at = time.monotonic(), time.time()
        await work
        page = self.pages[fault.where] if isinstance(fault.where, int) else None
        self.happened.append(Happened(fault, page, began, time.monotonic(), began_at, time.time()))

    async def _drop(self, page):
        page.drop()

    async def _stall(self, page, seconds):
        goes_on = page.stall()
        await asyncio.sleep(seconds)
        goes_on()

    async def _part_or_line(self, fault):
        if "to " in fault.where:
            await self._line(fault, self._tap(fault.where))
        else:
            await self._part(fault, self._program(fault.where))

    async def _line(self, fault, tap):
        act = (lambda: tap.slow(SLOW_S)) if fault.what == "slow" else getattr(tap, fault.what)
        await self._do(act)
        await asyncio.sleep(fault.lasts_s)
        await self._do(tap.mend)

    async def _part(self, fault, program):
        if fault.what == "restart":
            # As systemd asks it to; PostgreSQL would otherwise wait for its clients to go.
            await self._do(program.restart, signal.SIGINT if program.name == "postgres" else signal.SIGTERM)
            return
        await self._do(end_at_once, program)
        await asyncio.sleep(fault.lasts_s)
        await self._do(program.start)

    async def _do(self, act, *words):
        await asyncio.get_running_loop().run_in_executor(self._hands, act, *words)

    def _program(self, name):
        [program] = [program for program in self.stack.programs if program.name == name]
        return program

    def _tap(self, where):
        stack = self.stack
        source, _, target = where.rpartition("to ")
        if target == "nginx":
            return stack.to_nginx
        if target.startswith("web"):
            return stack.to_web[int(target[-1]) - 1]
        if source.startswith("web"):
            taps = {"redis": stack.to_redis, "postgres": stack.to_postgres}
            return taps[target][int(source.strip()[-1]) - 1]
        return getattr(stack.from_worker if source.startswith("worker") else stack.from_beat, target)


def end_at_once(program):
    """Kill −9 a program together with what it started, as systemd and a power cut do."""
    program.freeze()
    children = children_of(program.process.pid)
    for child in children:
        os.kill(child, signal.SIGKILL)
    program.kill()
    while any(is_alive(child) for child in children):
        time.sleep(0.01)


def children_of(pid):
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def is_alive(pid):
    """One that is over and that nobody has asked about does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
