"""What time and lost rights do to chats. The limits hold by the data; these only write down what is over (N4)."""

from datetime import datetime

from django.db import transaction

from chat import events
from chat.actions.log import append
from chat.errors import TooLate
from chat.models import ChatSession
from chat.querysets import ChatQuerySet
from chat.states import EndReason, Kind, State
from chat.viewers import Side

# One sweep ends this many of a kind at the most; the next one goes on.
AT_ONCE = 500


def settle(chats: ChatQuerySet, now: datetime) -> int:
    """End those of `chats` that are past their limit, at the moment of the limit; returns how many.

    Every reader calls it first, or for what it has read that is overdue: nobody is shown a chat as open that is
    over (N4).
    """
    late = chats.open().overdue(now).order_by().values_list("pk", "state", "answer_due_at", "idle_due_at")
    return sum(_end_overdue(*row, now) for row in list(late[:AT_ONCE]))


def _end_overdue(pk: int, state: str, answer_due_at: datetime, idle_due_at: datetime | None, now: datetime) -> bool:
    if state == State.REQUESTED or idle_due_at is None:
        return _end(ChatSession.objects.unanswered(now), pk, EndReason.NO_ANSWER, answer_due_at)
    # The deadline is in the condition: a message that moved it meanwhile keeps the chat alive.
    still = ChatSession.objects.gone_quiet(now).filter(idle_due_at=idle_due_at)
    return _end(still, pk, EndReason.IDLE, idle_due_at)


def end_cut_off(chats: ChatQuerySet, now: datetime) -> int:
    """End those of `chats` that lost their technician or their device (D2, D4); returns how many."""
    lost = chats.cut_off().values_list("pk", flat=True)
    return sum(_end(ChatSession.objects.cut_off(), pk, EndReason.REVOKED, now) for pk in list(lost[:AT_ONCE]))


def _end(chats: ChatQuerySet, pk: int, reason: EndReason, ended_at: datetime) -> bool:
    try:
        with transaction.atomic():
            event = append(
                chats,
                pk,
                Kind.ENDED,
                by=None,
                now=ended_at,
                data={"reason": reason.value},
                state=State.ENDED,
                end_reason=reason,
                ended_at=ended_at,
            )
            chat = event.chat
            if chat.asked_by == Side.CONTACT and chat.accepted_at is None:
                events.ring_over(chat)
    except TooLate:
        return False
    return True
