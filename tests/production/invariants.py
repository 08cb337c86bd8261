"""What must hold after everything that can happen (N1-N4), asked of the database past all that was at fault."""

from itertools import pairwise

FINAL_ONCE = {"accepted", "ended", "ticket_opened"}


async def hold(stack, *conversations):
    """Wait until both sides of each show all there is; then compare them with each other and with the database."""
    for talk in conversations:
        for page in talk.pages:
            await page.until(lambda page=page: not page.outbox, 30)
        [(everything,)] = stack.query("SELECT last_seq FROM chat_chatsession WHERE id = %s", talk.chat)
        for page in talk.pages:
            await page.until(lambda page=page, n=everything, chat=talk.chat: len(page.lines[chat]) >= n, 30)
    for talk in conversations:
        _hold(stack, talk)


def _hold(stack, talk):
    rows = stack.query(
        "SELECT seq, kind, client_id::text, body FROM chat_chatevent WHERE chat_id = %s ORDER BY seq", talk.chat
    )
    assert [seq for seq, *_ in rows] == list(range(1, len(rows) + 1)), "a gap in the log"
    stored = {key: (seq, body) for seq, _kind, key, body in rows if key}
    for page in talk.pages:
        shown = [(event["seq"], event["kind"], event["client_id"]) for event in page.lines[talk.chat]]
        assert shown == [(seq, kind, key) for seq, kind, key, _ in rows], "a side shows something else"
        _acknowledged(page, talk, stored)
    kinds = [kind for _seq, kind, *_ in rows]
    assert all(kinds.count(kind) <= 1 for kind in FINAL_ONCE), kinds
    _tickets(stack, talk.chat)
    # The contact's page heard of no chat but its own.
    heard = {frame["chat"] for frame in talk.contact.frames if frame["type"] in {"event", "events"}}
    assert heard <= set(talk.own), heard


def _acknowledged(page, talk, stored):
    said = [key for key, event in page.acknowledged.items() if event["chat"] == talk.chat]
    assert all(key in stored for key in said), "an acknowledged message is lost"
    # In the order in which its sender wrote.
    assert all(stored[one][0] < stored[other][0] for one, other in pairwise(said))
    assert all(talk.said.get(key, stored[key][1]) == stored[key][1] for key in said)


def _tickets(stack, chat):
    [(tickets,)] = stack.query("SELECT count(*) FROM tickets_ticket WHERE origin = %s", f"chat:{chat}")
    assert tickets <= 1


def longest_gap(talk):
    """The longest that a message was on its way from one side's screen to the other's, in seconds."""
    one, other = talk.pages
    ways = [(one, other), (other, one)]
    return max(
        there.arrived_at[key] - here.said_at[key] for here, there in ways for key in here.said_at if key in talk.said
    )
