"""The embedded default on this machine: `manage.py serve`, one process on SQLite, in a folder of its own.

with Embedded() as stack:
    stack.url                      what a browser would be given, without TLS
    stack.webs[0].kill()           the one program
    stack.front.cut()              the one tap, between people and it
    stack.query("SELECT …")        past everything, in the database

What it has in common with the production stack stands in installation.py.
"""

import http.client
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from tests import services
from tests.production import deployed
from tests.production.installation import Installation

# How Django writes down what SQLite has no type for.
AS_STORED = {
    datetime: lambda moment: moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
    UUID: lambda key: key.hex,
}


class Embedded(Installation):
    def _enter(self):
        self.folder, _identity = self._stack.enter_context(services.new_folder())
        self.door = services.free_port()
        self.front = self.tap(self.door)
        self.url = f"http://localhost:{self.front.port}"
        self.manage("migrate", "--verbosity=0")
        self.fill()
        command = [sys.executable, "manage.py", "serve"]
        self.web = self.run("serve", command, env=self.environment(), ready=lambda: is_ready(self.door))
        self.web.port = self.door

    @property
    def webs(self):
        return [self.web]

    @property
    def programs(self):
        return [self.web]

    @property
    def taps(self):
        return [self.front]

    def query(self, sql, *values):
        values = [AS_STORED.get(type(value), lambda as_it_is: as_it_is)(value) for value in values]
        path = self.folder / "helpdesk.sqlite3"
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as database:
            cursor = database.execute(sql.replace("%s", "?"), values)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    def letter_to(self, address):
        """What was written to an address last."""
        self.until(lambda: self._letters_to(address))
        return self._letters_to(address)[-1]

    def _letters_to(self, address):
        paths = sorted((self.folder / "outbox").glob("*.txt"), key=lambda path: path.stat().st_mtime)
        letters = map(Path.read_text, paths)
        return [letter for letter in letters if f"\nTo: {address}\n" in letter]

    def held(self):
        """What open pages hold here: lines to the process."""
        return {"lines": self.front.lines}

    def environment(self):
        own = {"DATA_DIR": self.folder, "PORT": self.door, "PUBLIC_URL": self.url, "CHAT_SWEEP_EVERY_S": 1}
        # As somebody tries it who has set nothing: with the demonstration, for this machine alone.
        own |= {"HOST": "127.0.0.1", "DEMO": 1, "PYTHONUNBUFFERED": 1}
        return deployed.inherited() | {name: str(value) for name, value in own.items()}


def is_ready(port):
    """Raises OSError."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/readyz")
        if connection.getresponse().status != http.client.OK:
            raise OSError("not ready")
