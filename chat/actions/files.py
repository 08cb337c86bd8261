"""Sending files in a chat (S16)."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from chat.actions.conversation import said_before
from chat.actions.log import append
from chat.errors import TooLate
from chat.models import ChatEvent, ChatSession
from chat.states import Kind
from chat.viewers import Viewer, uploader_of
from tickets.attachments import actions as attachments
from tickets.attachments.models import Attachment
from tickets.refusals import Refused


def may_post(chat_id: int, viewer: Viewer, now: datetime) -> bool:
    """Whether this viewer could say something in it at this moment; posting asks again."""
    return ChatSession.objects.postable_by(viewer, now).filter(pk=chat_id).exists()


def post_file(chat_id: int, viewer: Viewer, attachment: Attachment, now: datetime) -> ChatEvent:
    """Send a ready file; it is activity like a message (D10). The same file again returns the first event.

    Raises ClientIdTaken, Refused when the file is not there any more, or TooLate when the chat is over or not this
    viewer's.
    """
    try:
        with transaction.atomic():
            event = append(
                ChatSession.objects.postable_by(viewer, now),
                chat_id,
                Kind.FILE,
                by=viewer,
                now=now,
                body=attachment.name,
                data=_facts(attachment),
                client_id=attachment.key,
                attachment=attachment,
                idle_due_at=now + settings.CHAT_IDLE_AFTER,
            )
            attachments.send(attachment.key, by=uploader_of(viewer), now=now)
    except (TooLate, IntegrityError):
        return said_before(chat_id, viewer, attachment.name, attachment.key)
    except Refused:
        if not ChatEvent.objects.filter(chat=chat_id, client_id=attachment.key).exists():
            raise
        return said_before(chat_id, viewer, attachment.name, attachment.key)
    return event


def _facts(attachment: Attachment) -> dict[str, object]:
    """What every page needs to show it, kept with the line like everything else that is said."""
    names = ("file_type", "size", "width", "height", "seconds")
    return {"key": str(attachment.key)} | {name: getattr(attachment, name) for name in names}
