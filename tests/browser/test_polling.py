"""A page that gets no socket polls, and everything goes on (P2)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import accept, ask, bubbles, composer, end, heading, say

# As behind a proxy that knows no WebSockets.
NO_SOCKETS = """
  window.WebSocket = class {
    static OPEN = 1;
    readyState = 3;
    constructor() { setTimeout(() => this.onclose({code: 1006})); }
    close() {}
  };
"""

# As behind one that opens them and lets nothing through.
MUTE_SOCKETS = """
  window.WebSocket = class {
    static OPEN = 1;
    readyState = 0;
    constructor() {
      setTimeout(() => {
        this.readyState = 1;
        this.onopen?.();
      });
    }
    send() {}
    close() {}
  };
"""


@pytest.fixture
def talking(technician_page, new_context):
    """Tina and Ann in a chat; Ann's page has no socket."""
    tina, context = technician_page("tina"), new_context()
    context.add_init_script(NO_SOCKETS)
    ann = context.new_page()
    ann.goto("/agent/demo/ACME-PC-01/")
    ask(ann)
    accept(tina)
    expect(composer(ann)).to_be_visible()
    return tina, ann


def test_everything_goes_by_polling(talking):
    tina, ann = talking
    say(tina, "Slow today")
    expect(bubbles(ann)).to_have_text(["Slow today"])
    say(ann, "Very")
    for page in (tina, ann):
        expect(bubbles(page)).to_have_text(["Slow today", "Very"])
    end(tina)
    expect(heading(ann, "The chat has ended")).to_be_visible()


def test_what_was_read_is_told_once_at_a_time(talking):
    """However long the answer takes: a page must not add to what a busy server has to do."""
    tina, ann = talking
    told = []
    # Nobody answers.
    ann.route(re.compile("/seen/"), lambda route: told.append(route.request.post_data_json))
    with ann.expect_request(re.compile("/seen/")):
        say(tina, "One", to=ann)
    for words in ("Two", "Three"):
        say(tina, words, to=ann)
    assert len(told) == 1


def test_a_socket_that_opens_is_waited_for_and_keeps_nobody_who_is_never_greeted(technician_page, new_context):
    tina, context = technician_page("tina"), new_context()
    context.add_init_script(MUTE_SOCKETS)
    ann, polls = context.new_page(), []
    ann.on("request", lambda request: polls.append(request.url) if "/sync/" in request.url else None)
    ann.clock.install()
    ann.goto("/agent/demo/ACME-PC-01/")
    ask(ann)
    ann.clock.run_for(6000)
    assert polls == []
    accept(tina)
    ann.clock.run_for(20_000)
    say(ann, "Nobody greets me")
    ann.clock.run_for(20_000)
    expect(bubbles(tina)).to_have_text(["Nobody greets me"])
    assert polls
