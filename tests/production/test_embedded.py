"""The one process of the embedded default is killed, ended and begun anew under chats (HAZARDS 17, 18, 19)."""

import asyncio
from datetime import UTC, datetime

from tests.files.documents import pdf
from tests.production.invariants import hold, longest_gap
from tests.production.live import RESTARTING, many
from tests.production.load import chatting, heard
from tests.production.people import Upload, contact, technician
from tests.production.where import embedded

pytestmark = embedded


async def test_killed_again_and_again_it_loses_nothing(stack, talking):
    async with talking("PC-1", "PC-2", "PC-3") as talks:
        async with chatting(*talks):
            for _ in range(3):
                await asyncio.gather(*map(heard, talks))
                stack.web.kill()
                await asyncio.to_thread(stack.web.start)
            await asyncio.gather(*map(heard, talks))
        await hold(stack, *talks)
        print(f"Longest on its way: {max(map(longest_gap, talks)):.1f} s")


async def test_what_was_stored_when_it_was_killed_and_not_told_is_heard_when_it_is_back(stack, talking):
    async with talking("PC-1") as [talk]:
        await heard(talk)
        for page in talk.pages:
            await page.until(lambda page=page: not page.outbox)
        stack.front.one_way()
        key = talk.ask("Stored, and never told")
        await asyncio.to_thread(stack.until, lambda: stack.is_stored(key))
        stack.web.kill()
        assert key not in talk.contact.acknowledged
        await asyncio.to_thread(stack.web.start)
        # The lines that lost its answers end.
        stack.front.mend()
        await talk.technician.until(lambda: key in talk.technician.keys(talk.chat))
        await talk.contact.until(lambda: key in talk.contact.acknowledged)
        await hold(stack, talk)


async def test_a_hundred_pages_and_an_upload_survive_its_end(stack, talking):
    async with talking("PC-1") as [talk], many(technician(stack, "omar"), 100) as others:
        ann, address = talk.contact.person, f"/agent/chats/{talk.chat}/files/"
        upload = Upload(ann, address, "plan.pdf", pdf())
        upload.begin()
        assert await asyncio.to_thread(stack.web.stop) == 0
        upload.give_up()
        await asyncio.to_thread(stack.web.start)
        for page in others:
            await page.until(lambda page=page: page.is_up)
        # Told to come back, and none cut off without a word; until it was back, nobody was there.
        assert {page.closed_with[0] for page in others} == {RESTARTING}
        # Begun anew, as its page does it.
        again = await asyncio.to_thread(ann.ask, "PUT", upload.path, pdf(), X_Upload_Grant=upload.grant)
        assert again.status == 201, again.body
        await heard(talk)
        await hold(stack, talk)
        assert [kind for _seq, kind, *_ in stack.log(talk.chat)].count("file") == 1


async def test_limits_hold_while_it_is_down_and_nothing_is_due_twice_when_it_is_back(stack, talking):
    async with talking("PC-1", "PC-2") as [quiet, long]:
        await asyncio.gather(heard(quiet), heard(long))
        stack.web.kill()
        due = datetime.now(UTC)
        stack.query("UPDATE chat_chatsession SET idle_due_at = %s WHERE id = %s", due, quiet.chat)
        stack.query("UPDATE chat_chatsession SET ticket_due_at = %s WHERE id = %s", due, long.chat)
        late = quiet.ask("Is anybody there?")
        await asyncio.to_thread(stack.web.start)
        await quiet.contact.until(lambda: late in quiet.contact.refusals)
        assert quiet.contact.refusals[late] == "ended"
        # Over since its limit, and not since somebody looked.
        [(at_limit,)] = stack.query("SELECT ended_at = idle_due_at FROM chat_chatsession WHERE id = %s", quiet.chat)
        assert at_limit
        await asyncio.to_thread(stack.until, lambda: stack.ticket_of(long.chat))
        await hold(stack, quiet, long, refused=[late])


async def test_a_mail_that_could_not_be_sent_when_it_was_killed_is_sent_when_it_is_back(stack):
    outbox = stack.folder / "outbox"
    aside = stack.folder / "outbox-aside"
    outbox.mkdir(exist_ok=True)
    outbox.rename(aside)
    # Where the folder should be is something else.
    outbox.write_text("")
    unknown = contact(stack, "ACME-PC-02")
    answer = unknown.post("/agent/identity/", name="Nora Falk", email="nora@acme.example")
    assert answer.status in {200, 302}, answer.status
    waiting = "SELECT count(*) = 1 FROM accounts_mail WHERE sent_at IS NULL AND tries > 0"
    await asyncio.to_thread(stack.wait, waiting)
    stack.web.kill()
    outbox.unlink()
    aside.rename(outbox)
    stack.query("UPDATE accounts_mail SET next_try_at = %s WHERE sent_at IS NULL", datetime.now(UTC))
    await asyncio.to_thread(stack.web.start)
    await asyncio.to_thread(stack.wait, "SELECT count(*) = 0 FROM accounts_mail WHERE sent_at IS NULL")
    letters = [path.read_text() for path in outbox.glob("*.txt")]
    assert len([letter for letter in letters if "\nTo: nora@acme.example\n" in letter]) == 1
