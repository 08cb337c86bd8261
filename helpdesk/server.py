"""The web server: Daphne with limits on what it receives, and with an end that open sockets hear of."""

import asyncio
import signal
from contextlib import suppress
from typing import Any

from autobahn.exception import Disconnected
from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server as DaphneServer
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from django.conf import settings
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.logger import (
    FilteringLogObserver,
    LogLevel,
    LogLevelFilterPredicate,
    STDLibLogObserver,
    globalLogBeginner,
)

from helpdesk.bodies import LimitedFactory, LimitedRequest
from helpdesk.jobs import Jobs
from helpdesk.probes import ending
from tickets.attachments.arrivals import BODY_EXTENSION

MAX_FRAME_BYTES = 16 * 1024
# More than a page that was long away has to catch up with; it takes what is left when it comes back.
MAX_UNREAD_BYTES = 16 * 1024 * 1024
PING_EVERY_S = 20
PING_ANSWERED_WITHIN_S = 30
HANDSHAKE_WITHIN_S = 5

RESTARTING = '{"type": "restarting"}'
# "Service restart" is 1012, which autobahn refuses to send.
RESTARTING_CODE = 4012
FINISH_WITHIN_S = 3.0
CANCELLED_WITHIN_S = 2.0
LOOK_AFTER_JOBS_EVERY_S = 1.0


class LimitedSocket(WebSocketProtocol):
    """Limits what comes in. autobahn holds what goes out to the same limit, and a catch-up is larger."""

    def sendMessage(self, *args: Any, **kwargs: Any) -> None:  # noqa: N802 - autobahn's name
        self.maxMessagePayloadSize = 0
        try:
            # A browser may go while this is on the way to it; the consumer hears of that by itself.
            with suppress(Disconnected):
                super().sendMessage(*args, **kwargs)
        finally:
            self.maxMessagePayloadSize = MAX_FRAME_BYTES
        self.cut_off_who_does_not_read()

    def cut_off_who_does_not_read(self) -> None:
        """Everything that waits to be read lies in memory, and one page could ask for all there is."""
        waiting = len(self.transport.dataBuffer) - self.transport.offset + self.transport._tempDataLen
        if waiting > MAX_UNREAD_BYTES:
            self.transport.abortConnection()

    def onClose(self, *args: Any) -> None:  # noqa: N802 - autobahn's name
        # One whose handshake made no sense never met the server.
        if hasattr(self, "server"):
            super().onClose(*args)


class Server(DaphneServer):
    """Serves `application` at one address, in the main thread, until it is stopped or the process is told to end."""

    def __init__(self, application: Any, *, host: str, port: int) -> None:
        super().__init__(
            application,
            endpoints=build_endpoint_description_strings(host=host, port=port),
            ping_interval=PING_EVERY_S,
            server_name="",
        )
        self.host = host.strip("[]")
        self.port = port
        self.connections: dict[Any, dict[str, Any]] = {}
        self.is_ending = False

    def listen(self) -> None:
        """Take the port. Raises CannotListenError when another program has it."""
        self.http_factory = LimitedFactory(self)
        self.ws_factory = WebSocketFactory(self, server=None)
        self.ws_factory.protocol = LimitedSocket
        self.ws_factory.setProtocolOptions(
            autoPingTimeout=PING_ANSWERED_WITHIN_S,
            allowNullOrigin=True,
            openHandshakeTimeout=HANDSHAKE_WITHIN_S,
            maxMessagePayloadSize=MAX_FRAME_BYTES,
            maxFramePayloadSize=MAX_FRAME_BYTES,
        )
        self.listener = reactor.listenTCP(self.port, self.http_factory, interface=self.host, backlog=512)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Tells the application where a file that it was sent lies, and takes that away when it is done."""
        written = getattr(protocol, "written", None)
        if written is None:
            return super().create_application(protocol, scope)
        scope["extensions"] = {BODY_EXTENSION: str(written)}
        queue = super().create_application(protocol, scope)
        if running := self.connections.get(protocol, {}).get("application_instance"):
            running.add_done_callback(lambda _ended: protocol.forget_written())
        return queue

    async def handle_reply(self, protocol: Any, message: Any) -> None:
        """Goes on when the reader has room for more of the answer."""
        is_page = isinstance(protocol, LimitedRequest)
        if is_page and message.get("type") == "http.response.start":
            protocol.flow.begin()
        await super().handle_reply(protocol, message)
        if is_page and message.get("more_body"):
            await protocol.flow.ready()

    def run(self, jobs: Jobs | None = None) -> None:
        """Answer until stopped; `listen` comes first. Jobs run meanwhile, and without them the server stops."""
        # A peer that went without a word is worth a warning to Twisted, and happens all day.
        errors = LogLevelFilterPredicate(defaultLogLevel=LogLevel.error)
        observer = FilteringLogObserver(STDLibLogObserver("twisted"), [errors])
        globalLogBeginner.beginLoggingTo([observer], redirectStandardIO=False, discardBuffer=True)
        loop = reactor._asyncioEventloop
        asyncio.set_event_loop(loop)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        reactor.callLater(1, self.application_checker)
        reactor.callLater(2, self.timeout_checker)
        reactor.addSystemEventTrigger("before", "shutdown", self._begin_to_end)
        if jobs:
            reactor.callWhenRunning(self._start, jobs)
        reactor.run(installSignalHandlers=False)

    def stop(self) -> None:
        """Begin to end. Told twice it ends once: a terminal tells every process, and make tells its child again."""
        if not self.is_ending:
            self.is_ending = True
            ending.set()
            reactor.callLater(settings.DRAIN_FOR.total_seconds(), reactor.stop)

    def _start(self, jobs: Jobs) -> None:
        jobs.start()
        LoopingCall(self._look_after, jobs).start(LOOK_AFTER_JOBS_EVERY_S, now=False)

    def _look_after(self, jobs: Jobs) -> None:
        """A server whose clock has stopped keeps no limit: whoever watches the process shall start it anew."""
        if jobs.died():
            self.stop()

    def _begin_to_end(self) -> Deferred[None]:
        return Deferred.fromFuture(asyncio.ensure_future(self._end()))

    async def _end(self) -> None:
        """Take nothing new, tell the sockets, and let what runs come to its end.

        The loop must outlive every request: one that is cancelled with the interpreter half gone crashes it.
        """
        self.listener.stopListening()
        for protocol in list(self.connections):
            if isinstance(protocol, WebSocketProtocol) and protocol.state == protocol.STATE_OPEN:
                protocol.serverSend(RESTARTING)
                protocol.serverClose(RESTARTING_CODE)
        running = await _wait(self._applications(), FINISH_WITHIN_S)
        for application in running:
            application.cancel()
        await _wait(running, CANCELLED_WITHIN_S)

    def _applications(self) -> set[asyncio.Future[None]]:
        """What runs for somebody: requests and sockets."""
        found = (details.get("application_instance") for details in self.connections.values())
        return {application for application in found if application and not application.done()}


async def _wait(futures: set[asyncio.Future[None]], seconds: float) -> set[asyncio.Future[None]]:
    """Those that have not ended after so many seconds."""
    if not futures:
        return futures
    _, running = await asyncio.wait(futures, timeout=seconds)
    return running
