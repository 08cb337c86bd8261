"""The real server for a browser test, with a port, a data folder and, on PostgreSQL, a database of its own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

from tests import services

ROOT = Path(__file__).resolve().parent.parent.parent
READY_WITHIN_S = 60
MAILED_WITHIN_S = 15
PORT_TAKEN = 3
DATABASE = "helpdesk.sqlite3"
NOT_INHERITED = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
# Where Redis connects them, Celery's worker and clock are processes beside the server.
JOBS = ("-m", "celery", "-A", "helpdesk", "worker", "--beat", "--pool=threads", "--concurrency=2", "--loglevel=WARNING")


class Server:
    """One installation with its demo data. `start` it; `stop`, `kill` and `start` it again in the middle of a test."""

    def __init__(self, folder, **environment):
        self.folder = Path(folder)
        self.port = services.free_port()
        self.was_interrupted = False
        self._wanted = {name: str(value) for name, value in environment.items()}
        self._processes = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self):
        """Everything that its processes printed."""
        path = self.folder / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self):
        """Return when it answers; on another port when the chosen one was taken meanwhile."""
        web = self._run("manage.py", "serve")
        if not self._answers(web):
            if web.returncode == PORT_TAKEN and not self.was_interrupted:
                self.port = services.free_port()
                return self.start()
            raise services.NotStarted(self.log[-4000:])
        self._processes = [web]
        if "REDIS_URL" in self._wanted:
            self._processes.append(self._run(*JOBS, f"--schedule={self.folder / 'schedule'}"))
        return self

    def stop(self):
        """End it as an operator does. It must end cleanly, whoever is connected."""
        self.was_interrupted = True
        # Celery ends cleanly only when it is past its start, which nothing here waits for.
        web, *_jobs = [services.stop(process, signal.SIGTERM) for process in self._processes]
        assert web == 0, f"Exit code {web}.\n{self.log[-4000:]}"

    def kill(self):
        """End it as a power cut does."""
        self.was_interrupted = True
        for process in self._processes:
            process.kill()
            process.wait()
        self._processes = []

    def put_back(self, seed):
        """Have the data of `seed` again while it runs, and what was printed and mailed until now forgotten."""
        with closing(sqlite3.connect(seed / DATABASE)) as new, closing(sqlite3.connect(self.folder / DATABASE)) as own:
            new.backup(own)
        for letter in (self.folder / "outbox").glob("*.txt"):
            letter.unlink()
        os.truncate(self.folder / "server.log", 0)

    def arrange(self, code):
        """Run a few lines of Python in this installation, as `manage.py shell` does: what no page can bring about."""
        words = (sys.executable, "manage.py", "shell", "--verbosity=0", "--command", code)
        subprocess.run(words, cwd=ROOT, env=self._environment, check=True, stdin=subprocess.DEVNULL)

    def letter_to(self, address):
        """The newest mail to this address, as soon as there is one."""
        give_up_at = time.monotonic() + MAILED_WITHIN_S
        while time.monotonic() < give_up_at:
            for file in sorted((self.folder / "outbox").glob("*.txt"), reverse=True):
                letter = file.read_text()
                if f"\nTo: {address}\n" in letter:
                    return letter
            time.sleep(0.05)
        raise AssertionError(f"No mail to {address} within {MAILED_WITHIN_S} s.")

    def _answers(self, web):
        """Wait for the first answer, whatever it says; False when the process ended, or never gave one."""
        give_up_at = time.monotonic() + READY_WITHIN_S
        while web.poll() is None and time.monotonic() < give_up_at:
            try:
                urllib.request.urlopen(f"{self.url}/sign-in/", timeout=READY_WITHIN_S).close()
            except urllib.error.HTTPError:
                return True
            except OSError:
                time.sleep(0.05)
            else:
                return True
        services.stop(web)
        return False

    @property
    def _environment(self):
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        own = {"DATA_DIR": str(self.folder), "HOST": "127.0.0.1", "PORT": str(self.port), "DEMO": "1"}
        return inherited | own | {"PYTHONUNBUFFERED": "1"} | self._wanted

    def _run(self, *words):
        with (self.folder / "server.log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
