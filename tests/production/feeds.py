"""The order of each chat, as static/js/feeds.js: every event once, in its place, whatever brings it, in which order.

feeds = Feeds(told=…, ask=…)   told(event, is_new=…) of each in its turn, and again of one that came before
feeds.take(event)              one that came
feeds.expect(chat, seq)        there is an event of this number
feeds.lines                    chat → its events in order
"""

import time

ASK_AGAIN_S = 3
NEVER = float("-inf")


class Feeds:
    def __init__(self, *, told, ask):
        self.lines = {}
        self._told = told
        self._ask = ask
        # Chat → the last of which it was heard that there is one; those that came too soon; when it was asked for.
        self._known, self._early, self._asked_at = {}, {}, {}

    def follow(self, chat):
        self.lines.setdefault(chat, [])

    def take(self, event):
        chat, lines = event["chat"], self.lines.setdefault(event["chat"], [])
        if event["seq"] <= len(lines):
            self._told(event, is_new=False)
            return
        early = self._early.setdefault(chat, {})
        early[event["seq"]] = event
        self.expect(chat, event["seq"])
        while next_one := early.pop(len(lines) + 1, None):
            lines.append(next_one)
            self._asked_at.pop(chat, None)
            self._told(next_one, is_new=True)

    def expect(self, chat, seq):
        self.follow(chat)
        self._known[chat] = max(seq, self._known.get(chat, 0))

    def places(self):
        return {chat: len(lines) for chat, lines in self.lines.items()}

    @property
    def is_behind(self):
        return any(self._known.get(chat, 0) > place for chat, place in self.places().items())

    def catch_up(self, *, everything=False, told=()):
        """Ask for what is missing; for everything at once, and of chats not `told` of for what came since too."""
        now = time.monotonic()
        is_due = self._is_missing(told) if everything else self._is_due(now)
        wanted = {chat: n for chat, n in self.places().items() if is_due(chat, n)}
        if wanted:
            self._asked_at |= dict.fromkeys(wanted, now)
            self._ask(wanted)

    def _is_missing(self, told):
        return lambda chat, place: self._known.get(chat, 0) > place or chat not in told

    def _is_due(self, now):
        return lambda chat, place: (
            self._known.get(chat, 0) > place and now - self._asked_at.get(chat, NEVER) > ASK_AGAIN_S
        )
