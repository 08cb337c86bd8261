"""What measures must measure: a short run of `make bench`. Never a speed: this machine may be busy."""

import json
import subprocess
import sys
from operator import itemgetter

import pytest

from bench import table
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
    none = {"connections": [], "statements": {}, "durability": {}, "bytes_of_a_line": 1}
    text = table.markdown(none | {"cores": 2, "took_s": 1, "quick": False, "messages": [row]})
    assert "| 15 (10, 20) | 1.0 × |" in text
    assert "| 3 not heard in 10 s, 1 cut off |" in text
