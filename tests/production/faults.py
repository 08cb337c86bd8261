"""What can happen to the line between any two programs of the stack.

tap.cut()       every connection ends, and new ones are refused
tap.refuse()    new ones are refused; what is open stays
tap.freeze()    what is open stays so, and nothing arrives on it: half-open
tap.swallow()   the same, for what is opened from now on too
tap.one_way()   what is open carries questions and no answers
tap.slow(0.3)   each piece waits this many seconds
tap.mend()      back to normal; a line that was frozen ends, for it has lost something
"""

import asyncio
from contextlib import suppress

from tests.browser.proxy import Proxy


class Tap(Proxy):
    @property
    def lines(self):
        """How many connections go through it now."""
        return len(self._lines)

    def refuse(self):
        self._do(self._close_door())

    async def _connect(self, from_client, to_client):
        # Told to end with the tap, it has nothing to complain of.
        with suppress(asyncio.CancelledError):
            await super()._connect(from_client, to_client)

    async def _close_door(self):
        if self._door is not None:
            self._door.close()
            self._door = None

    def one_way(self):
        self.freeze(only_answers=True)
