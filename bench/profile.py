"""Where the time of a web process goes while it delivers as much as it can.

    python -m bench.profile --py-spy PATH

py-spy is no part of the project: `python -m pip install --target FOLDER py-spy`, and PATH is FOLDER/bin/py-spy. It
looks at who holds the interpreter, two hundred times a second.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

from bench import parts, rounds
from bench.run import Contenders
from bench.stack import Bench

CHATS = 200
SECONDS = 20
A_SECOND = 200
# With all that they call: what a message goes through, from one end to the other.
WAYS = (
    "PageSocket.websocket_receive (chat/sockets.py",
    "post (chat/live.py",
    "ChatQuerySet.postable_by (chat/querysets.py",
    "QuerySet.update (django/db/models/query.py",
    "QuerySet.get (django/db/models/query.py",
    "QuerySet.create (django/db/models/query.py",
    "told (chat/facts.py",
    "head (chat/facts.py",
    "SQLCompiler.as_sql (django/db/models/sql/compiler.py",
    "BaseDatabaseWrapper.connect (django/db/backends/base/base.py",
    "ring (accounts/live.py",
    "render_event (chat/rendering.py",
    "LiveConsumer.chat_event (chat/live_chats.py",
    "PageSocket._beat (chat/sockets.py",
    "PageSocket._look (chat/sockets.py",
    "PageSocket.say (chat/sockets.py",
)


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m bench.profile")
    words.add_argument("--py-spy", default="py-spy", help="where it is")
    words.add_argument("--raw", type=Path, help="keep what py-spy wrote in this file")
    words.add_argument("--plain", action="store_true", help="look at the plain consumer")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="helpdesk-profile-") as folder, Bench(CHATS) as bench:
        raw = asked.raw or Path(folder) / "raw"
        who = Contenders(bench)
        look(bench, who.plain if asked.plain else who.ours, asked.py_spy, raw)
        lines = raw.read_text().splitlines()
    for part, share in parts.shares(lines):
        print(f"{share:6.1%}  {part}")
    print()
    for name, share in parts.below(lines, WAYS):
        print(f"{share:6.1%}  below {name})")


def look(bench: Bench, contender: rounds.Contender, py_spy: str, raw: Path) -> None:
    """Record while it is asked for all it can."""
    [web] = contender.webs
    words = ["record", "--pid", str(web.process.pid), "--format", "raw", "--output", str(raw), "--gil", "--nonblocking"]
    command = [py_spy, *words, "--rate", str(A_SECOND), "--duration", str(SECONDS)]
    spies: list[subprocess.Popen[str]] = []
    figures = rounds.messages(
        bench,
        contender,
        CHATS,
        rate=None,
        begins=lambda: spies.append(subprocess.Popen(command, stdout=subprocess.DEVNULL)),
        warm_s=3,
        measure_s=SECONDS + 2,
    )
    if spies[0].wait(timeout=SECONDS):
        raise SystemExit("py-spy could not look.")
    print(f"{figures['per_second']:.0f} messages a second, {figures['web_ms']:.2f} ms of a core each\n")


if __name__ == "__main__":
    main()
