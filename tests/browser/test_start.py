"""The installation of a new user: it answers, people get in, and a restart loses nothing."""

import re

from playwright.sync_api import expect


def test_a_technician_gets_in(technician_page):
    tina = technician_page("tina")
    expect(tina.get_by_role("button", name=re.compile("Tina"))).to_be_visible()


def test_a_device_opens_its_page(contact_page):
    ann = contact_page("ACME-PC-01")
    expect(ann.get_by_role("button", name="Start chat")).to_be_visible()


def test_a_technician_is_still_signed_in_after_a_restart(technician_page, server):
    tina = technician_page("tina")
    server.stop()
    server.start()
    tina.goto("/tickets/")
    expect(tina.get_by_role("button", name=re.compile("Tina"))).to_be_visible()
