"""Programs that a test starts, ends, kills and freezes, by their process id."""

import signal
import subprocess
import time

from tests import services

# A limit of the tests alone: on a busy machine everything that begins at once is slow.
READY_WITHIN_S = 120


class Program:
    """One program of the stack. `ready()` raises OSError, or what `trouble` names, as long as it does not answer."""

    def __init__(self, name, command, folder, *, ready=None, trouble=(), **how):
        self.name = name
        self.command = command
        self.log_path = folder / f"{name}.log"
        self.ready = ready
        self.trouble = (OSError, *trouble)
        self.how = how
        self.process = None

    @property
    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def has_spoken(self):
        """Ready when it printed anything. Raises OSError."""
        if not self.log:
            raise OSError("not a word yet")

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def start(self):
        """Return when it is ready; begin anew where it runs already."""
        if not self.is_running:
            # In the group of the tests: where those are killed, it goes with them.
            with self.log_path.open("a") as log:
                self.process = subprocess.Popen(
                    self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.how
                )
        self.wait_until_ready()
        return self

    def wait_until_ready(self):
        give_up_at = time.monotonic() + READY_WITHIN_S
        while self.is_running and time.monotonic() < give_up_at:
            try:
                if self.ready:
                    self.ready()
            except self.trouble:
                time.sleep(0.05)
            else:
                return
        raise services.NotStarted(f"{self.name}: {self.log[-4000:]}")

    def stop(self, number=signal.SIGTERM):
        """End it in order; the exit code."""
        self.thaw()
        return services.stop(self.process, number) if self.process else 0

    def kill(self):
        """End it as a power cut does."""
        if self.is_running:
            self.process.kill()
            self.process.wait()

    def restart(self, number=signal.SIGTERM):
        code = self.stop(number)
        self.start()
        return code

    def tell(self, number):
        self.process.send_signal(number)

    def freeze(self):
        self.tell(signal.SIGSTOP)

    def thaw(self):
        if self.is_running:
            self.tell(signal.SIGCONT)
