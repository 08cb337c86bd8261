"""Holds an answer back while its reader is slow: Daphne alone would take a whole file into memory for each of them."""

import asyncio
from contextlib import suppress
from typing import Any

# Somebody who reads nothing for so long has gone, and keeps a file open.
READS_WITHIN_S = 60.0


class Flow:
    """What Twisted calls a push producer: told to pause while the connection has enough to send."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    def begin(self) -> None:
        """Before the first byte of the answer: whoever comes later is not told that it is full already."""
        if self.request.channel is not None and self.request.producer is None:
            self.request.registerProducer(self, True)

    def end(self) -> None:
        if self.request.producer is self:
            self.request.unregisterProducer()

    async def ready(self) -> None:
        """Wait until there is room for more; who does not read at all is cut off."""
        try:
            async with asyncio.timeout(READS_WITHIN_S):
                await self.may_go_on.wait()
        except TimeoutError:
            # Gone in this very moment, there is nothing left to cut.
            with suppress(AttributeError):
                self.request.channel.transport.abortConnection()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        self.may_go_on.clear()

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's name
        self.may_go_on.set()

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's name
        self.may_go_on.set()
