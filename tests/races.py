"""Several people at the same moment: real threads, each with its own database connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def at_once(*acts: Callable[[], Any], timeout_s: float = 30) -> list[Any]:
    """Run every act in a thread of its own, all let go together; what each returned or raised, in order."""
    gate = Barrier(len(acts), timeout=timeout_s)

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts, timeout=timeout_s))
