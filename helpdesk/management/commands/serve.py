"""Start the server: everything in one process, or the web half only where Redis connects several."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from twisted.internet.error import CannotListenError

from helpdesk.asgi import application
from helpdesk.celery import app
from helpdesk.folder import FolderInUse, held
from helpdesk.jobs import Jobs
from helpdesk.logs import report_crashes
from helpdesk.memory import give_memory_back
from helpdesk.server import Server
from helpdesk.welcome import DemoData, prepare

# Exit codes, so that whoever watches the process can tell what happened.
PORT_TAKEN = 3
FOLDER_TAKEN = 4
JOBS_DIED = 5


class Command(BaseCommand):
    help = "Serve pages and live events; without REDIS_URL also run the background jobs, after migrating."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--web-only", action="store_true", help="no jobs and no migration, as always with REDIS_URL"
        )

    def handle(self, *, web_only: bool, **_options: Any) -> None:
        give_memory_back()
        report_crashes()
        server = Server(application, host=settings.HOST, port=settings.PORT)
        if web_only or settings.REDIS_URL:
            self.listen(server)
            self.say(_("Helpdesk is ready: %(address)s") % {"address": f"{settings.PUBLIC_URL}/"})
            server.run()
            return
        try:
            with held(settings.DATA_DIR):
                self.serve_with_jobs(server)
        except FolderInUse as other:
            sentence = _("Another Helpdesk (process %(number)s) is using the folder %(folder)s.")
            raise CommandError(
                sentence % {"number": other, "folder": settings.DATA_DIR}, returncode=FOLDER_TAKEN
            ) from None
        except DemoData as people:
            sentence = _(
                "%(folder)s holds the demonstration, where everybody knows the passwords of %(people)s. "
                "Set DATA_DIR to another folder, or change them with the command changepassword."
            )
            raise CommandError(sentence % {"folder": settings.DATA_DIR, "people": people}) from None

    def serve_with_jobs(self, server: Server) -> None:
        self.listen(server)
        greeting = prepare(timezone.now())
        jobs = Jobs(app)
        self.say(greeting)
        server.run(jobs)
        died = jobs.died()
        jobs.stop()
        if died:
            raise CommandError(_("The thread “%(name)s” ended by itself.") % {"name": died}, returncode=JOBS_DIED)

    def listen(self, server: Server) -> None:
        try:
            server.listen()
        except CannotListenError as problem:
            sentence = _("Port %(port)s of %(host)s cannot be used: %(reason)s. Set PORT or HOST to another one.")
            values = {"port": settings.PORT, "host": settings.HOST, "reason": problem.socketError.strerror}
            raise CommandError(sentence % values, returncode=PORT_TAKEN) from None

    def say(self, text: str) -> None:
        self.stdout.write(text)
        # A program that started this one reads a pipe, and waits for this line.
        self.stdout.flush()
