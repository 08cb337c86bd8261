"""What the pages of each contender say, and how a message is known again in what they hear."""

import json
from collections.abc import Callable
from dataclasses import dataclass

# The middle of the id of every message of ours; its number stands behind.
MARK = b"-0000-4000-8000-"
NUMBER_DIGITS = 12


@dataclass(frozen=True)
class Dialect:
    path: Callable[[int, str], str]
    first: bytes
    say: Callable[[int, str, str], bytes]
    refused: bytes
    # What a page says when it has shown everything up to a place; nothing where there are no such marks.
    seen: Callable[[int, int], bytes] | None = None


def message_id(run: int, number: int) -> str:
    return f"{run:08x}-0000-4000-8000-{number:012x}"


def number_in(frame: bytes) -> int | None:
    """Which message a frame brings; None when it is about something else."""
    at = frame.find(MARK)
    return None if at < 0 else int(frame[at + len(MARK) : at + len(MARK) + NUMBER_DIGITS], 16)


def text_with(key: str) -> str:
    """What people say, more or less; the key in it, because a plain consumer knows no other."""
    return f"Have you tried it with the other printer, the one beside the door? {key}"


def _post(chat: int, key: str, text: str) -> bytes:
    return json.dumps({"type": "post", "chat": chat, "client_id": key, "body": text}).encode()


def _seen(chat: int, seq: int) -> bytes:
    return json.dumps({"type": "seen", "chat": chat, "delivered": seq, "read": seq}).encode()


DIALECTS = {
    "helpdesk": Dialect(
        path=lambda _chat, side: "/ws/" if side == "technician" else "/agent/ws/",
        first=b'"type": "hello"',
        say=_post,
        refused=b'{"type": "refused"',
        seen=_seen,
    ),
    "plain": Dialect(
        path=lambda chat, _side: f"/ws/chat/{chat}/",
        first=b'"type": "ready"',
        say=lambda _chat, _key, text: json.dumps({"body": text}).encode(),
        refused=b'{"type": "refused"',
    ),
}
