"""A mail server that keeps what it is sent, and can be told not to say so."""

import re
import socketserver
import threading
from contextlib import suppress


class Letters:
    """`with Letters() as letters`: `letters.port`, `letters.got` (message ids, in order), `letters.is_silent`."""

    def __init__(self):
        self.got = []
        # What was written last to each address.
        self.texts = {}
        # Takes the whole letter then, and never says that it did.
        self.is_silent = False
        self.arrived = threading.Condition()
        letters = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self):
                # Whoever sends it may be killed meanwhile.
                with suppress(OSError):
                    serve(self.rfile, self.wfile, letters)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = self._server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._server.server_close()

    def take(self, letter):
        with self.arrived:
            self.got.append(re.search(r"(?im)^Message-ID: (\S+)", letter)[1])
            self.texts[re.search(r"(?im)^To: (\S+)", letter)[1]] = letter
            self.arrived.notify_all()

    def wait(self, count, within=20):
        """Until so many letters came, repeats among them."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.got) >= count, within), self.got


def serve(lines, answer, letters):
    """The other half of smtplib."""

    def say(text):
        answer.write(f"{text}\r\n".encode())

    say("220 ready")
    for line in lines:
        word = line.split()[0].upper() if line.split() else b""
        if word == b"QUIT":
            say("221 bye")
            return
        if word != b"DATA":
            say("250 ok")
            continue
        say("354 go on")
        letters.take(b"".join(iter(lines.readline, b".\r\n")).decode())
        if letters.is_silent:
            # Waits for whoever sent it to give up.
            lines.readline()
            return
        say("250 taken")
