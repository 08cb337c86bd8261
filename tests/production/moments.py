"""Several people at one moment of the clock, a little before it or a little after."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta


def soon():
    return datetime.now(UTC) + timedelta(seconds=2)


def around(moment, acts):
    """Do each `(offset in ms, act)` so long after the moment; what they returned, in order."""

    def do(offset_ms, act):
        time.sleep(max(0, moment.timestamp() + offset_ms / 1000 - time.time()))
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, *zip(*acts, strict=True)))
