"""What a screen reader finds and is told: landmarks, names, live regions (LOOK: accessibility)."""

import re

from playwright.sync_api import expect

from tests.browser.steps import (
    accept,
    ask,
    bubbles,
    button,
    composer,
    connect,
    conversation,
    dialog,
    end,
    heading,
    ring,
    say,
)


def hear_all(page):
    """Keep what the two regions say from now on, since they are emptied soon after."""
    page.evaluate("""() => {
      const heard = document.createElement("pre");
      heard.id = "heard";
      heard.hidden = true;
      document.body.append(heard);
      for (const id of ["say-politely", "say-now"]) {
        const region = document.getElementById(id);
        new MutationObserver(() => heard.append(`${region.textContent} | `)).observe(region, {childList: true});
      }
    }""")


def heard(page):
    return page.locator("#heard")


def test_the_console_by_its_landmarks(talking):
    tina, ann = talking
    say(ann, "Hello", to=tina)
    for role, name in (
        ("banner", None),
        ("navigation", "Main"),
        ("navigation", re.compile("^My chats 1$")),
        ("main", "Chat with Ann Keller"),
        ("complementary", "Details"),
        ("region", "Chat requests"),
    ):
        expect(tina.get_by_role(role, name=name) if name else tina.get_by_role(role)).to_have_count(1)
    expect(tina.get_by_role("main")).to_match_aria_snapshot("""
      - heading "Ann Keller" [level=2]
      - button "End chat"
      - log "Conversation with Ann Keller":
        - article:
          - text: Hello
      - textbox "Message"
      - button "Send"
    """)


def test_a_row_of_my_chats_says_all_of_it(talking, contact_page):
    tina, ann = talking
    grace = contact_page("GLOBEX-PC-01")
    ask(grace)
    accept(tina, "Grace Lindqvist")
    for words in ("One", "Two", "Three"):
        say(ann, words)
    mine = tina.get_by_role("navigation", name=re.compile("^My chats"))
    expect(mine.get_by_role("link", name=re.compile(r"^Ann Keller ?, Acme ?, 3 unread"))).to_be_visible()
    expect(mine.get_by_role("link", name=re.compile("^Grace Lindqvist"))).to_have_attribute("aria-current", "true")
    expect(tina.get_by_role("link", name="Chats 3 unread or waiting")).to_be_visible()


def test_a_conversation_announces_what_the_other_side_adds(talking):
    tina, ann = talking
    for page, name in ((tina, "Ann Keller"), (ann, "Tina Okafor")):
        say(page, f"Hello {name}")
    for page, name in ((tina, "Ann Keller"), (ann, "Tina Okafor")):
        expect(bubbles(page)).to_have_count(2)
        own = conversation(page, name).get_by_role("article").filter(has_text=f"Hello {name}")
        theirs = conversation(page, name).get_by_role("article").filter(has_text=re.compile(r"Hello (?!" + name + ")"))
        expect(own).to_have_attribute("aria-live", "off")
        assert theirs.get_attribute("aria-live") is None
        assert conversation(page, name).get_attribute("aria-busy") is None
    composer(ann).press_sequentially("Wait")
    typing = tina.get_by_text("Ann is typing…")
    expect(typing).to_be_visible()
    assert typing.evaluate("element => element.closest('[aria-hidden=true]') !== null")


def test_what_was_missed_fills_in_while_the_log_is_busy(technician_page, contact_page, proxy):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01", base_url=proxy.url)
    ask(ann)
    accept(tina)
    expect(composer(ann)).to_be_visible()
    log = conversation(ann, "Tina Okafor")
    log.evaluate("""log => {
      window.busy = [];
      new MutationObserver(() => window.busy.push(log.getAttribute("aria-busy")))
        .observe(log, {attributeFilter: ["aria-busy"]});
    }""")
    proxy.cut()
    say(tina, "Said meanwhile")
    expect(bubbles(tina)).to_have_text(["Said meanwhile"])
    expect(tina.locator("[data-unsent]")).to_have_count(0)
    proxy.mend()
    expect(bubbles(ann)).to_have_text(["Said meanwhile"], timeout=20_000)
    expect(log).not_to_have_attribute("aria-busy", "true")
    assert ann.evaluate("window.busy") == ["true", None]


def test_who_rings_is_said_at_once_and_takes_no_focus(technician_page, contact_page):
    tina, ann = technician_page("tina", "/tickets/"), contact_page("ACME-PC-01")
    hear_all(tina)
    expect(tina.locator("[data-connection=live]")).to_contain_text("Live")
    ask(ann, "The printer is jammed")
    expect(ring(tina)).to_be_visible()
    expect(button(ring(tina), "Accept")).to_have_attribute("aria-keyshortcuts", "F8")
    expect(ring(tina).get_by_role("timer", name="Time left")).to_have_attribute("aria-live", "off")
    expect(ann.get_by_role("timer", name="Time left")).to_have_attribute("aria-live", "off")
    assert tina.evaluate("document.activeElement === document.body")
    button(ann, "Cancel").click()
    expect(ring(tina)).to_have_count(0)
    said = r"New chat request from Ann Keller\. The printer is jammed F8 accepts, Shift F8 declines\..*has ended"
    expect(heard(tina)).to_have_text(re.compile(said))


def test_each_step_of_a_request_is_said_on_both_sides(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    hear_all(ann)
    connect(tina, "ACME-PC-01")
    hear_all(tina)
    expect(tina.get_by_role("dialog", name="Connecting…")).to_be_visible()
    expect(dialog(tina).get_by_role("listitem").filter(has_text="Waiting for Ann")).to_have_attribute(
        "aria-current", "step"
    )
    expect(heading(ann, "Tina Okafor wants to chat with you")).to_be_visible()
    button(ann, "Decline").click()
    expect(tina.get_by_role("dialog", name="Ann declined the chat")).to_be_visible()
    expect(heard(ann)).to_contain_text("Tina asks to chat")
    expect(heard(tina)).to_contain_text("Ann declined the chat")


def test_an_end_is_said_to_who_did_not_press_it(talking):
    tina, ann = talking
    for page in (tina, ann):
        hear_all(page)
    end(ann)
    group = tina.get_by_role("group", name="The chat has ended")
    expect(group).to_contain_text("Ann ended the chat")
    expect(heard(tina)).to_contain_text("Ann ended the chat")
    expect(heard(ann)).to_contain_text("The chat has ended")


def test_a_field_that_is_wrong_says_so_by_itself(contact_page, expected_errors):
    expected_errors.append("422")
    page = contact_page("ACME-PC-02")
    button(page, "Start chat").click()
    button(page, "Send token").click()
    name = page.get_by_label("Full name")
    expect(name).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description(re.compile("Please write your full name."))
