"""`make soak`: the exit code is 1 when a message was lost, doubled or seen by somebody else, or something is kept open.

make soak ARGS="--seed 7 --minutes 10 --chats 200"
"""

import argparse
import asyncio
import secrets
import signal
import sys
from datetime import datetime
from pathlib import Path

from tests.production.soak import report
from tests.production.soak.run import Options, soak
from tests.production.stack import Stack


def main():
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000), help="the same one makes the same plan")
    parser.add_argument("--minutes", type=float, default=10, help="at least half a minute, at most two hours")
    parser.add_argument("--chats", type=int, default=200, help="at once; ten to each technician")
    parser.add_argument("--into", type=Path, default=Path("var/soak"), help="the folder for reports")
    given = parser.parse_args()
    if not (0.5 <= given.minutes <= 120 and 10 <= given.chats <= 1000):
        parser.error("0.5 to 120 minutes, 10 to 1000 chats")
    # However it is ended, the stack ends with it; a shell that starts it in the background has SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    print(f"seed {given.seed}", flush=True)
    with Stack() as stack:
        found = asyncio.run(soak(stack, Options(given.seed, given.minutes, given.chats)))
        folder = given.into / f"{datetime.now().astimezone():%Y-%m-%d-%H%M%S}-seed-{given.seed}"
        report.write(found, stack, folder)
    print(report.as_text(found))
    print(f"Written into {folder}.")
    return report.has_failed(found)


if __name__ == "__main__":
    sys.exit(main())
