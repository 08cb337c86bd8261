"""What is measured, started for real: the production stack of the tests without its taps, and the plain consumer.

with Bench() as bench:
    bench.plain, bench.webs[0]     the web processes that are compared
    bench.chats                    what every contender talks in: {"helpdesk": […], "plain": […]}
"""

import json
import socket
import subprocess
import sys
from typing import Any

import psycopg

from tests import services
from tests.production import deployed
from tests.production.crowd import ARRANGE
from tests.production.stack import Stack

# The tests' PostgreSQL forgets with the power; what is measured keeps what it said it had.
DURABLE = ("-c", "fsync=on", "-c", "full_page_writes=on")
ASKED_OF_POSTGRES = ("fsync", "full_page_writes", "synchronous_commit")
PEOPLE_OF_PLAIN = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.core.management import call_command
from bench.plain.models import Chat

call_command("migrate", "--verbosity=0")
Session = import_module(settings.SESSION_ENGINE).SessionStore


def person(name):
    user = User.objects.create_user(name)
    session = Session()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.create()
    return user, f"sessionid={session.session_key}"


talks = []
for number in range({chats}):
    (technician, desk), (contact, page) = person(f"technician{number}"), person(f"contact{number}")
    talks.append((Chat.objects.create(technician=technician, contact=contact).pk, desk, page))
print(json.dumps(talks))
"""


class Straight:
    """A line without a tap in it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def mend(self) -> None:
        """Nothing was at fault."""


class Bench(Stack):
    def __init__(self, chats: int) -> None:
        super().__init__()
        self.count = chats
        self.chats: dict[str, list[tuple[int, str, str]]] = {}

    def _enter(self) -> None:
        super()._enter()
        self.query("CREATE DATABASE plain")
        self.chats = {"helpdesk": self._crowd(), "plain": self._crowd_of_plain()}
        self.plain_port = services.free_port()
        command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(self.plain_port)]
        self.plain = self.run(
            "plain",
            [*command, "bench.plain.asgi:application"],
            env=self._of_plain(),
            ready=lambda: socket.create_connection(("127.0.0.1", self.plain_port)).close(),
        )

    def tap(self, port: int) -> Straight:
        return Straight(port)

    def run(self, name: str, command: list[str], **how: Any) -> Any:
        return super().run(name, [*command, *DURABLE] if name == "postgres" else command, **how)

    def environment(self, **taps: Any) -> dict[str, str]:
        # Nothing ends, and no ticket is made, while something is measured.
        late = ("CHAT_ANSWER_WITHIN_S", "CHAT_IDLE_AFTER_S", "CHAT_TICKET_AFTER_S")
        return super().environment(**taps) | dict.fromkeys(late, "7200") | {"CHAT_SWEEP_EVERY_S": "5"}

    def durability(self) -> dict[str, str]:
        """What PostgreSQL says of how it keeps what was committed."""
        return {name: self.query(f"SHOW {name}")[0][0] for name in ASKED_OF_POSTGRES}

    def messages(self) -> dict[str, int]:
        """How many are stored, of each contender."""
        [(ours,)] = self.query(
            "SELECT count(*) FROM chat_chatevent WHERE kind = 'message' AND client_id::text LIKE '%%-0000-4000-8000-%%'"
        )
        with psycopg.connect(self.database_url.removesuffix("postgres") + "plain") as database:
            [(plain,)] = database.execute("SELECT count(*) FROM plain_message").fetchall()
        return {"helpdesk": ours, "plain": plain}

    def bytes_of_a_line(self) -> int:
        """What PostgreSQL keeps of one line of a chat, with its places in the indexes."""
        return int(self.query("SELECT pg_total_relation_size('chat_chatevent') / count(*) FROM chat_chatevent")[0][0])

    def _crowd(self) -> list[tuple[int, str, str]]:
        printed = self.arrange(ARRANGE.format(chats=self.count, desks=self.count, name="bench"))
        desks, talks = json.loads(printed.splitlines()[-1])
        return [
            (chat, f"sessionid={desk}", f"hd_agent={page}")
            for (_number, desk), (chat, page) in zip(desks, talks, strict=True)
        ]

    def _crowd_of_plain(self) -> list[tuple[int, str, str]]:
        code = PEOPLE_OF_PLAIN.replace("{chats}", str(self.count))
        command = [sys.executable, "-m", "django", "shell", "--verbosity=0", "--command", code]
        ran = subprocess.run(
            command, check=True, cwd=deployed.ROOT, env=self._of_plain(), stdout=subprocess.PIPE, text=True
        )
        return [tuple(talk) for talk in json.loads(ran.stdout.splitlines()[-1])]

    def _of_plain(self) -> dict[str, str]:
        own = {"PLAIN_POSTGRES_PORT": str(self.postgres_port), "PLAIN_REDIS_PORT": str(self.redis_port)}
        return deployed.inherited() | own | {"DJANGO_SETTINGS_MODULE": "bench.plain.settings", "PYTHONUNBUFFERED": "1"}
