"""Web processes, worker and beat end, are killed and come back under a chat (HAZARDS 17, 18, 19)."""

import asyncio

from chat.sockets import BEAT_EVERY_S
from tests.files.documents import pdf
from tests.production.invariants import hold, longest_gap
from tests.production.live import RESTARTING, many
from tests.production.load import chatting, heard, marked
from tests.production.people import Upload, contact, technician

LONGEST_INTERRUPTION_S = 5
COUNT_WORKERS = "from helpdesk.celery import app; print(len(app.control.ping(timeout=2)))"


async def test_what_was_stored_and_not_told_is_heard_by_the_next_beat(stack, talking):
    stack.to_web[1].refuse()
    async with talking("PC-1") as [talk]:
        # Ann's page comes back at the second process; Tina's stays at the first.
        stack.to_web[1].mend()
        stack.to_web[0].refuse()
        talk.contact.drop()
        await talk.contact.until(lambda: talk.contact.is_up)
        stack.to_web[0].mend()
        # That it came back is told by now, so that the next bell is the message's.
        await heard(talk)
        await marked(talk)
        stack.to_redis[1].swallow()
        key = talk.ask("Stored, and never told")
        await asyncio.to_thread(stack.wait, "SELECT count(*) = 1 FROM chat_chatevent WHERE client_id = %s", key)
        stack.webs[1].kill()
        assert key not in talk.contact.acknowledged
        await talk.technician.until(lambda: key in talk.technician.keys(talk.chat), BEAT_EVERY_S + 2)
        await talk.contact.until(lambda: key in talk.contact.acknowledged)
        assert talk.technician.closed_with == []
        await hold(stack, talk)


async def test_a_killed_web_process_loses_nothing(stack, talking):
    async with talking("PC-1", "PC-2", "PC-3", "PC-4") as talks:
        async with chatting(*talks):
            await asyncio.gather(*map(heard, talks))
            stack.webs[0].kill()
            await asyncio.gather(*map(heard, talks))
            await asyncio.to_thread(stack.webs[0].start)
        await hold(stack, *talks)
        assert any(page.interruptions[1:] for talk in talks for page in talk.pages), "nobody was cut off"
        print(f"Longest on its way: {max(map(longest_gap, talks)):.1f} s")


async def test_web_processes_restart_one_after_the_other_under_load(stack, talking):
    async with talking("PC-1", "PC-2", "PC-3", "PC-4") as talks:
        async with chatting(*talks):
            await asyncio.gather(*map(heard, talks))
            for web in stack.webs:
                assert await asyncio.to_thread(web.restart) == 0
                await asyncio.gather(*map(heard, talks))
        await hold(stack, *talks)
        pages = {page for talk in talks for page in talk.pages}
        # What a page needs to be opened at all, on a machine with other work beside, no restart is to blame for.
        opened = max(page.interruptions[0] for page in pages)
        longest = max(max(page.interruptions[1:]) for page in pages)
        print(f"Longest interruption: {longest:.1f} s; longest on its way: {max(map(longest_gap, talks)):.1f} s")
        assert longest < LONGEST_INTERRUPTION_S + min(opened, LONGEST_INTERRUPTION_S)


async def test_a_hundred_sockets_and_an_upload_survive_the_end_of_a_process(stack, talking):
    async with talking("PC-1") as [talk], many(technician(stack, "omar"), 100) as others:
        upload = Upload(talk.contact.person, f"/agent/chats/{talk.chat}/files/", "plan.pdf", pdf())
        upload.begin()
        assert await asyncio.to_thread(stack.webs[0].stop) == 0
        answer = await asyncio.to_thread(upload.finish)
        assert answer.status == 201, answer.body
        for page in others:
            await page.until(lambda page=page: page.is_up)
        closed = [page.closed_with[0] for page in others if page.closed_with]
        # Told to come back, and none cut off without a word.
        assert set(closed) == {RESTARTING}
        assert 30 < len(closed) < 70
        await heard(talk)
        await hold(stack, talk)


async def test_mail_is_sent_though_the_worker_was_killed_over_it(stack):
    stack.letters.got.clear()
    stack.letters.is_silent = True
    unknown = contact(stack, "ACME-PC-02")
    answer = unknown.post("/agent/identity/", name="Nora Falk", email="nora@acme.example")
    assert answer.status in {200, 302}, answer.status
    await asyncio.to_thread(stack.letters.wait, 1)
    stack.worker.kill()
    stack.letters.is_silent = False
    # As if the minute had passed for which one worker holds a mail.
    stack.query("UPDATE accounts_mail SET next_try_at = now() WHERE sent_at IS NULL")
    await asyncio.to_thread(stack.worker.start)
    await asyncio.to_thread(stack.wait, "SELECT count(*) = 0 FROM accounts_mail WHERE sent_at IS NULL")
    assert len(stack.letters.got) == 2
    assert len(set(stack.letters.got)) == 1


async def test_limits_hold_while_beat_is_down_and_nothing_is_due_twice_when_it_is_back(stack, talking):
    async with talking("PC-1", "PC-2") as [quiet, long]:
        await asyncio.gather(heard(quiet), heard(long))
        stack.beat.stop()
        stack.query("UPDATE chat_chatsession SET idle_due_at = now() WHERE id = %s", quiet.chat)
        stack.query("UPDATE chat_chatsession SET ticket_due_at = now() WHERE id = %s", long.chat)
        late = quiet.ask("Is anybody there?")
        await quiet.contact.until(lambda: late in quiet.contact.refusals)
        assert quiet.contact.refusals[late] == "ended"
        await asyncio.to_thread(stack.beat.start)
        await asyncio.to_thread(
            stack.wait, "SELECT count(*) = 1 FROM tickets_ticket WHERE origin = %s", f"chat:{long.chat}"
        )
        # Over since its limit, and not since somebody looked.
        [(at_limit,)] = stack.query("SELECT ended_at = idle_due_at FROM chat_chatsession WHERE id = %s", quiet.chat)
        assert at_limit
        await hold(stack, quiet, long, refused=[late])


async def test_two_beats_and_two_workers_do_no_harm(stack, talking):
    second = [stack.another("worker"), stack.another("beat")]
    await asyncio.to_thread(stack.until, lambda: int(stack.arrange(COUNT_WORKERS)) == 2, 60)
    async with talking("PC-1", "PC-2") as talks:
        await asyncio.gather(*map(heard, talks))
        stack.let_pass("ticket_due_at")
        for talk in talks:
            origin = f"chat:{talk.chat}"
            await asyncio.to_thread(stack.wait, "SELECT count(*) = 1 FROM tickets_ticket WHERE origin = %s", origin)
        stack.let_pass("idle_due_at")
        await asyncio.to_thread(stack.wait, "SELECT count(*) = 0 FROM chat_chatsession WHERE state <> 'ended'")
        await hold(stack, *talks)
    for program in second:
        assert program.is_running
        program.kill()
