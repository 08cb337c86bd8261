"""The admin in a browser: its scripts run under the strict policy, whose refusals fail a test, and it can be read."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import button, heading
from tests.browser.test_access import judge

LISTS = ("accounts/technician", "accounts/customer", "accounts/contact", "devices/device", "tickets/ticket")
PAGES = (
    "/admin/",
    *(f"/admin/{room}/" for room in (*LISTS, "chat/chatsession", "accounts/mail", "axes/accessattempt")),
    *(f"/admin/{room}/1/change/" for room in (*LISTS, "accounts/installation")),
    *(f"/admin/{room}/add/" for room in ("accounts/technician", "accounts/contact")),
    "/admin/accounts/technician/1/password/",
    "/admin/password_change/",
    "/admin/accounts/customer/1/history/",
)


@pytest.fixture
def admin(technician_page):
    return technician_page("admin", "/admin/")


def choose(page, name):
    page.get_by_role("navigation", name="Admin", exact=True).get_by_role("link", name=name, exact=True).click()
    expect(heading(page, name).first).to_be_visible()


def test_a_contact_is_added_with_a_customer_that_is_looked_up(admin):
    choose(admin, "Contacts")
    admin.get_by_role("link", name="Add contact").click()
    admin.get_by_role("combobox", name="Customer").and_(admin.locator("span")).click()
    admin.get_by_role("searchbox").fill("glo")
    admin.get_by_role("option", name="Globex").click()
    admin.get_by_label("Full name").fill("Nora Quist")
    button(admin, "Save").click()
    expect(admin.get_by_text("Nora Quist").first).to_be_visible()
    expect(admin.get_by_role("row", name="Nora Quist")).to_contain_text("Globex")


def test_the_agent_is_switched_for_many_at_once(admin, contact_page):
    choose(admin, "Customers")
    admin.get_by_label("Select all objects on this page").check()
    expect(admin.get_by_text("3 of 3 selected")).to_be_visible()
    admin.get_by_role("combobox", name="Action").select_option("Switch the HelpDesk Agent off")
    button(admin, "Go").click()
    expect(admin.get_by_text("The HelpDesk Agent was switched off for 2 customers.")).to_be_visible()
    expect(contact_page("ACME-PC-01").get_by_text("Chat is not switched on for Acme.")).to_be_visible()


def test_lists_are_searched_filtered_and_narrowed_by_date(admin):
    choose(admin, "Tickets")
    admin.get_by_role("searchbox", name="Search").fill("printer")
    button(admin, "Search").click()
    expect(admin.get_by_text("1 result")).to_be_visible()
    choose(admin, "Tickets")
    admin.get_by_role("link", name="Resolved", exact=True).click()
    expect(admin).to_have_url(re.compile("status__exact=resolved"))
    choose(admin, "Tickets")
    admin.locator(".toplinks a").last.click()
    expect(admin).to_have_url(re.compile("created_at__day="))


def test_a_technician_is_made_and_signs_in(admin, new_context):
    choose(admin, "Technicians")
    admin.get_by_role("link", name="Add technician").click()
    admin.get_by_label("Username").fill("omid")
    admin.get_by_label("First name").fill("Omid")
    for field in ("Password", "Password confirmation"):
        admin.get_by_role("textbox", name=field, exact=True).fill("a long way from home")
    button(admin, "Save").click()
    page = new_context().new_page()
    page.goto("/sign-in/?next=/tickets/")
    page.get_by_label("Username").fill("omid")
    page.get_by_label("Password").fill("a long way from home")
    button(page, "Sign in").click()
    expect(button(page, "Omid Unavailable")).to_be_visible()


def test_a_launch_link_is_made_and_shown_once(admin):
    choose(admin, "Devices")
    admin.get_by_role("link", name="ACME-PC-01").click()
    admin.get_by_role("link", name="New launch link").click()
    button(admin, "Make a new link").click()
    expect(admin.get_by_label("Launch link")).to_have_value(re.compile("/agent/#"))
    admin.goto("/admin/devices/device/1/change/")
    expect(admin.get_by_role("row", name="In use")).to_contain_text("Jun Park")


def test_every_page_can_be_read_by_everybody_in_light_and_in_dark(technician_page, expected_errors):
    # What a style sheet of Django's imports, axe asks for at the page's address.
    expected_errors.append("widgets.css")
    admin = technician_page("admin", "/admin/", bypass_csp=True, color_scheme="light")
    found = []
    for address in PAGES:
        admin.goto(address)
        found += judge(admin, address)
    assert found == []


def test_no_page_scrolls_sideways_on_a_phone(technician_page):
    admin = technician_page("admin", "/admin/", viewport={"width": 390, "height": 844})
    wide = []
    for address in PAGES:
        admin.goto(address)
        if admin.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(address)
    assert wide == []
