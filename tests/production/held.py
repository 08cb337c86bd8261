"""What pages can hold, and must give back: lines, sockets, memory, open files, connections to the stores."""

import re
import urllib.request
from pathlib import Path

MEGABYTE = 1024 * 1024
# What a process grows by that has given everything back.
GROWTH = 16 * MEGABYTE
FILES_OF_POOLS = 60
TAKEN = re.compile(r'(?m)^helpdesk_database_connections\{use="taken"\} ([\d.]+)$')
SOCKETS = re.compile(r'(?m)^helpdesk_sockets\{side="\w+"\} ([\d.]+)$')


def held(stack):
    """By name: what the installation says of itself, and the open pages, memory and files of its web processes."""
    return stack.held() | {
        "sockets": sum(map(sockets, stack.webs)),
        "taken": sum(map(taken, stack.webs)),
        "memory": sum(memory(web) for web in stack.webs),
        "files": sum(len(list(Path(f"/proc/{web.process.pid}/fd").iterdir())) for web in stack.webs),
    }


def is_given_back(stack):
    """Whether nothing is open that only pages open."""
    now = held(stack)
    return not any(now.get(name) for name in ("lines", "channels", "sockets", "taken", "hung"))


def assert_given_back(stack, before, *, growth=GROWTH):
    """Compare with what was held before: nothing that only pages open, and no more memory than a little."""
    after = held(stack)
    # Pools and threads grow by and by to what they may hold; pages have none of their own.
    assert after["files"] - before["files"] < FILES_OF_POOLS
    assert after["memory"] - before["memory"] < growth
    assert after["sockets"] == before["sockets"]


def sockets(web):
    return sum(map(float, figures(web, SOCKETS)))


def taken(web):
    """Connections to PostgreSQL that somebody has of its pool just now."""
    return sum(map(float, figures(web, TAKEN)))


def figures(web, pattern):
    """What a web process tells Prometheus, as far as the pattern finds it."""
    with urllib.request.urlopen(f"http://127.0.0.1:{web.port}/metrics", timeout=10) as answer:
        return pattern.findall(answer.read().decode())


def memory(web, of="VmRSS"):
    """In bytes; VmHWM is the most since `forget_peak`."""
    return int(re.search(rf"{of}:\s+(\d+)", Path(f"/proc/{web.process.pid}/status").read_text())[1]) * 1024


def forget_peak(web):
    Path(f"/proc/{web.process.pid}/clear_refs").write_text("5")
