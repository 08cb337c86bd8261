"""What must hold after everything that can happen (N1-N4), asked of the database past all that was at fault."""

import asyncio

from tests.production.threads import in_ticket

FINAL_ONCE = {"accepted", "ended", "ticket_opened"}
# As much of a message as the list of chats shows.
PREVIEW_CHARS = 120


async def hold(stack, *conversations, refused=(), opens_tickets=True):
    """Wait until both sides of each show all there is; then compare them with each other, database and ticket.

    Everything that was said is there, but for the keys in `refused`. A chat that goes on without a ticket gets one, so
    that there is one to compare with.
    """
    for talk in conversations:
        for page in talk.pages:
            await page.until(lambda page=page: not page.outbox, 30)
        if opens_tickets:
            await asyncio.to_thread(_open_ticket, stack, talk)
        everything = len(stack.log(talk.chat))
        for page in talk.pages:
            await page.until(lambda page=page, n=everything, chat=talk.chat: len(page.lines[chat]) >= n, 30)
    for talk in conversations:
        rows = stack.log(talk.chat)
        _once_and_in_order(talk, rows, set(refused))
        _one_end(stack, talk.chat, rows)
        await asyncio.to_thread(_whole_in_its_ticket, stack, talk, rows)
        assert _chats_heard(talk.contact) <= set(talk.own), "another's chat was heard"


def _open_ticket(stack, talk):
    """*Create ticket*, where that is still possible."""
    [(state,)] = stack.query("SELECT state FROM chat_chatsession WHERE id = %s", talk.chat)
    if state == "active":
        stack.until(lambda: _has_ticket(stack, talk))


def _has_ticket(stack, talk):
    if stack.ticket_of(talk.chat) is None:
        # Again and again: a process that is gone may have been asked.
        talk.press_create_ticket()
    return stack.ticket_of(talk.chat) is not None


def _once_and_in_order(talk, rows, refused):
    assert [seq for seq, *_ in rows] == list(range(1, len(rows) + 1)), "a gap in the log"
    stored = {key: (seq, body) for seq, _kind, key, body in rows if key}
    for page in talk.pages:
        shown = [(event["seq"], event["kind"], event["client_id"], event["text"]) for event in page.lines[talk.chat]]
        assert shown == [(seq, kind, key, _preview(kind, body)) for seq, kind, key, body in rows], "a side differs"
        _as_it_was_said(page, talk, stored)
    assert all(stored[key][1] == body for key, body in talk.said.items() if key in stored), "not what was said"
    assert set(talk.said) - set(stored) == refused & set(talk.said), "what was said is not there"


def _preview(kind, body):
    return " ".join(body.split())[:PREVIEW_CHARS] if kind in {"message", "file"} else ""


def _as_it_was_said(page, talk, stored):
    acknowledged = [key for key, event in page.acknowledged.items() if event["chat"] == talk.chat]
    assert all(key in stored for key in acknowledged), "an acknowledged message is lost"
    places = [stored[key][0] for key in page.said_at if key in talk.said and key in stored]
    assert places == sorted(places), "not in the order in which its sender wrote"


def _one_end(stack, chat, rows):
    kinds = [kind for _seq, kind, *_ in rows]
    assert all(kinds.count(kind) <= 1 for kind in FINAL_ONCE), kinds
    [(state, end_reason)] = stack.query("SELECT state, end_reason FROM chat_chatsession WHERE id = %s", chat)
    assert (state == "ended") == bool(end_reason) == ("ended" in kinds)


def _whole_in_its_ticket(stack, talk, rows):
    [(tickets,)] = stack.query("SELECT count(*) FROM tickets_ticket WHERE origin = %s", f"chat:{talk.chat}")
    assert tickets <= 1
    number = stack.ticket_of(talk.chat)
    assert (number is not None) == ("ticket_opened" in [kind for _seq, kind, *_ in rows])
    if number is None:
        return
    shown = in_ticket(talk.technician.person, number, talk.chat)
    assert [line[1:4] for line in shown] == [row[:3] for row in rows], "the ticket shows something else"
    assert [line.text for line in shown if line.kind == "message"] == [row[3] for row in rows if row[1] == "message"]


def _chats_heard(page):
    """The numbers of all chats of which anything was told to this page; a refusal repeats what the page itself said."""
    told = [frame for frame in page.frames if frame["type"] != "refused"]
    heads = [head for frame in told for head in [*frame.get("heads", []), frame.get("head")] if head]
    return {part["chat"] for part in [*told, *heads] if "chat" in part}


def longest_gap(talk):
    """The longest that a message was on its way from one side's screen to the other's, in seconds."""
    one, other = talk.pages
    ways = [(one, other), (other, one)]
    return max(
        there.arrived_at[key] - here.said_at[key] for here, there in ways for key in here.said_at if key in talk.said
    )
