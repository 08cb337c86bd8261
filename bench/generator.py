"""The load: a process of its own that plays both sides of many chats over real sockets.

    python -m bench.generator < job.json

Prints one JSON object a line: `{"now": "measuring"}` and `{"now": "measured"}` around what counts, and the figures.
"""

import asyncio
import json
import resource
import ssl
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bench.dialects import DIALECTS, message_id, number_in, text_with
from bench.wire import Wire, open_wire
from chat.allowance import Allowance

# Below what one page may send (chat/sockets.py: 300 at once and 60 a second): beyond, it would be shut out.
BURST, A_SECOND = 280, 50
# Pages tell what they have shown so long after it came (static/js/seen.js).
SEEN_AFTER_S = 0.25
# Who was not let in tries again after so long, as pages do at first (static/js/link.js).
AGAIN_AFTER_S = 0.5
OPENS_WITHIN_S = 60
SETTLES_S = 1.0
ARRIVES_WITHIN_S = 10
AT_MOST_S = 240


class Side:
    """One side of a chat: a page with its socket."""

    def __init__(self, load: "Load", chat: int, name: str, port: int, cookie: str) -> None:
        self.load = load
        self.chat = chat
        self.name = name
        self.port = port
        self.cookie = cookie
        self.other: Side = self
        self.allowance = Allowance(burst=BURST, a_second=A_SECOND)
        self.wire: Wire | None = None
        self.let_in: asyncio.Future[float] = asyncio.Future()
        self.coming_back: asyncio.Task[None] | None = None
        self.last: int | None = None
        self.shown = 0
        self.is_telling = False

    async def open(self) -> float:
        """How long it took until the first frame, in seconds; who is not let in comes back, as pages do."""
        began = time.perf_counter()
        async with asyncio.timeout(OPENS_WITHIN_S):
            while True:
                with suppress(ConnectionError):
                    return await self._open() - began
                await asyncio.sleep(AGAIN_AFTER_S)

    async def _open(self) -> float:
        self.let_in = asyncio.Future()
        job, path = self.load.job, self.load.dialect.path(self.chat, self.name)
        self.wire = await open_wire(
            job["host"],
            self.port,
            path,
            cookie=self.cookie,
            origin=job["origin"],
            trust=self.load.trust,
            hear=self.hear,
            gone=self.gone,
        )
        return await self.let_in

    def gone(self) -> None:
        self.load.cut += 1
        if self.let_in.done():
            self.wire = None
            self.coming_back = asyncio.create_task(self._come_back())
        else:
            self.let_in.set_exception(ConnectionError(f"{self.name} of chat {self.chat} was not let in"))

    async def _come_back(self) -> None:
        """Open again, and have both go on: what was on its way when this side was cut off comes to nobody."""
        await self.open()
        for side in (self, self.other):
            if side.wire and side.last is not None and side.last not in self.load.arrived:
                self.load.goes_on(side)

    def hear(self, frame: bytes) -> None:
        if not self.let_in.done() and self.load.dialect.first in frame:
            self.let_in.set_result(time.perf_counter())
        elif frame.startswith(self.load.dialect.refused):
            self.load.refused += 1
        elif (number := number_in(frame)) is not None:
            self.load.heard(self, number, frame)

    def say(self) -> None:
        """The next message; what is not allowed yet, or has no socket, is said later."""
        if not self.load.is_talking:
            return
        if self.wire is None or not self.allowance.take():
            self.load.held_back += 1
            asyncio.get_running_loop().call_later(1 / A_SECOND, self.say)
            return
        self.wire.say(self.load.new_message(self))

    def tell_seen(self, frame: bytes) -> None:
        """Tell what is shown, a little later, once for all that came meanwhile."""
        self.shown = json.loads(frame)["seq"]
        if not self.is_telling:
            self.is_telling = True
            asyncio.get_running_loop().call_later(SEEN_AFTER_S, self._tell)

    def _tell(self) -> None:
        self.is_telling = False
        if self.wire and self.load.dialect.seen and self.allowance.take():
            self.wire.say(self.load.dialect.seen(self.chat, self.shown))


