"""Where mail goes when no mail server is set: one file a mail, as a person can read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that lies in the outbox."""

    written_at: datetime
    headers: dict[str, str]
    body: str


class EmailBackend(BaseEmailBackend):
    """Writes each mail into a file of its own below `settings.OUTBOX_DIR`, whole or not at all."""

    def __init__(self, fail_silently: bool = False, **_kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.OUTBOX_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            _write(folder, message)
        return len(email_messages)


def letters(limit: int = 50) -> list[Letter]:
    """The mails that lie in the outbox, the newest first."""
    files = sorted(Path(settings.OUTBOX_DIR).glob("*.txt"), reverse=True)
    return [_read(file) for file in files[:limit]]


def _write(folder: Path, message: EmailMessage) -> None:
    now = datetime.now(UTC)
    headers = {
        "From": message.from_email,
        "To": ", ".join(message.to),
        "Subject": message.subject,
        "Date": now.isoformat(timespec="seconds"),
        **message.extra_headers,
    }
    # One line a header, whatever somebody managed to put into a subject.
    head = "\n".join(f"{name}: {' '.join(str(value).split())}" for name, value in headers.items())
    draft = folder / f".{uuid4().hex}"
    draft.touch(mode=0o600)
    draft.write_text(f"{head}\n\n{message.body}\n", encoding="utf-8")
    draft.replace(folder / f"{now:%Y%m%dT%H%M%S.%fZ}-{draft.name[1:9]}.txt")


def _read(file: Path) -> Letter:
    head, _, body = file.read_text(encoding="utf-8").partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    return Letter(datetime.fromisoformat(headers["Date"]), headers, body)
