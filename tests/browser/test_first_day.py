"""An empty installation, from the code in the terminal to the end of the first chat."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import bubbles, button, composer, connect, dialog, end, heading, say

CONTACT = {"viewport": {"width": 400, "height": 640}}
PHONE = {"width": 390, "height": 844}
# Refused fields are answered with 422, and a launch link begins on a page for nobody: a browser reports both.
REFUSED = "status of (401|422)"


@pytest.fixture
def server(empty_server):
    """These tests begin where nobody has begun."""
    return empty_server


@pytest.fixture
def jun(server, new_context):
    """The first admin, let in by the code that the server printed."""
    page = new_context().new_page()
    page.goto("/")
    page.get_by_role("link", name=re.compile("first admin")).click()
    page.get_by_label("One-time code").fill(re.search(r"one-time code: (\d+)", server.log)[1])
    page.get_by_label("Full name").fill("Jun Park")
    page.get_by_label("Username").fill("jun")
    page.get_by_label("Password").fill("a long way from home")
    page.get_by_role("button", name=re.compile("admin")).click()
    arrived(page, "Welcome, Jun. Four steps to your first chat")
    return page


def arrived(page, words):
    """On the page with this heading, its scripts included."""
    expect(heading(page, words)).to_be_visible()
    page.wait_for_load_state()


def step(page, name):
    return page.locator(f"#step-{name}")


def is_done(page, name):
    expect(step(page, name)).to_have_attribute("data-step", "done")


def become_available(page):
    page.get_by_role("switch", name="Available").click()
    is_done(page, "available")
    expect(page.locator("#profile")).to_contain_text("Available")


def add_customer(page, name):
    button(step(page, "customer"), "Add customer").click()
    dialog(page).get_by_label("Name").fill(name)
    button(dialog(page), "Add customer").click()
    arrived(page, name)


def add_device(page, name):
    """Returns its launch link, which is shown this once."""
    page.goto("/chats/")
    button(page, "Add device").click()
    dialog(page).get_by_label("Name").fill(name)
    button(dialog(page), "Add device").click()
    address = page.get_by_label("Launch link").input_value()
    button(dialog(page), "Done").click()
    is_done(page, "device")
    return address


def let_contacts_start(page):
    page.get_by_role("link", name="Open settings").click()
    page.get_by_label("Enable chat").check()
    page.get_by_role("button", name="Save").first.click()
    page.goto("/chats/")
    is_done(page, "contacts")


def add_contact(page, name, email):
    button(page, "Add contact").click()
    page.get_by_label("Full name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    button(dialog(page), "Add contact").click()


def test_an_empty_installation_leads_to_the_first_chat(jun, new_context, expected_errors):
    expected_errors.append(REFUSED)
    become_available(jun)
    add_customer(jun, "Lindgren & Moss")
    address = add_device(jun, "LM-ACC-014")
    let_contacts_start(jun)
    expect(heading(jun, "Everything is ready for your first chat")).to_be_visible()
    ann = new_context(**CONTACT).new_page()
    ann.goto(address)
    expect(step(jun, "device")).to_contain_text("Its page is open.")
    connect(jun, "LM-ACC-014")
    button(ann, "Accept").click()
    expect(composer(jun)).to_be_visible()
    say(jun, "Hello there", to=ann)
    say(ann, "Hello Jun", to=jun)
    expect(bubbles(ann)).to_have_text(["Hello there", "Hello Jun"])
    # Read there: what is unread stays in the list as something to open.
    expect(ann.get_by_role("log")).to_contain_text("Read")
    jun.goto("/chats/")
    expect(heading(jun, "Everything is ready")).to_be_visible()
    end(ann)
    expect(heading(jun, "No chat is open")).to_be_visible()
    jun.reload()
    expect(heading(jun, "Welcome")).to_have_count(0)


def test_a_contact_is_added_and_sits_down_without_a_token(jun, new_context, expected_errors):
    expected_errors.append(REFUSED)
    become_available(jun)
    add_customer(jun, "Lindgren & Moss")
    add_contact(jun, "Ann Keller", "ann")
    expect(jun.get_by_text("This is no e-mail address.")).to_be_visible()
    expect(jun.get_by_label("E-mail address")).to_be_focused()
    jun.get_by_label("E-mail address").fill("ann@lm.example")
    button(dialog(jun), "Add contact").click()
    expect(heading(jun, "Ann Keller")).to_be_visible()
    contact = jun.url
    address = add_device(jun, "LM-ACC-014")
    let_contacts_start(jun)
    jun.goto(contact)
    button(jun, "Select agent").click()
    dialog(jun).get_by_role("radio", name=re.compile("LM-ACC-014")).check()
    button(jun, "Apply").click()
    expect(jun.get_by_role("link", name="LM-ACC-014")).to_be_visible()
    ann = new_context(**CONTACT).new_page()
    ann.goto(address)
    button(ann, "Start chat").click()
    expect(heading(ann, "Asking our technicians")).to_be_visible()
    expect(jun.get_by_role("article", name="New chat request from Ann Keller")).to_be_visible()


def test_a_name_that_is_taken_leads_to_the_device(jun, expected_errors):
    expected_errors.append(REFUSED)
    add_customer(jun, "Lindgren & Moss")
    add_device(jun, "LM-ACC-014")
    jun.goto("/devices/")
    button(jun, "Add device").click()
    dialog(jun).get_by_label("Customer").select_option(label="Lindgren & Moss")
    dialog(jun).get_by_label("Name").fill("lm-acc-014")
    button(dialog(jun), "Add device").click()
    expect(dialog(jun).get_by_label("Name")).to_be_focused()
    dialog(jun).get_by_role("link", name="Open LM-ACC-014").click()
    expect(heading(jun, "LM-ACC-014")).to_be_visible()


def test_what_another_admin_does_is_ticked_here_too(jun):
    other = jun.context.new_page()
    other.goto("/chats/")
    become_available(other)
    is_done(jun, "available")
    add_customer(other, "Lindgren & Moss")
    is_done(jun, "customer")
    expect(heading(jun, "Welcome, Jun. Two steps to your first chat")).to_be_visible()


def test_a_phone_shows_every_step_without_scrolling_sideways(jun):
    jun.set_viewport_size(PHONE)
    expect(button(step(jun, "customer"), "Add customer")).to_be_visible()
    assert jun.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("available", "customer", "device", "contacts"):
        step(jun, name).scroll_into_view_if_needed()
        expect(step(jun, name)).to_be_in_viewport()
