"""The doorbell: tells open pages that something happened. It may fail; the database is the truth."""

import asyncio
import logging
import time
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from prometheus_client import Counter

log = logging.getLogger(__name__)

# A frozen Redis must not freeze the request that rings (HAZARDS: channel layers), and a request often rings more than
# once: after one bell that did not answer, none is tried for a while.
RING_WITHIN_S = 1.0
REST_AFTER_SILENCE_S = 2.0
# When the loop itself comes round later than this, the bell was late through its own fault: Redis may be well.
BUSY_S = 0.1

FAILURES = Counter("helpdesk_channel_layer_failures", "What open pages were not told and had to ask for", ["what"])
for _what in ("send", "rest", "join", "full"):
    FAILURES.labels(_what)

_rest = SimpleNamespace(until=0.0)


def announce(group: str, message: Mapping[str, Any]) -> None:
    """Send `message` (JSON types, with a `type` that a consumer has a method for) to a group, after commit.

    Never raises and takes a second at most: what is missed here, the heartbeat brings.
    """
    transaction.on_commit(lambda: ring(group, message))


def ring(group: str, message: Mapping[str, Any]) -> None:
    """Like `announce`, but at once: only for what no transaction decides, such as a page that closed."""
    try:
        async_to_sync(ring_async)(group, message)
    except Exception:
        FAILURES.labels("send").inc()
        log.warning("A live announcement could not be sent", exc_info=True)


async def ring_async(group: str, message: Mapping[str, Any]) -> None:
    """Like `ring`, for code that runs in the event loop."""
    if time.monotonic() < _rest.until:
        FAILURES.labels("rest").inc()
        return
    layer, give_up_at = get_channel_layer(), time.monotonic() + RING_WITHIN_S
    try:
        async with asyncio.timeout(RING_WITHIN_S):
            await layer.group_send(group, dict(message))
    except Exception as error:
        if isinstance(error, TimeoutError) and time.monotonic() < give_up_at + BUSY_S:
            _rest.until = time.monotonic() + REST_AFTER_SILENCE_S
        FAILURES.labels("send").inc()
        log.warning("A live announcement was lost: %s", type(error).__name__)
