"""Lists find while one types, and their address keeps it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import ask, button, dialog

LIST = re.compile("/chats/list/")
SEARCH = re.compile("[?&]q=many")


def rows(page):
    return page.locator("tbody tr")


@pytest.mark.parametrize(
    ("address", "words", "found"), [("/devices/", "mac", "GLOBEX-MAC-01"), ("/customers/", "ini", "Initech")]
)
def test_a_list_finds_while_one_types(technician_page, address, words, found):
    tina = technician_page("tina", address)
    search = tina.get_by_role("searchbox")
    search.press_sequentially(words)
    expect(rows(tina)).to_have_count(1)
    expect(rows(tina)).to_contain_text(found)
    expect(search).to_be_focused()
    expect(tina).to_have_url(re.compile(f"q={words}"))
    expect(tina.locator("#count")).to_contain_text("1")
    tina.reload()
    expect(rows(tina)).to_have_count(1)
    search.fill("")
    expect(rows(tina)).not_to_have_count(1)


def test_devices_are_narrowed_by_customer_and_to_those_without_a_contact(technician_page):
    tina = technician_page("tina", "/devices/")
    tina.get_by_label("Customer", exact=True).select_option(label="Acme")
    expect(rows(tina)).to_have_count(2)
    tina.get_by_role("checkbox", name="Without a contact").check()
    expect(rows(tina)).to_have_count(1)
    expect(rows(tina)).to_contain_text("Nobody assigned")
    tina.get_by_role("link", name="Device", exact=True).click()
    expect(tina).to_have_url(re.compile("contact=none.*sort=name|sort=name.*contact=none"))
    expect(rows(tina)).to_have_count(1)


def test_tickets_are_found_in_the_view_that_is_looked_at(technician_page):
    tina = technician_page("tina", "/tickets/?view=all")
    tina.get_by_role("searchbox").fill("vpn")
    expect(rows(tina)).to_have_count(1)
    tina.get_by_role("link", name=re.compile("^All open")).click()
    expect(tina).to_have_url(re.compile("q=vpn"))
    expect(tina.get_by_role("searchbox")).to_have_value("vpn")


@pytest.fixture
def select_agent_of_many(technician_page, server):
    """Tina's page with the dialog in which she chooses Ann's device, one of more than it shows."""
    server.arrange(
        "from devices.models import Device; acme = Device.objects.get(name='ACME-PC-01').customer\n"
        "Device.objects.bulk_create(Device(customer=acme, name=f'MANY-{n:03}') for n in range(80))"
    )
    tina = technician_page("tina", "/customers/")
    tina.get_by_role("link", name="Acme").click()
    tina.get_by_role("link", name="Ann Keller").first.click()
    button(tina, "Select agent").click()
    return tina


def test_an_agent_is_found_among_many_without_leaving_the_dialog(select_agent_of_many):
    tina = select_agent_of_many
    expect(dialog(tina)).to_contain_text("There are more. Search to find the others.")
    expect(tina.get_by_role("radio", name="ACME-PC-01")).to_be_checked()
    search = dialog(tina).get_by_role("searchbox", name="Search devices")
    search.press_sequentially("many-07")
    expect(dialog(tina).get_by_role("radio")).to_have_count(11)
    expect(search).to_be_focused()
    # Enter goes on searching; it applies nothing.
    search.press("Enter")
    tina.get_by_role("radio", name="MANY-077").check()
    button(dialog(tina), "Apply").click()
    expect(tina.get_by_role("main").get_by_role("link", name="MANY-077")).to_be_visible()


def test_what_a_slow_search_finds_does_not_undo_a_choice(select_agent_of_many):
    tina = select_agent_of_many
    # Nobody answers.
    tina.route(SEARCH, lambda _route: None)
    with tina.expect_request(SEARCH) as searched:
        dialog(tina).get_by_role("searchbox").fill("many")
    # It is not waited for any more: nothing can put the list anew.
    with tina.expect_event("requestfailed", lambda failed: failed == searched.value):
        tina.get_by_role("radio", name="MANY-007").check()
    button(dialog(tina), "Apply").click()
    expect(tina.get_by_role("main").get_by_role("link", name="MANY-007")).to_be_visible()


def test_a_list_that_was_refused_for_too_much_at_once_is_fetched_again(technician_page, contact_page, expected_errors):
    expected_errors.append("503")
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    refused = []
    tina.route(LIST, lambda route: (refused.append(route), route.fulfill(status=503)))
    with tina.expect_response(LIST):
        ask(ann)
    tina.unroute(LIST)
    # Sooner than the next beat would make it look again.
    expect(tina.get_by_role("region", name="Waiting for someone 1")).to_be_visible(timeout=8_000)
    assert refused
