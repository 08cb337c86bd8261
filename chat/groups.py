"""The groups that one page hears; without the channel layer the heartbeat does their work."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable

from channels.consumer import AsyncConsumer

from accounts.live import FAILURES

log = logging.getLogger(__name__)

EACH_WITHIN_S = 1
# A page waits for its greeting for ten seconds.
ALL_WITHIN_S = 4


class Groups:
    """Which groups a consumer is in: `joined`, as far as the channel layer has said yes."""

    def __init__(self, consumer: AsyncConsumer) -> None:
        self.joined: set[str] = set()
        self._consumer = consumer

    async def join(self, group: str) -> bool:
        """Whether it was joined; it never raises."""
        try:
            async with asyncio.timeout(EACH_WITHIN_S):
                await self._consumer.channel_layer.group_add(group, self._consumer.channel_name)
            self.joined.add(group)
        except Exception as error:
            FAILURES.labels("join").inc()
            log.warning("A live page could not join its group: %s", type(error).__name__)
            return False
        return True

    async def join_all(self, groups: Iterable[str]) -> None:
        """As many as there is time for; the next beat tries the others. A silent Redis would take a second for each."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ALL_WITHIN_S):
                for group in groups:
                    if not await self.join(group):
                        break

    async def leave(self, groups: Iterable[str]) -> None:
        for group in list(groups):
            self.joined.discard(group)
            with contextlib.suppress(Exception):
                async with asyncio.timeout(EACH_WITHIN_S):
                    await self._consumer.channel_layer.group_discard(group, self._consumer.channel_name)
