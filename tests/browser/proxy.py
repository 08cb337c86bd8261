"""A bad connection between a browser and the server: it can be cut, frozen and slowed down in the middle of a test.

    with Proxy(server.port) as proxy:
        page.goto(proxy.url)
        proxy.cut()       every connection ends, and new ones are refused
        proxy.freeze()    what is open stays so, and nothing arrives on it: half-open, as after a change of network
        proxy.swallow()   the same, for what is opened later too
        proxy.slow(0.3)   each piece waits this many seconds
        proxy.mend()      back to normal; a line that was frozen ends, for it has lost something

Browsers' own *offline* switch does not end WebSockets that are open.
"""

import asyncio
import threading
from contextlib import contextmanager, suppress

from tests import services

CHUNK_BYTES = 64 * 1024
FROM_BROWSER, FROM_SERVER = "from the browser", "from the server"


class Proxy:
    def __init__(self, server_port, *, port=None, tls=None):
        self.server_port = server_port
        self.port = port or services.free_port()
        # An ssl.SSLContext: browsers come over TLS then, and the server is still reached without.
        self._tls = tls
        # How often it was cut, for tests that go on until then.
        self.cuts = 0
        self._delay_s = 0
        # Connection → which ways of it swallow everything: from the browser, from the server.
        self._lines = {}
        # The same for connections that are made from now on.
        self._new_swallow = set()
        self._door = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self):
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self):
        self._thread.start()
        self._do(self._open())
        return self

    def __exit__(self, *_error):
        self._do(self._close())
        self._do(self._end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self):
        self._do(self._close())

    def freeze(self, *, only_answers=False):
        """Of what is open now, swallow everything, or only what the server says."""
        for line in list(self._lines):
            self._lines[line] = {FROM_SERVER} if only_answers else {FROM_BROWSER, FROM_SERVER}

    def slow(self, seconds):
        self._delay_s = seconds

    def swallow(self):
        """Let everybody connect, and nothing arrive: a machine that is there and does not answer."""
        self._new_swallow = {FROM_BROWSER, FROM_SERVER}
        self.freeze()

    def mend(self):
        self._delay_s = 0
        self._new_swallow = set()
        self._do(self._end({line for line, swallowed in self._lines.items() if swallowed}))
        self._do(self._open())

    @contextmanager
    def flickering(self, *, every_s, for_s):
        """Cut for `for_s` out of every `every_s` seconds while the block runs; whole again afterwards."""
        flicker = asyncio.run_coroutine_threadsafe(self._flicker(every_s, for_s), self._loop)
        try:
            yield
        finally:
            flicker.cancel()
            self._do(self._open())

    async def _flicker(self, every_s, for_s):
        while True:
            await asyncio.sleep(every_s - for_s)
            await self._close()
            await asyncio.sleep(for_s)
            await self._open()

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self):
        if self._door is None:
            self._door = await asyncio.start_server(self._connect, "127.0.0.1", self.port, ssl=self._tls)

    async def _close(self):
        if self._door is None:
            return
        self.cuts += 1
        self._door.close()
        self._door = None
        await self._end(set(self._lines))

    async def _end_tasks(self):
        """What still passes on hears of its end here: a loop that stops first would complain of each."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _end(self, lines):
        for line in lines:
            for end in line:
                # Not closed in order: the other side learns of it as of a cable that was pulled.
                end.transport.abort()

    async def _connect(self, from_browser, to_browser):
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.server_port)
        except OSError:
            to_browser.transport.abort()
            return
        line = (to_browser, to_server)
        if self._door is None:
            # Cut while it was being put through.
            await self._end({line})
            return
        self._lines[line] = set(self._new_swallow)
        try:
            await asyncio.gather(
                self._pass_on(line, FROM_BROWSER, from_browser, to_server),
                self._pass_on(line, FROM_SERVER, from_server, to_browser),
            )
        finally:
            del self._lines[line]
            await self._end({line})

    async def _pass_on(self, line, way, source, target):
        """Pass on until this side ends; then the other one is told."""
        with suppress(OSError):
            while data := await source.read(CHUNK_BYTES):
                if self._delay_s:
                    await asyncio.sleep(self._delay_s)
                if way not in self._lines[line]:
                    target.write(data)
                    await target.drain()
        if way not in self._lines[line]:
            with suppress(OSError, RuntimeError):
                target.write_eof()
