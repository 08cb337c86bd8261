"""What the server could not take for now the page says again by itself, and shows meanwhile as kept (P2)."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import bubbles, conversation, say

RENAME = """
from django.db import connection
connection.cursor().execute("ALTER TABLE {} RENAME TO {}")
"""


@pytest.mark.fault
def test_a_message_that_the_server_could_not_take_is_kept_and_sent_when_it_can(talking, server):
    tina, ann = talking
    server.arrange(RENAME.format("chat_chatevent", "away"))
    say(ann, "Kept for now")
    expect(ann.locator("[data-unsent].is-kept")).to_contain_text("Kept for now", timeout=5000)
    server.arrange(RENAME.format("away", "chat_chatevent"))
    expect(bubbles(tina)).to_have_text(["Kept for now"], timeout=10_000)
    expect(ann.locator("[data-unsent]")).to_have_count(0)


def test_what_was_read_is_told_again_when_the_server_could_not_take_it(talking):
    tina, ann = talking
    to_refuse, refused = [], []

    def stand_between(socket):
        server = socket.connect_to_server()

        def pass_on(text):
            frame = json.loads(text)
            if frame["type"] == "seen" and to_refuse:
                refused.append(to_refuse.pop())
                socket.send(json.dumps({"type": "refused", "code": "later", "words": "", "chat": frame["chat"]}))
            else:
                server.send(text)

        socket.on_message(pass_on)

    ann.route_web_socket(re.compile("/ws/"), stand_between)
    ann.reload()
    to_refuse.append("What was read")
    say(tina, "Did you read this?", to=ann)
    expect(conversation(tina, "Ann Keller").locator("[data-mark]")).to_have_text(["Read"])
    assert refused
