"""The lines of worker and beat to stores and mail go bad while chats go on; their work is done once they are well."""

import asyncio

import pytest

from tests.production.invariants import hold
from tests.production.load import heard
from tests.production.people import contact

# The worker has several lines to Redis, and each is given up after ten seconds of silence.
BACK_WITHIN_S = 120
TICKETS = "SELECT count(*) = 1 FROM tickets_ticket WHERE origin = %s"


@pytest.mark.parametrize("job", ["from_worker", "from_beat"])
async def test_jobs_leave_a_half_open_redis_by_themselves(stack, talking, job):
    async with talking("PC-1") as [talk]:
        await heard(talk)
        tap = getattr(stack, job).redis
        assert tap.lines
        # What is open stays so, for ever; what is opened from now on is well.
        tap.freeze()
        await ticket_is_made(stack, talk)
        await hold(stack, talk)


async def test_chats_go_on_while_the_worker_does_not_reach_postgresql_and_its_work_is_done_afterwards(stack, talking):
    async with talking("PC-1") as [talk]:
        await heard(talk)
        assert stack.from_worker.postgres.lines
        stack.from_worker.postgres.swallow()
        await heard(talk)
        assert stack.ticket_of(talk.chat) is None
        await asyncio.to_thread(stack.from_worker.postgres.mend)
        await ticket_is_made(stack, talk)
        await hold(stack, talk)


async def ticket_is_made(stack, talk):
    stack.query("UPDATE chat_chatsession SET ticket_due_at = now() WHERE id = %s", talk.chat)
    await asyncio.to_thread(stack.wait, TICKETS, f"chat:{talk.chat}", within=BACK_WITHIN_S)


def test_a_letter_is_sent_though_the_line_to_the_mail_server_was_half_open(stack):
    stack.letters.got.clear()
    stack.from_worker.mail.swallow()
    unknown = contact(stack, "ACME-PC-02")
    answer = unknown.post("/agent/identity/", name="Nora Falk", email="nora@acme.example")
    assert answer.status in {200, 302}, answer.status
    stack.until(lambda: stack.from_worker.mail.lines)
    assert not stack.letters.got
    stack.from_worker.mail.mend()
    # As if the time had passed after which it is tried again.
    stack.wait("SELECT count(*) = 1 FROM accounts_mail WHERE sent_at IS NULL AND next_try_at > now()")
    stack.query("UPDATE accounts_mail SET next_try_at = now() WHERE sent_at IS NULL")
    stack.letters.wait(1)
