"""What measures must measure: a short run of `make bench`. Never a speed: this machine may be busy."""

import json
import subprocess
import sys
from operator import itemgetter

import pytest

from tests.production import deployed

NOT_IN_THE_LOG = ("lost", "doubled", "unanswered", "refused")


@pytest.mark.timeout(300)
def test_a_short_measurement_fills_its_table_and_loses_nothing(tmp_path):
    command = [sys.executable, "-m", "bench.run", "--quick", "--folder", str(tmp_path)]
    ran = subprocess.run(command, check=False, cwd=deployed.ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    [table], [figures] = (list(tmp_path.glob(pattern)) for pattern in ("*.md", "*.json"))
    assert table.read_text() in ran.stdout
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
