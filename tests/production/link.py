"""One socket that comes back by itself, as static/js/link.js, with its own numbers.

link = Link(person, "/ws/", heard=take, lost=note)
                                          gives each frame to `await take(frame)`; calls `note()` when it goes down
await link.stay()                         until this page must go
link.send({…})                            whether it went into a socket that is up
link.drop()                               gives the socket up as lost; the next one is on its way

It counts as up from the server's `hello` on, which is awaited for 10 s after it opened, whatever else it says.
Silence of 40 s means that it is dead: the server beats every 15 s.
"""

import asyncio
import random
import time

from tests.production.lines import LOST, OPENS_WITHIN_S, Closed, Line

DEAD_AFTER_S = 40
FIRST_WAIT_S, LONGEST_WAIT_S, RESTART_WAIT_S = 0.4, 10, 1.5
RESTARTING, MUST_SIGN_IN, TOO_FAST = 4012, 4401, 4429


class Link:
    def __init__(self, person, path, *, heard, lost):
        self.is_up = self.is_over = False
        self.heard_at = self.down_since = time.monotonic()
        # What each socket before this one was closed with.
        self.closed_with = []
        # How long each time from the loss of the socket until it was up again; the first is the opening of the page.
        self.interruptions = []
        self._person = person
        self._path = path
        self._heard = heard
        self._lost = lost
        self._line = None
        self._is_open = False
        # Whether the last socket that opened was greeted; of the first it is believed.
        self._has_greeted = True
        self._tries = 0

    @property
    def is_opening(self):
        """It is open, and its greeting worth waiting for: not after one that opened and was not greeted."""
        return self._is_open and not self.is_up and self._has_greeted

    async def stay(self):
        while not self.is_over:
            self._tries += 1
            code = await self._be_open()
            self.closed_with.append(code)
            self.is_over |= code == MUST_SIGN_IN
            if not self.is_over:
                await asyncio.sleep(self._pause(code))

    def send(self, frame):
        if self.is_up:
            self._line.send(frame)
        return self.is_up

    def drop(self):
        if self._line is not None:
            self._line.drop()
        self._lose()

    def end(self):
        """No socket after this one. What this one is closed with is still heard, unlike in a browser."""
        self._lose()
        self.is_over = True

    def pause(self):
        """Read nothing more, until what is returned is called."""
        self._line.pause()
        return self._line.resume

    async def _be_open(self):
        """Until it is over; the code that it was closed with."""
        line = None
        try:
            async with asyncio.timeout(OPENS_WITHIN_S) as silence:
                self._line = line = await Line.open(self._person, self._path)
                self._is_open = True
                silence.reschedule(asyncio.get_running_loop().time() + OPENS_WITHIN_S)
                while True:
                    await self._take(await line.receive())
                    if self.is_up:
                        silence.reschedule(asyncio.get_running_loop().time() + DEAD_AFTER_S)
        except TimeoutError:
            return LOST
        except Closed as closed:
            return closed.code
        finally:
            if line:
                line.drop()
            self._lose()

    async def _take(self, frame):
        if self.is_over:
            return
        self.heard_at = time.monotonic()
        if frame["type"] == "hello":
            self.is_up, self._has_greeted, self._tries = True, True, 0
            self.interruptions.append(time.monotonic() - self.down_since)
        await self._heard(frame)

    def _lose(self):
        self._has_greeted &= self.is_up or not self._is_open
        self._is_open = False
        if self.is_up:
            self.is_up, self.down_since = False, time.monotonic()
            self._lost()

    def _pause(self, code):
        # Not all pages at once, when a server comes back to all of them.
        spread = random.uniform(0.5, 1.5)
        if code == RESTARTING:
            return RESTART_WAIT_S * spread
        if code == TOO_FAST:
            return LONGEST_WAIT_S
        return min(FIRST_WAIT_S * 2 ** min(self._tries, 6), LONGEST_WAIT_S) * spread
