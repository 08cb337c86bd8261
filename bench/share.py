"""Programs that are held to a share of a core each, so that another has one free: stopped, and let go on."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bench.processor import with_children_s

LOOK_EVERY_S = 0.01
# What a program did not use is not kept for later beyond this.
SAVED_S = 0.05


@contextmanager
def held_to(share: float, pids: list[int]) -> Iterator[None]:
    """Within the block each uses at most this share of one core; afterwards all go on as they did."""
    is_over = threading.Event()
    holders = [threading.Thread(target=_hold, args=(pid, share, is_over), daemon=True) for pid in pids]
    for holder in holders:
        holder.start()
    try:
        yield
    finally:
        is_over.set()
        for holder in holders:
            holder.join()


def _hold(pid: int, share: float, is_over: threading.Event) -> None:
    may_use_s, looked_at, used_s = 0.0, time.monotonic(), with_children_s(pid)
    with suppress(ProcessLookupError, FileNotFoundError):
        try:
            while not is_over.wait(LOOK_EVERY_S):
                now, used = time.monotonic(), with_children_s(pid)
                may_use_s = min(SAVED_S, may_use_s + (now - looked_at) * share - (used - used_s))
                looked_at, used_s = now, used
                os.kill(pid, signal.SIGSTOP if may_use_s < 0 else signal.SIGCONT)
        finally:
            os.kill(pid, signal.SIGCONT)
