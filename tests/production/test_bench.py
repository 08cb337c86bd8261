"""What measures must measure: a short run of `make bench`. Never a speed: this machine may be busy."""

import asyncio
import json
import struct
import subprocess
import sys
from contextlib import suppress
from operator import itemgetter

import pytest

from bench import generator, table
from tests.production import deployed

NOT_IN_THE_LOG = ("lost", "doubled", "unanswered", "refused")


@pytest.mark.timeout(300)
def test_a_short_measurement_fills_its_table_and_loses_nothing(tmp_path):
    command = [sys.executable, "-m", "bench.run", "--quick", "--folder", str(tmp_path)]
    ran = subprocess.run(command, check=False, cwd=deployed.ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    [written], [figures] = (list(tmp_path.glob(pattern)) for pattern in ("*.md", "*.json"))
    assert written.read_text() in ran.stdout
    figures = json.loads(figures.read_text())
    assert [(row["chats"], row["who"]) for row in figures["messages"][:2]] == [(1, "plain consumer"), (1, "Helpdesk")]
    said = {"plain": 0, "helpdesk": 0}
    for row in figures["messages"]:
        rounds = [one for kind in row["rounds"].values() for one in kind]
        said["plain" if row["who"] == "plain consumer" else "helpdesk"] += sum(map(itemgetter("sent"), rounds))
        for one in rounds:
            assert one["per_second"] > 0 < one["p50_ms"] <= one["p95_ms"] <= one["p99_ms"]
            assert [one[name] for name in NOT_IN_THE_LOG] == [0] * len(NOT_IN_THE_LOG), row
    assert [row["processes"] for row in figures["scale"]] == [1, 2]
    for row in figures["scale"]:
        said["helpdesk"] += sum(map(itemgetter("sent"), row["rounds"]))
        assert row["per_second"] > 0
    assert figures["stored"] == said
    for row in figures["connections"]:
        assert row["per_second"] > 0 < row["p50_ms"] <= row["p99_ms"]
    assert figures["durability"] == {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


def test_the_table_shows_each_round_and_adds_up_what_went_wrong():
    nothing = dict.fromkeys([*table.SHOWN, *table.AMISS], 0)
    fast = [nothing | {"per_second": 10, "lost": 2}, nothing | {"per_second": 20, "cut": 1}]
    row = {
        "chats": 1,
        "who": "plain consumer",
        "rate": 5,
        "most": nothing | {"per_second": 15},
        "steady": nothing,
        "rounds": {"most": fast, "steady": [nothing | {"lost": 1}]},
    }
    none = {"connections": [], "scale": [], "statements": {}, "durability": {}, "bytes_of_a_line": 1}
    text = table.markdown(none | {"cores": 2, "took_s": 1, "quick": False, "messages": [row]})
    assert "| 15 (10, 20) | 1.0 × |" in text
    assert "| 3 not heard in 10 s, 1 cut off |" in text


def test_who_is_cut_off_comes_back_and_both_sides_talk_on(monkeypatch):
    monkeypatch.setattr(generator, "ARRIVES_WITHIN_S", 0.5)
    load, figures = asyncio.run(talk_in(Room()))
    assert figures["cut"] == 2
    assert figures["lost"] >= 1, "what was said last before the cut came to nobody"
    later = list(load.sent.values())[Room.CUTS_AT + 10 :]
    assert {side.name for side, _at in later} == {"technician", "contact"}


async def talk_in(room):
    server = await asyncio.start_server(room.enter, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    where = {"dialect": "plain", "host": "127.0.0.1", "origin": "", "trust": None, "run": 1, "marks": False}
    times = {"at_once": 2, "warm_s": 0, "measure_s": 1}
    pages = ("technician", port, ""), ("contact", port, "")
    async with server:
        load = generator.Load(where | times | {"chats": [(1, *pages)]})
        await load.open()
        figures = load.figures(*await load.closed_loop())
        load.close()
    return load, figures


class Room:
    """A server where everybody hears what anybody says. In the middle of it, it cuts everybody off, once."""

    CUTS_AT = 6

    def __init__(self):
        self.members = set()
        self.heard = 0

    async def enter(self, reader, writer):
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + framed(b'{"type": "ready"}'))
            self.members.add(writer)
            while True:
                self.tell(await message(reader))
        self.members.discard(writer)

    def tell(self, text):
        self.heard += 1
        for member in self.members:
            if self.heard == self.CUTS_AT:
                member.transport.abort()
            else:
                member.write(framed(text))


async def message(reader):
    """The text of one frame of a client that masks with zeros."""
    size = (await reader.readexactly(2))[1] & 127
    if size == 126:
        [size] = struct.unpack(">H", await reader.readexactly(2))
    return (await reader.readexactly(4 + size))[4:]


def framed(text):
    return (struct.pack(">BB", 129, len(text)) if len(text) < 126 else struct.pack(">BBH", 129, 126, len(text))) + text
