"""What became of every message: on both screens, in the database and in the ticket, and how long it was on its way."""

import asyncio
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from statistics import quantiles

from tests.files.pictures import png
from tests.production.invariants import hold

# A page hears a beat every 15 seconds. This much, with its margin, beside the time that a fault lay on the way.
LATE_AFTER_S = 20
# Each reads a whole ticket.
HOLD_AT_ONCE, HOLD_WITHIN_S = 4, 240
FAILURES = ("lost", "doubled", "out of order", "foreign", "broken")


class Judge:
    """`found` names every failure in words; `counts` and `ways` are for the report."""

    def __init__(self, stack, seats, happened):
        self.stack = stack
        self.seats = seats
        self.talks = [talk for seat in seats for talk in seat.talks]
        self.happened = happened
        self.found = {kind: [] for kind in FAILURES}
        self.counts = Counter()
        self.late = []
        # Seconds of each message to which nothing happened on its way, and of all.
        self.calm_ways, self.all_ways = [], []

    async def judge(self):
        # First, for it waits until every screen shows all there is.
        await self._hold()
        await asyncio.to_thread(self._compare)

    async def _hold(self):
        """The invariants of every chat; waits for what is not there yet, for so long in all."""
        turn, held = asyncio.Semaphore(HOLD_AT_ONCE), set()
        with suppress(TimeoutError):
            async with asyncio.timeout(HOLD_WITHIN_S):
                await asyncio.gather(*(self._hold_one(talk, turn, held) for talk in self.talks))
        if left := [talk.chat for talk in self.talks if talk not in held]:
            self.found["broken"].append(f"not all is shown, or the pages are too slow to tell: chats {left}")

    def _compare(self):
        stored = self._stored()
        for talk in self.talks:
            rows = stored[talk.chat]
            self._messages(talk, rows)
            self._files(talk, rows)
            self._order(talk, rows)
            self._ways(talk)
            self._foreign(talk)
        self._tickets(stored)

    async def _hold_one(self, talk, turn, held):
        async with turn:
            try:
                refused = {key for page in talk.pages for key in page.refusals}
                await hold(self.stack, talk, refused=refused, opens_tickets=False)
            except TimeoutError:
                return
            except (AssertionError, OSError) as broken:
                self.found["broken"].append(f"chat {talk.chat}: {type(broken).__name__}: {str(broken)[:500]}")
            held.add(talk)

    def _stored(self):
        chats = [talk.chat for talk in self.talks]
        rows = self.stack.query(
            "SELECT chat_id, kind, client_id::text, body FROM chat_chatevent WHERE chat_id = ANY(%s) "
            "ORDER BY chat_id, seq",
            chats,
        )
        stored = {chat: [] for chat in chats}
        for chat, *row in rows:
            stored[chat].append(row)
        return stored

    def _messages(self, talk, rows):
        keys = Counter(key for kind, key, _body in rows if kind == "message")
        bodies = Counter(body for kind, _key, body in rows if kind == "message")
        shown = [Counter(page.keys(talk.chat)) for page in talk.pages]
        # Nobody ended it: nobody could be heard in it for five minutes, or it would not be over.
        is_over = any(kind == "ended" for kind, *_ in rows)
        self.counts["over by themselves"] += is_over and not talk.is_over
        self.counts["sent"] += len(talk.said)
        for key, body in talk.said.items():
            self._count(talk, key, body, keys, shown, is_over=is_over)
            if bodies[body] > 1 or any(screen[key] > 1 for screen in shown):
                self.found["doubled"].append(f"chat {talk.chat}: {body}")

    def _count(self, talk, key, body, keys, shown, *, is_over):
        # What a request said when it was made has no page that waits for its answer; the answer was the chat.
        sender = talk.said_by.get(key)
        is_acknowledged = sender is None or key in sender.acknowledged
        is_refused = sender is not None and key in sender.refusals
        self.counts["acknowledged"] += is_acknowledged
        self.counts["delivered"] += is_acknowledged and all(screen[key] for screen in shown)
        self.counts["refused"] += is_refused
        if is_refused:
            self._refused(talk, key, body, is_stored=bool(keys[key]), is_over=talk.is_over or is_over)
        elif not is_acknowledged:
            self.found["lost"].append(f"chat {talk.chat}: neither taken nor refused: {body}")
        elif not keys[key]:
            self.found["lost"].append(f"chat {talk.chat}: acknowledged and not stored: {body}")
        elif not all(screen[key] for screen in shown):
            self.found["lost"].append(f"chat {talk.chat}: stored and not shown: {body}")

    def _refused(self, talk, key, body, *, is_stored, is_over):
        code = talk.said_by[key].refusals[key]
        if is_stored:
            self.found["broken"].append(f"chat {talk.chat}: refused ({code}) and stored: {body}")
        if code != "ended" or not is_over:
            self.found["broken"].append(f"chat {talk.chat}: refused ({code}) in an open chat: {body}")

    def _files(self, talk, rows):
        stored = Counter(key for kind, key, _name in rows if kind == "file")
        for key, outcome in talk.files.items():
            self.counts[f"files {outcome}"] += 1
            if outcome == "on its way":
                self.found["lost"].append(f"chat {talk.chat}: the file {key} was neither taken nor refused")
            if outcome == "taken" and not stored[key]:
                self.found["lost"].append(f"chat {talk.chat}: the file {key}")
            if stored[key] > 1:
                self.found["doubled"].append(f"chat {talk.chat}: the file {key}")
            if outcome == "taken" and talk.technician.person.get(f"/chats/{talk.chat}/files/{key}/").body != png():
                self.found["broken"].append(f"chat {talk.chat}: the file {key} is not what was sent")

    def _order(self, talk, rows):
        places = {key: place for place, (_kind, key, _body) in enumerate(rows) if key}
        for page in talk.pages:
            said = [places[key] for key, by in talk.said_by.items() if by is page and key in places]
            if any(one > other for one, other in pairwise(said)):
                self.found["out of order"].append(f"chat {talk.chat}")
            shown, stored = [event["client_id"] for event in page.lines[talk.chat]], [key for _kind, key, _body in rows]
            # A ticket that opens just now may be stored and still be on its way; a message that is not shown is lost.
            if shown != stored[: len(shown)] or any(stored[len(shown) :]):
                self.found["out of order"].append(f"chat {talk.chat}: a screen shows another order than is stored")

    def _foreign(self, talk):
        heard = {frame["chat"] for frame in talk.contact.frames if frame["type"] in {"event", "events"}}
        for chat in heard - set(talk.own):
            self.found["foreign"].append(f"the contact of chat {talk.chat} heard of chat {chat}")

    # How long.

    def _ways(self, talk):
        for key, page in talk.said_by.items():
            arrived = talk.other(page).arrived_at.get(key)
            if arrived is None:
                continue
            said = page.said_at[key]
            calm_s = arrived - said - self._at_fault_s(said, arrived, talk.pages)
            self.all_ways.append(arrived - said)
            if calm_s > arrived - said - 0.001:
                self.calm_ways.append(arrived - said)
            if calm_s > LATE_AFTER_S:
                self.late.append(
                    f"chat {talk.chat}: {arrived - said:.1f} s, {calm_s:.1f} of them without a fault: {key}"
                )

    def _at_fault_s(self, since, until, pages):
        """How much of this time a fault lay on the way between these pages: one of the stack's, or one of their own."""
        covered, end = 0.0, since
        for fault in self.happened:
            if fault.began >= until:
                break
            if fault.page is not None and fault.page not in pages:
                continue
            begin, close = max(end, fault.began), min(until, fault.ended)
            if close > begin:
                covered, end = covered + close - begin, close
        return covered

    # In the ticket.

    def _tickets(self, stored):
        """Every chat that is due has its ticket; that there is one only, and all in it, is among the invariants."""
        rows = self.stack.query(
            "SELECT s.id, t.number, s.ticket_due_at < now() - interval '15 seconds' "
            # Over before that, it is not due (S17).
            "AND coalesce(s.ended_at >= s.ticket_due_at, true) FROM chat_chatsession s "
            "LEFT JOIN tickets_ticket t ON t.id = s.ticket_id WHERE s.id = ANY(%s) ORDER BY s.id",
            list(stored),
        )
        self.counts["tickets"] = len([number for _chat, number, _due in rows if number])
        for chat, number, is_due in rows:
            if is_due and number is None and any(kind == "message" for kind, *_ in stored[chat]):
                self.found["broken"].append(f"chat {chat} is due for a ticket and has none")

    def figures(self):
        """Seconds from screen to screen, of the messages that met no fault and of all."""
        return {"calm": _spread(self.calm_ways), "all": _spread(self.all_ways)}


def _spread(seconds):
    if len(seconds) < 2:
        return {}
    cuts = quantiles(seconds, n=100)
    return {"half": round(cuts[49], 3), "99 of 100": round(cuts[98], 3), "longest": round(max(seconds), 3)}
