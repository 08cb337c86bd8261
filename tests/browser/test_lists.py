"""Lists find while one types, and their address keeps it."""

import re

import pytest
from playwright.sync_api import expect


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
