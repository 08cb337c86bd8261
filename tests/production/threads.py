"""The lines of a chat as the HTML of a page shows them."""

import re
from collections import namedtuple
from html.parser import HTMLParser

Shown = namedtuple("Shown", "chat seq kind key text")


def lines_of(page):
    """Every line of a conversation in this page, in order; `text` is what its bubble says, where it has one."""
    reader = _Reader()
    reader.feed(page)
    return reader.lines


def in_ticket(technician, number, chat):
    """A chat's lines as its ticket's page shows them, with all that stands behind *Show earlier messages*."""
    page = technician.get(f"/tickets/{number}/chats/").body.decode()
    latest = re.search(r'data-open="(\d+)"', page)[1]
    lines = lines_of(page)
    while "data-earlier" in page:
        page = technician.get(f"/chats/{latest}/history/?before={lines[0].chat}:{lines[0].seq}").body.decode()
        lines = lines_of(page) + lines
    return [line for line in lines if line.chat == chat]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.lines = []
        # How many elements deep it is in a bubble.
        self._depth = 0

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if self._depth:
            self._depth += tag != "br"
        elif "data-seq" in found and "data-kind" in found:
            key = found.get("data-client-id")
            self.lines.append(Shown(int(found["data-chat"]), int(found["data-seq"]), found["data-kind"], key, ""))
        elif self.lines and "hd-bubble" in (found.get("class") or "").split():
            self._depth = 1

    def handle_endtag(self, tag):
        if self._depth:
            self._depth -= 1

    def handle_data(self, data):
        if self._depth:
            last = self.lines[-1]
            self.lines[-1] = last._replace(text=last.text + data)
