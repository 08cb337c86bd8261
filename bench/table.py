"""The figures as a person reads them, and as a program does."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SHOWN = (
    "per_second",
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "held_back",
    "generator",
    "late_ms",
    "web",
    "postgres",
    "redis",
    "nginx",
    "machine",
    "web_ms",
    "postgres_ms",
    "redis_ms",
)
# What must not happen, in the table's words.
AMISS = {
    "lost": "not heard in 10 s",
    "unanswered": "not acknowledged",
    "doubled": "doubled",
    "refused": "refused",
    "cut": "cut off",
}
# Whose part of the processor is known.
KNOWN = ("web", "postgres", "redis", "nginx", "generator")
# From here on it is the load that was at its end, and a figure says what was reached at least.
GENERATOR_IS_BUSY = 0.9


def write(figures: dict[str, Any], folder: Path) -> str:
    """Write both into the folder, under the present time; the table."""
    folder.mkdir(parents=True, exist_ok=True)
    text = markdown(figures)
    name = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    (folder / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n")
    (folder / f"{name}.md").write_text(text)
    return text


def markdown(figures: dict[str, Any]) -> str:
    return "\n".join(
        [
            f"{figures['cores']} cores, {figures['took_s']} s in all; {_settings(figures['durability'])}.",
            *(["Too short to believe: it only shows that it measures."] if figures["quick"] else []),
            "",
            *_messages(figures["messages"]),
            "",
            *_costs(figures["messages"]),
            "",
            *_scale(figures["scale"]),
            "",
            *_connections(figures["connections"]),
            "",
            *_statements(figures["statements"]),
            "",
            f"A line of a chat of ours takes {figures['bytes_of_a_line']} bytes of PostgreSQL, indexes and all.",
            "",
        ]
    )


def _settings(durability: dict[str, str]) -> str:
    return "PostgreSQL with " + ", ".join(f"{name} {value}" for name, value in durability.items())


def _messages(rows: list[dict[str, Any]]) -> Iterable[str]:
    titles = ["chats", "who", "most a second", "beside plain", "at a second", "p50 ms", "p95 ms", "p99 ms"]
    yield from _titles(*titles, "amiss", "generator", "others")
    plain = {row["chats"]: row["most"]["per_second"] for row in rows if row["who"] == "plain consumer"}
    for row in rows:
        most, steady = row["most"], row["steady"]
        figures = [_most(row), f"{most['per_second'] / plain[row['chats']]:.1f} ×"]
        if steady:
            figures += [f"{row['rate']:.0f}", *(f"{steady[name]:.1f}" for name in ("p50_ms", "p95_ms", "p99_ms"))]
        else:
            figures += ["–"] * 4
        yield _row(row["chats"], row["who"], *figures, _amiss(row), f"{most['generator']:.0%}", _others(row))


def _most(row: dict[str, Any]) -> str:
    """The mean of the rounds, and each of them where there are several."""
    each = [f"{one['per_second']:.0f}" for one in row["rounds"]["most"]]
    spread = f" ({', '.join(each)})" if len(each) > 1 else ""
    return f"{row['most']['per_second']:.0f}{spread}{_bound(row['most'])}"


def _amiss(row: dict[str, Any]) -> str:
    """What went wrong in all rounds together."""
    sums = {words: sum(one[name] for one in _rounds(row)) for name, words in AMISS.items()}
    return ", ".join(f"{count} {words}" for words, count in sums.items() if count) or "nothing"


def _others(row: dict[str, Any]) -> str:
    """What programs that are not compared used of a core, in the round where that was most."""
    return f"{max(one['machine'] - sum(one[name] for name in KNOWN) for one in _rounds(row)):.0%}"


def _rounds(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for kind in row["rounds"].values() for one in kind]


def _bound(most: dict[str, float]) -> str:
    """A mark, where it was not the server that was at its end."""
    return " or more" if most["generator"] > GENERATOR_IS_BUSY or most["held_back"] else ""


def _costs(rows: list[dict[str, Any]]) -> Iterable[str]:
    yield "At that most, of one core, and of a message:"
    yield ""
    yield from _titles(
        "chats", "who", "web", "PostgreSQL", "Redis", "machine, of all", "web ms", "PostgreSQL ms", "Redis ms"
    )
    for row in rows:
        shares = [f"{row['most'][name]:.0%}" for name in ("web", "postgres", "redis", "machine")]
        costs = [f"{row['most'][name]:.2f}" for name in ("web_ms", "postgres_ms", "redis_ms")]
        yield _row(row["chats"], row["who"], *shares, *costs)


def _scale(rows: list[dict[str, Any]]) -> Iterable[str]:
    yield "With processes that are held to a share of a core each, so that another is free for the second one:"
    yield ""
    titles = ["chats", "processes", "share of each", "messages a second", "beside one", "p50 ms"]
    yield from _titles(*titles, "web", "machine, of all")
    for row in rows:
        each = ", ".join(f"{one['per_second']:.0f}" for one in row["rounds"])
        figures = [f"{row['per_second']:.0f} ({each})", f"{row['per_second'] / rows[0]['per_second']:.1f} ×"]
        figures += [f"{row['p50_ms']:.0f}", f"{row['web']:.0%}", f"{row['machine']:.0%}"]
        yield _row(row["chats"], row["processes"], f"{row['share']:.0%}", *figures)


def _connections(rows: list[dict[str, Any]]) -> Iterable[str]:
    titles = ["who", "pages", "at once", "connections a second", "p50 ms", "p99 ms", "web ms each", "kB each"]
    yield from _titles(*titles, "web ms, idle for 15 s")
    for row in rows:
        figures = [f"{row[name]:.0f}" for name in ("per_second", "p50_ms", "p99_ms", "web_ms", "kb_each")]
        yield _row(row["who"], row["connections"], row["at_once"], *figures, f"{row['beat_ms']:.1f}")


def _statements(counted: dict[str, list[str]]) -> Iterable[str]:
    yield from _titles("what", "statements", "which")
    for what, words in counted.items():
        yield _row(what, len(words), " ".join(words))


def _titles(*names: str) -> list[str]:
    return [_row(*names), _row(*("---" for _ in names))]


def _row(*cells: Any) -> str:
    return f"| {' | '.join(map(str, cells))} |"
