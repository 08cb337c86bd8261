"""A page that gets no socket polls, and everything goes on (P2)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import accept, ask, bubbles, composer, conversation, end, heading, say

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
  window.sockets = 0;
  window.WebSocket = class {
    static OPEN = 1;
    readyState = 0;
    constructor() {
      window.sockets += 1;
      setTimeout(() => {
        this.readyState = 1;
        this.onopen?.();
      });
    }
    send() {}
    close() {}
  };
"""

# As of a server that beats and never comes to greet.
BEATING_SOCKETS = (
    MUTE_SOCKETS
    + """
  window.WebSocket = class extends window.WebSocket {
    constructor() {
      super();
      setInterval(() => this.onmessage?.({data: '{"type": "beat", "heads": []}'}), 1000);
    }
  };
"""
)


def pass_seconds(page, seconds):
    """Let them pass for a page with a clock of its own; none of them before what it asked for is answered."""
    asked = []

    def hear(request):
        asked.append(request)

    page.on("request", hear)
    for _ in range(seconds):
        page.clock.run_for(1000)
        while asked:
            asked.pop().response()
    page.remove_listener("request", hear)


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


@pytest.mark.parametrize("sockets", [MUTE_SOCKETS, BEATING_SOCKETS], ids=["mute", "beating"])
def test_a_socket_that_opens_is_waited_for_once_when_nobody_greets(technician_page, new_context, sockets):
    tina, context = technician_page("tina"), new_context()
    context.add_init_script(sockets)
    ann, polls = context.new_page(), []
    ann.on("request", lambda request: polls.append(request.url) if "/sync/" in request.url else None)
    ann.clock.install()
    ann.goto("/agent/demo/ACME-PC-01/")
    ask(ann)
    # Without a socket it would ask after two; what loading took passes by this clock too.
    pass_seconds(ann, 3)
    assert polls == []
    accept(tina)
    pass_seconds(ann, 12)
    # This one is another page, with a first socket of its own.
    expect(composer(ann)).to_be_visible()
    pass_seconds(ann, 13)
    tried = ann.evaluate("sockets")
    assert tried >= 2
    say(ann, "Nobody greets me")
    for _ in range(4):
        polls.clear()
        pass_seconds(ann, 7)
        assert polls
    assert ann.evaluate("sockets") > tried
    expect(bubbles(tina)).to_have_text(["Nobody greets me"])


def test_by_post_no_chat_waits_for_one_that_the_server_cannot_take(technician_page, contact_page, expected_errors):
    expected_errors.append("503")
    tina, posts = technician_page("tina"), {}
    contacts = {"Ann Keller": contact_page("ACME-PC-01"), "Grace Lindqvist": contact_page("GLOBEX-PC-01")}
    for name, contact in contacts.items():
        ask(contact)
        accept(tina, name)
        expect(tina).to_have_url(re.compile(r"/chats/\d+/$"))
        posts[name] = f"{tina.url}messages/"
        tina.route(posts[name], lambda route: route.fulfill(status=503))
    tina.add_init_script(NO_SOCKETS)
    tina.clock.install()
    tina.reload()
    pass_seconds(tina, 3)
    for name in reversed(contacts):
        tina.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(conversation(tina, name)).to_be_visible()
        say(tina, "Are you there?")
        # Each had its turn, whatever failed before.
        expect(tina.locator("[data-unsent].is-kept")).to_have_text(re.compile("Are you there?"))
    for name in contacts:
        tina.unroute(posts[name])
        pass_seconds(tina, 10)
        expect(bubbles(contacts[name])).to_have_text(["Are you there?"])
