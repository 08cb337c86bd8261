"""What the invariants are there to find, they find."""

from uuid import uuid4

import pytest

from tests.production.invariants import hold
from tests.production.where import embedded

pytestmark = embedded


async def test_each_thing_that_must_never_happen_is_found(stack, talking):
    async with talking("PC-1") as [talk]:
        first, second = talk.ask("First"), talk.ask("Second")
        answer = talk.answer("Third")
        await hold(stack, talk)
        said_at, lines = talk.contact.said_at, talk.technician.lines[talk.chat]

        talk.contact.said_at = {second: said_at[second], first: said_at[first]}
        await fails(stack, talk, "order in which its sender wrote")
        talk.contact.said_at = said_at

        talk.said[key := str(uuid4())] = "Never taken"
        await fails(stack, talk, "what was said is not there")
        await hold(stack, talk, refused=[key])
        del talk.said[key]

        lines[-2:] = reversed(lines[-2:])
        await fails(stack, talk, "a side differs")
        lines[-2:] = reversed(lines[-2:])

        talk.contact.frames.append(foreign := {"type": "event", "chat": talk.chat + 1})
        await fails(stack, talk, "another's chat was heard")
        talk.contact.frames.remove(foreign)

        talk.said[answer] = "Something else"
        await fails(stack, talk, "not what was said")


async def fails(stack, talk, words):
    with pytest.raises(AssertionError, match=words):
        await hold(stack, talk)
