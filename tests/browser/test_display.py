"""For eyes and hands that need it so: little motion, a page twice its size, a system's own colours, a narrow window."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import (
    accept,
    ask,
    bubbles,
    button,
    composer,
    connect,
    dialog,
    heading,
    open_ticket,
    ring,
    say,
    unread,
)

# A screen of 1440 by 900 and one of 1280 by 720, both at 200 %.
ZOOMED = [(720, 450), (640, 360)]
NARROW = {"width": 320, "height": 640}
TICKET = "Printer on the second floor prints blank pages"
MOVING = """
  document.getAnimations({subtree: true})
    .filter((animation) => animation.playState === "running" && animation.effect.getComputedTiming().endTime > 1)
    .map((animation) => animation.animationName ?? animation.transitionProperty)
"""


def moving(page):
    """What moves on the page for longer than a moment."""
    return page.evaluate(MOVING)


def fits(page):
    """Whether the page is no wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def has_borders(place):
    """Whether each of these is framed, by a border or an outline."""
    frame = "e => [getComputedStyle(e).borderTopStyle, getComputedStyle(e).outlineStyle].some((s) => s !== 'none')"
    return place.count() > 0 and all(one.evaluate(frame) for one in place.all())


def in_sight(*places):
    for place in places:
        expect(place).to_be_in_viewport(ratio=1)


def test_nothing_moves_for_who_asked_for_that(technician_page, contact_page):
    calm = {"reduced_motion": "reduce"}
    tina, ann = technician_page("tina", **calm), contact_page("ACME-PC-01", **calm)
    ask(ann)
    expect(ring(tina)).to_be_visible()
    assert moving(tina) == moving(ann) == []
    accept(tina)
    composer(ann).press_sequentially("Wait")
    expect(tina.get_by_text("Ann is typing…")).to_be_visible()
    assert moving(tina) == []
    composer(ann).press("Enter")
    expect(bubbles(tina)).to_have_text(["Wait"])
    button(tina, "Keyboard shortcuts").click()
    expect(dialog(tina)).to_be_visible()
    assert moving(tina) == moving(ann) == []


@pytest.mark.main_job
@pytest.mark.parametrize("size", ZOOMED)
def test_all_that_is_needed_is_in_sight_at_twice_the_size(size, technician_page, contact_page):
    window = {"viewport": {"width": size[0], "height": size[1]}}
    tina, ann = technician_page("tina", **window), contact_page("ACME-PC-01", **window)
    connect(tina, "ACME-PC-01")
    in_sight(heading(dialog(tina), "Connecting…"))
    # The last step for now: until then the dialog is drawn anew with each.
    expect(dialog(tina)).to_contain_text("Ann sees your name, Accept and Decline.")
    button(dialog(tina), "Cancel request").scroll_into_view_if_needed()
    in_sight(button(dialog(tina), "Cancel request"))
    in_sight(button(ann, "Accept"), button(ann, "Decline"))
    button(ann, "Decline").click()
    button(dialog(tina), "Close").click()
    ann.get_by_role("link", name="Back").click()
    ask(ann)
    in_sight(button(ann, "Cancel"), button(ring(tina), "Accept"), button(ring(tina), "Decline"))
    accept(tina)
    say(tina, "Can you read this?", to=ann)
    for page in (tina, ann):
        in_sight(composer(page), button(page, "Send"), button(page, "End chat"), bubbles(page).last)
        assert fits(page)


def test_steps_that_are_drawn_anew_leave_place_and_focus_where_they_were(technician_page, contact_page):
    tina = technician_page("tina", viewport={"width": 640, "height": 360})
    connect(tina, "ACME-PC-01")
    button(dialog(tina), "Cancel request").focus()
    contact_page("ACME-PC-01")
    expect(dialog(tina)).to_contain_text("Ann sees your name, Accept and Decline.")
    in_sight(button(dialog(tina), "Cancel request"))
    expect(button(dialog(tina), "Cancel request")).to_be_focused()


def test_a_systems_own_colours_keep_the_frames(talking, contact_page):
    tina, ann = talking
    for page in (tina, ann):
        page.emulate_media(forced_colors="active")
    say(ann, "Hello", to=tina)
    say(tina, "Hello Ann", to=ann)
    for page in (tina, ann):
        assert has_borders(bubbles(page))
        assert has_borders(page.get_by_role("button").filter(visible=True, has_text=re.compile("End chat|Send")))
    assert has_borders(tina.locator("[data-row][aria-current]"))
    button(tina, "Keyboard shortcuts").click()
    assert has_borders(dialog(tina))


def test_pages_of_the_portal_fit_a_narrow_window(talking, expected_errors):
    expected_errors.append("404")
    tina, ann = talking
    tina.set_viewport_size(NARROW)
    addresses = ("/chats/", "/tickets/", "/tickets/new/", "/devices/", "/customers/", "/outbox/", "/nowhere/")
    for address in addresses:
        tina.goto(address)
        assert fits(tina), address
    tina.goto("/chats/")
    say(ann, "x" * 300)
    unread(tina, "Ann Keller", 1).click()
    in_sight(composer(tina))
    assert fits(tina)
    open_ticket(tina, TICKET)
    assert fits(tina)
    for address, name in (("/devices/", "ACME-PC-01"), ("/customers/", "Acme")):
        tina.goto(address)
        tina.get_by_role("link", name=name).first.click()
        expect(heading(tina, name)).to_be_visible()
        assert fits(tina), name
    tina.get_by_role("link", name="Ann Keller").first.click()
    expect(heading(tina, "Ann Keller")).to_be_visible()
    assert fits(tina)
