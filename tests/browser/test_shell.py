"""What every page of the portal has: the profile menu by mouse, by keyboard and on a phone, and the way out."""

import re

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}


def profile(page):
    return page.get_by_role("button", name="Tina Okafor")


def radio(page, name):
    return page.get_by_role("radio", name=name, exact=True)


@pytest.mark.main_job
def test_availability_is_switched_on_any_page_and_followed_by_the_others(technician_page):
    page = technician_page("tina", viewport=PHONE)
    page.goto("/customers/")
    other = page.context.new_page()
    other.goto("/tickets/")
    profile(page).click()
    radio(page, "Unavailable").check()
    expect(radio(page, "Unavailable")).to_be_checked()
    expect(profile(other)).to_have_attribute("data-availability", "unavailable")
    page.reload()
    expect(profile(page)).to_have_attribute("data-availability", "unavailable")


def test_profile_menu_needs_no_mouse(technician_page):
    page = technician_page("tina")
    page.goto("/customers/")
    profile(page).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(radio(page, "Available")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(profile(page)).to_have_accessible_name("Tina Okafor Unavailable")
    page.keyboard.press("Escape")
    expect(page.locator("#profile-menu")).to_be_hidden()
    expect(profile(page)).to_be_focused()


@pytest.mark.main_job
def test_appearance_is_shown_at_once_and_kept(technician_page):
    page = technician_page("tina")
    page.goto("/customers/")
    profile(page).click()
    with page.expect_response("**/theme/"):
        radio(page, "Dark").check()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto("/tickets/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_sounds_are_chosen_for_this_browser_and_the_focus_comes_back(technician_page):
    page = technician_page("tina")
    page.goto("/customers/")
    profile(page).click()
    page.get_by_role("button", name="Sounds and notifications").click()
    page.locator("#sounds [data-sound=message]").click()
    page.keyboard.press("Escape")
    expect(profile(page)).to_be_focused()
    page.reload()
    expect(page.locator("[data-sound=message]")).not_to_be_checked()
    expect(page.locator("[data-sound=ring]")).to_be_checked()


def test_signing_out_forgets_what_was_written_and_closes_the_other_tabs(technician_page):
    page = technician_page("tina")
    page.goto("/customers/")
    other = page.context.new_page()
    other.goto("/tickets/")
    expect(other.locator("[data-connection=live]")).to_be_visible()
    mine = f"hd.draft.{page.locator('body').get_attribute('data-viewer')}.7"
    page.evaluate("key => { localStorage[key] = '\"Dear Ann\"'; localStorage['hd.sound.ring'] = 'false' }", mine)
    profile(page).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/$"))
    assert page.evaluate("key => [localStorage[key], localStorage['hd.sound.ring']]", mine) == [None, "false"]
    expect(other.get_by_text("You are signed out")).to_be_visible()
