"""What every way to run Helpdesk offers to the tests here: the production stack, and the embedded default.

`front` is the tap that people come through, `door` the port behind it, `trust` how TLS is judged (None without TLS).
"""

import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from tests.production import deployed
from tests.production.faults import Tap
from tests.production.programs import Program

PEOPLE = """
from django.utils import timezone
from helpdesk import demo
from devices.actions import assign_contact, new_launch_link, save_device
from devices.models import Device
from accounts.models import Contact
now = timezone.now()
demo.install(now)
acme = Device.objects.get(name="ACME-PC-01").customer
for number in range(1, 7):
    device = Device(customer=acme, name=f"PC-{number}")
    save_device(device)
    contact = Contact.objects.create(customer=acme, name=f"Person {number}", email=f"p{number}@acme.example")
    assign_contact(device, contact, now)
for device in Device.objects.all():
    print(f"link {device.name} {new_launch_link(device, by=None, now=now)}")
"""

NEW_DEVICE = """
from django.utils import timezone
from accounts.models import Contact, Customer
from devices.actions import assign_contact, new_launch_link, save_device
from devices.models import Device
now = timezone.now()
device = Device(customer=Customer.objects.get(name="Acme"), name="{name}")
save_device(device)
if {is_assigned}:
    contact = Contact.objects.create(customer=device.customer, name="Person {name}", email="{name}@acme.example")
    assign_contact(device, contact, now)
print(new_launch_link(device, by=None, now=now))
"""


class Installation:
    """Subclasses say how it starts (`_enter`), what runs (`programs`, `taps`, `webs`) and how it is asked (`query`)."""

    trust = None

    def __init__(self):
        self._stack = ExitStack()
        # The secret of each device's launch link.
        self.secrets = {}

    def __enter__(self):
        try:
            self._enter()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_error):
        self._stack.close()

    def heal(self):
        """Everything runs again, and no line is at fault."""
        for tap in self.taps:
            tap.mend()
        for program in self.programs:
            program.thaw()
            program.start()

    # Asked past everything, in the database.

    def log(self, chat):
        """`(seq, kind, client id or None, body)` of each line of a chat, in order."""
        sql = "SELECT seq, kind, client_id, body FROM chat_chatevent WHERE chat_id = %s ORDER BY seq"
        return [(seq, kind, key and str(UUID(str(key))), body) for seq, kind, key, body in self.query(sql, chat)]

    def is_stored(self, key):
        """Whether a message is in the log, by its client id."""
        return bool(self.query("SELECT 1 FROM chat_chatevent WHERE client_id = %s", UUID(key)))

    def ticket_of(self, chat):
        """The number of a chat's ticket, or None."""
        sql = "SELECT number FROM tickets_ticket WHERE id = (SELECT ticket_id FROM chat_chatsession WHERE id = %s)"
        return next((number for (number,) in self.query(sql, chat)), None)

    def let_pass(self, *deadlines):
        """The open chats, as if the time of these deadlines had passed."""
        return self.set_due(datetime.now(UTC) - timedelta(seconds=1), *deadlines)

    def set_due(self, moment, *deadlines):
        """Have these deadlines of the open chats at this moment."""
        columns = ", ".join(f"{deadline} = %s" for deadline in deadlines)
        values = [moment] * len(deadlines)
        return self.query(f"UPDATE chat_chatsession SET {columns} WHERE state <> 'ended'", *values)

    def forget_requests(self):
        """As if all were asked for long ago: a device may ask so often for a chat within minutes, and for a mail."""
        long_ago = datetime.now(UTC) - timedelta(hours=2)
        self.query("UPDATE chat_chatsession SET requested_at = %s", long_ago)
        self.query("UPDATE devices_identitytoken SET created_at = %s, expires_at = %s", long_ago, long_ago)

    def wait(self, question, *values, within=30):
        """Until the database answers a question with yes."""
        self.until(lambda: self.query(question, *values)[0][0], within)

    def until(self, holds, within=30):
        give_up_at = time.monotonic() + within
        while not holds():
            assert time.monotonic() < give_up_at
            time.sleep(0.05)

    # Commands.

    def arrange(self, code):
        return self.manage("shell", "--verbosity=0", "--command", code)

    def beside(self, code):
        """A program of a few lines that goes on by itself, past the taps; back when it has printed something."""
        command = [sys.executable, "-u", "manage.py", "shell", "--verbosity=0", "--command", code]
        program = self.run(f"beside-{uuid4()}", command, start=False, env=self.environment())
        program.ready = program.has_spoken
        return program.start()

    def manage(self, *words):
        """Run a management command with the installation's environment, past the taps; what it printed."""
        ran = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=deployed.ROOT,
            env=self.environment(),
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def fill(self):
        """The demonstration's people, and some more at PC-1 to PC-6."""
        self.secrets = dict(line.split()[1:] for line in self.arrange(PEOPLE).splitlines() if line.startswith("link "))

    def new_device(self, *, is_assigned=False):
        """The name of a device that is open to a launch link from now on; nobody is assigned, or somebody new."""
        name = f"NEW-{uuid4().hex[:8]}"
        self.secrets[name] = self.arrange(NEW_DEVICE.format(name=name, is_assigned=is_assigned)).split()[-1]
        return name

    def run(self, name, command, *, start=True, **how):
        """A program that ends with the installation."""
        program = Program(name, command, self.folder, **({"cwd": deployed.ROOT} | how))
        self._stack.callback(program.kill)
        return program.start() if start else program

    def tap(self, port):
        return self._stack.enter_context(Tap(port))
