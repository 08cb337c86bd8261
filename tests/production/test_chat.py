"""A chat through nginx, over two web processes, on PostgreSQL and Redis."""

from tests.production.invariants import hold, longest_gap


async def test_a_chat_goes_on_across_two_web_processes(stack, talking):
    async with talking("PC-1", "PC-2") as talks:
        # nginx gives each new socket to the process that has fewer.
        assert all(tap.lines for tap in stack.to_web)
        for number in range(10):
            for talk in talks:
                talk.ask(f"Question {number}")
                talk.answer(f"Answer {number}")
        await hold(stack, *talks)
        assert max(map(longest_gap, talks)) < 5
