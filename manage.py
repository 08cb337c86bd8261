#!/usr/bin/env python
"""Run one of Helpdesk's commands: `python manage.py serve`, `… migrate`, `… help`."""

import os
import sys

from django.core.management import execute_from_command_line
from environs import EnvError

from helpdesk.env import cannot_start


def main() -> None:
    """Run the command that was asked for; a bad setting ends it with a sentence, not with a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    try:
        execute_from_command_line(sys.argv)
    except EnvError as problem:
        sys.exit(cannot_start(problem))
    except KeyboardInterrupt:
        # Ctrl-C before the server listens for it: what a shell says of a program that it ended.
        sys.exit(130)


if __name__ == "__main__":
    main()