class Load:
    """All pages of one round, and what became of every message."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.dialect = DIALECTS[job["dialect"]]
        self.trust = ssl.create_default_context(cafile=job["trust"]) if job["trust"] else None
        self.sides: list[Side] = []
        for chat, *pages in job["chats"]:
            pair = [Side(self, chat, *page) for page in pages]
            for side in pair:
                side.other = pair[-1] if side is pair[0] else pair[0]
            self.sides += pair
        self.is_talking = False
        self.goes_on: Callable[[Side], None] = Side.say
        self.sent: dict[int, tuple[Side, float]] = {}
        self.arrived: dict[int, float] = {}
        self.came_back: set[int] = set()
        self.doubled = self.refused = self.cut = self.held_back = 0
        self.lags: list[float] = []
        self.whole = asyncio.Event()

    async def open(self) -> list[float]:
        """Every page, so many at a time; how long each took."""
        places = asyncio.Semaphore(self.job["at_once"])

        async def one(side: Side) -> float:
            async with places:
                return await side.open()

        return await asyncio.gather(*(one(side) for side in self.sides))

    def close(self) -> None:
        for side in self.sides:
            if side.wire:
                side.wire.leave()

    def new_message(self, side: Side) -> bytes:
        side.last = number = len(self.sent)
        key = message_id(self.job["run"], number)
        self.sent[number] = (side, time.perf_counter())
        return self.dialect.say(side.chat, key, text_with(key))

    def heard(self, by: Side, number: int, frame: bytes) -> None:
        sender, _at = self.sent[number]
        if by is sender:
            self.doubled += number in self.came_back
            self.came_back.add(number)
        else:
            self.doubled += number in self.arrived
            if number not in self.arrived:
                self.arrived[number] = time.perf_counter()
                self.goes_on(sender)
        if not self.is_talking and self._is_whole():
            self.whole.set()
        if self.job["marks"]:
            by.tell_seen(frame)

    async def closed_loop(self) -> tuple[float, float]:
        """Each side says the next when the other has its last; when the measuring began and ended."""
        self.is_talking = True
        for side in self.sides:
            side.say()
        return await self._measure()

    async def open_loop(self) -> tuple[float, float]:
        """So many messages a second, from one side after the other, whatever became of those before."""
        self.is_talking = True
        self.goes_on = lambda _side: None
        talking = asyncio.create_task(self._talk(self.job["rate"]))
        try:
            return await self._measure()
        finally:
            talking.cancel()

    async def _talk(self, rate: float) -> None:
        # The two sides of one chat do not speak at the same moment.
        turns = self.sides[::2] + self.sides[1::2]
        began, said = time.perf_counter(), 0
        while True:
            while (late := time.perf_counter() - began - said / rate) >= 0:
                self.lags.append(late)
                turns[said % len(turns)].say()
                said += 1
            await asyncio.sleep(-late)

    async def _measure(self) -> tuple[float, float]:
        await asyncio.sleep(self.job["warm_s"])
        tell(now="measuring")
        began, used = time.perf_counter(), processor_s()
        await asyncio.sleep(self.job["measure_s"])
        ended = time.perf_counter()
        self.own_share = (processor_s() - used) / (ended - began)
        tell(now="measured")
        self.is_talking = False
        await self._arrive()
        return began, ended

    async def _arrive(self) -> None:
        """Until everything that was said has come to both sides, or is held for lost."""
        if self._is_whole():
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(ARRIVES_WITHIN_S):
                await self.whole.wait()

    def _is_whole(self) -> bool:
        return len(self.arrived) + len(self.came_back) == 2 * len(self.sent)

    def figures(self, began: float, ended: float) -> dict[str, Any]:
        ways = sorted(at - self.sent[n][1] for n, at in self.arrived.items() if began <= at < ended)
        return {
            "seconds": ended - began,
            "sent": len(self.sent),
            "measured": len(ways),
            "per_second": len(ways) / (ended - began),
            "p50_ms": part(ways, 0.5),
            "p95_ms": part(ways, 0.95),
            "p99_ms": part(ways, 0.99),
            "lost": len(self.sent) - len(self.arrived),
            "unanswered": len(self.sent) - len(self.came_back),
            "doubled": self.doubled,
            "refused": self.refused,
            "cut": self.cut,
            "held_back": self.held_back,
            "generator": self.own_share,
            "late_ms": part(sorted(self.lags), 0.99),
        }


def part(seconds: list[float], share: float) -> float | None:
    """The value that this share of sorted values does not exceed, in ms; None of nothing."""
    return seconds[min(len(seconds) - 1, int(len(seconds) * share))] * 1000 if seconds else None


def processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def tell(**what: Any) -> None:
    print(json.dumps(what), flush=True)


async def talk(load: Load) -> None:
    await load.open()
    await asyncio.sleep(SETTLES_S)
    loop = load.open_loop if load.job["rate"] else load.closed_loop
    tell(figures=load.figures(*await loop()))


async def connect(load: Load) -> None:
    """As many connections a second as there are, then hold them until told to end."""
    tell(now="measuring")
    began, used = time.perf_counter(), processor_s()
    took = sorted(await load.open())
    seconds = time.perf_counter() - began
    tell(now="measured")
    share = (processor_s() - used) / seconds
    figures = {"per_second": len(took) / seconds, "p50_ms": part(took, 0.5), "p99_ms": part(took, 0.99)}
    tell(figures=figures | {"generator": share, "connections": len(took), "cut": load.cut})
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


async def main() -> None:
    load = Load(json.loads(sys.stdin.readline()))
    try:
        async with asyncio.timeout(AT_MOST_S):
            await (talk(load) if load.job["kind"] == "talk" else connect(load))
    finally:
        load.close()


if __name__ == "__main__":
    asyncio.run(main())
