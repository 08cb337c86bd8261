"""People who go on talking while things happen."""

import asyncio
from contextlib import asynccontextmanager

# Each side of each chat says something so often; people do every ten seconds or so.
EVERY_S = 1


@asynccontextmanager
async def chatting(*talks):
    """Both sides of each chat say something again and again while the block runs."""
    tasks = [asyncio.create_task(_go_on(talk, page)) for talk in talks for page in talk.pages]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _go_on(talk, page):
    number = 0
    while True:
        number += 1
        talk.say(page, f"{number} in chat {talk.chat}")
        await asyncio.sleep(EVERY_S)


async def by_turns(talk, count, a_second):
    """Both sides say so many things, so many a second."""
    for number in range(count):
        talk.ask(f"Mine {number}")
        talk.answer(f"Yours {number}")
        await asyncio.sleep(1 / a_second)


async def heard(talk, within=30):
    """Until what each side says next is on the other's screen; how long that took."""
    asked, answered = talk.ask("Are you still there?"), talk.answer("I am.")
    one, other = talk.pages
    return await _both_within(
        within, one, lambda: asked in one.keys(talk.chat), other, lambda: answered in other.keys(talk.chat)
    )


async def marked(talk, within=20):
    """Until each side knows that both have read all there is."""
    one, other = talk.pages
    await _both_within(within, one, lambda: _is_read(one, talk.chat), other, lambda: _is_read(other, talk.chat))


def _is_read(page, chat):
    head = page.heads[chat]
    return set(head["read"].values()) == {len(page.lines[chat])} == {head["last_seq"]}


async def acknowledged(talk, within):
    """Until what each side says next was taken, however it is with showing it to the other; how long that took."""
    one, other = talk.pages
    answered, asked = talk.answer("One moment."), talk.ask("Thank you.")
    return await _both_within(
        within, one, lambda: answered in one.acknowledged, other, lambda: asked in other.acknowledged
    )


async def _both_within(within, one, holds, other, holds_there):
    """Both in the same time; how long that took."""
    began = asyncio.get_running_loop().time()
    await asyncio.gather(one.until(holds, within), other.until(holds_there, within))
    return asyncio.get_running_loop().time() - began


async def acknowledged_for(seconds, talks, within):
    """So long, as fast as people write: what each side of each chat says is taken within so many seconds."""
    over_at = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < over_at:
        for talk in talks:
            await acknowledged(talk, within)
        await asyncio.sleep(EVERY_S)
