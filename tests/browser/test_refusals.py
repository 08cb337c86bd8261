"""Who may not chat (the table of PRODUCT.md), on both sides: the reason in words, and the next step walked."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import (
    ask,
    bubbles,
    button,
    composer,
    connect,
    conversation,
    dialog,
    end,
    heading,
    open_device,
    open_ticket,
    say,
    set_availability,
    start_from_ticket,
)

ABOUT = "What can we help you with?"
TICKET = "Printer on the second floor prints blank pages"
OTHER_TICKET = "Access to the shared folder for payroll"
TICKET_OF_A_MAC = "VPN drops every half hour"
INTERNET_EXPLORER = "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko"
PLAN_OVER = """
from datetime import timedelta
from django.utils import timezone
Installation.objects.update(plan="professional", trial_started_at=timezone.now() - timedelta(days=31))
"""
ASKED_OFTEN = """
from django.utils import timezone
from chat import actions
from chat.rules import REQUESTS_IN_A_ROW
from chat.viewers import at_device
ann = at_device(Device.objects.get(name="ACME-PC-01"))
for _ in range(REQUESTS_IN_A_ROW):
    chat = actions.request_chat(Device.objects.get(name="ACME-PC-01"), by=ann, now=timezone.now())
    actions.cancel(chat.pk, ann, timezone.now())
"""


def refused(page, words):
    """The contact reads why there is no chat; the button is not there, and a ticket can be made."""
    expect(page.get_by_text(words)).to_be_visible()
    expect(button(page, "Start chat")).to_have_count(0)
    expect(button(page, "Create new ticket")).to_be_visible()


def leave_a_ticket(page, title):
    """The contact's next step."""
    button(page, "Create new ticket").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Description").fill("It could not be said in a chat")
    button(page, "Create new ticket").click()
    expect(heading(page, title)).to_be_visible()


def write_in_a_ticket(tina, title):
    """The technician's next step, from the dialog of a device."""
    dialog(tina).get_by_role("link", name="Write in a ticket instead").click()
    tina.get_by_label("Title").fill(title)
    button(tina, "Create ticket").click()
    expect(heading(tina, title)).to_be_visible()


def enable_chat(admin, is_on):
    admin.goto("/admin/")
    admin.get_by_role("link", name="Settings", exact=True).first.click()
    admin.get_by_label("Enable chat").set_checked(is_on)
    button(admin, "Save").click()
    expect(admin.get_by_text("The settings are saved.")).to_be_visible()


def test_contact_whose_plan_has_no_chat(contact_page, server):
    server.arrange(PLAN_OVER)
    ann = contact_page("ACME-PC-01")
    refused(ann, "Chat is not part of this plan. You can create a ticket.")
    leave_a_ticket(ann, "Without the plan")


@pytest.mark.parametrize(
    ("device", "words"),
    [
        ("INITECH-PC-01", "Chat is not switched on for Initech. You can create a ticket."),
        ("GLOBEX-MAC-01", "Chat is not available on Mac yet. You can create a ticket."),
    ],
)
def test_contact_where_chat_is_not_for_this_device(contact_page, device, words):
    page = contact_page(device)
    refused(page, words)
    leave_a_ticket(page, "Without a chat")


def test_chat_that_is_switched_off_under_the_contacts_eyes(technician_page, contact_page):
    ann, admin = contact_page("ACME-PC-01"), technician_page("admin")
    ann.get_by_label(ABOUT).fill("The scanner hums")
    enable_chat(admin, False)
    refused(ann, "Chat is switched off here. You can create a ticket.")
    expect(ann.get_by_text("The scanner hums")).to_be_visible()
    button(ann, "Create new ticket").click()
    expect(ann.get_by_label("Description")).to_have_value("The scanner hums")
    enable_chat(admin, True)
    ann.goto("/agent/")
    ask(ann)


def test_contact_when_nobody_is_available(technician_page, contact_page):
    tina, omar = technician_page("tina"), technician_page("omar", "/devices/")
    set_availability(tina, "Unavailable")
    set_availability(omar, "Unavailable")
    ann = contact_page("ACME-PC-01")
    refused(ann, "Nobody is available now. Create a ticket and we answer by e-mail.")
    leave_a_ticket(ann, "While all were out")
    set_availability(tina, "Available")
    ann.goto("/agent/")
    ask(ann)


def test_contact_whom_nobody_knows_yet_can_leave_a_ticket_without_a_token(technician_page, contact_page):
    page = contact_page("ACME-PC-02")
    button(page, "Start chat").click()
    expect(heading(page, "Who are you?")).to_be_visible()
    page.get_by_role("link", name="Create a ticket").click()
    page.get_by_label("Full name").fill("Nora Quist")
    page.get_by_label("E-mail address").fill("nora.quist@acme.example")
    page.get_by_label("Title").fill("No mail here")
    page.get_by_label("Description").fill("My mail does not open")
    button(page, "Create new ticket").click()
    expect(heading(page, re.compile(r"Ticket #\d+ was created"))).to_be_visible()
    open_ticket(technician_page("tina"), "No mail here")


def test_contact_who_asks_too_often(contact_page, server, expected_errors):
    expected_errors.append("409")
    ann = contact_page("ACME-PC-01")
    server.arrange(ASKED_OFTEN)
    words = "That was a lot of requests in a short time. Try again in 10 minutes, or create a ticket."
    button(ann, "Start chat").click()
    refused(ann, words)
    ann.reload()
    refused(ann, words)
    leave_a_ticket(ann, "Again and again")


def test_contact_who_cannot_ask_again_reads_why(technician_page, talking):
    tina, ann = talking
    end(tina)
    expect(heading(ann, "The chat has ended")).to_be_visible()
    for technician in (tina, technician_page("omar")):
        set_availability(technician, "Unavailable")
    ann.reload()
    refused(ann, "Nobody is available now. Create a ticket and we answer by e-mail.")


@pytest.mark.parametrize("address", ["/agent/demo/ACME-PC-01/", "/sign-in/"])
def test_internet_explorer_is_told_what_to_use(new_context, address):
    page = new_context(user_agent=INTERNET_EXPLORER).new_page()
    page.goto(address)
    expect(heading(page, "Another browser, please")).to_be_visible()
    expect(page.get_by_text("Please use Edge, Firefox or Chrome.")).to_be_visible()
    expect(page.locator("script, link")).to_have_count(0)


def test_technician_whose_plan_has_no_chat(technician_page, server, expected_errors):
    expected_errors.append("409")
    server.arrange(PLAN_OVER)
    tina = technician_page("tina")
    words = "Chat is not part of this plan: it begins with Growth. Tickets go on working."
    connect(tina, "ACME-PC-01")
    expect(dialog(tina)).to_contain_text(words)
    write_in_a_ticket(tina, "By ticket then")
    open_ticket(tina, TICKET)
    start_from_ticket(tina)
    expect(dialog(tina)).to_contain_text(words)
    expect(dialog(tina).get_by_role("link", name="ann.keller@acme.example")).to_be_visible()
    button(dialog(tina), "Close").click()
    expect(button(tina, "Actions")).to_be_focused()


def test_technician_and_a_mac(technician_page, expected_errors):
    expected_errors.append("409")
    tina = technician_page("tina")
    words = "Chat is not available on Mac yet. You can write in a ticket instead."
    open_device(tina, "GLOBEX-MAC-01")
    expect(tina.get_by_role("region", name="HelpDesk Agent")).to_contain_text("Chat is not available on Mac yet")
    connect(tina, "GLOBEX-MAC-01")
    expect(dialog(tina)).to_contain_text(words)
    write_in_a_ticket(tina, "For the Mac")
    open_ticket(tina, TICKET_OF_A_MAC)
    start_from_ticket(tina)
    expect(dialog(tina)).to_contain_text(words)
    expect(dialog(tina).get_by_role("link", name="marco.ruiz@globex.example")).to_be_visible()


def test_technician_while_another_one_is_chatting(technician_page, talking, expected_errors):
    expected_errors.append("409")
    omar, (_tina, ann) = technician_page("omar"), talking
    open_ticket(omar, TICKET)
    start_from_ticket(omar)
    expect(dialog(omar)).to_contain_text("Tina Okafor is chatting with Ann Keller already.")
    button(dialog(omar), "Close").click()
    connect(omar, "ACME-PC-01")
    expect(dialog(omar)).to_contain_text("Tina Okafor is chatting with Ann Keller already.")
    dialog(omar).get_by_role("link", name="Read the chat").click()
    expect(conversation(omar, "Ann Keller")).to_be_visible()
    expect(composer(omar)).to_have_count(0)
    say(ann, "Does anybody read along?")
    expect(bubbles(omar)).to_have_text(["Does anybody read along?"])


def test_technician_while_another_one_is_asking(technician_page, contact_page, expected_errors):
    expected_errors.append("409")
    tina, omar, ann = technician_page("tina"), technician_page("omar"), contact_page("ACME-PC-01")
    connect(tina, "ACME-PC-01")
    expect(heading(ann, "Tina Okafor wants to chat with you")).to_be_visible()
    connect(omar, "ACME-PC-01")
    expect(dialog(omar)).to_contain_text("Tina Okafor is asking Ann Keller for a chat right now.")
    write_in_a_ticket(omar, "In the meantime")


def test_technician_whose_chat_belongs_to_another_ticket(technician_page, contact_page, expected_errors):
    expected_errors.append("409")
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    open_ticket(tina, TICKET)
    start_from_ticket(tina)
    button(ann, "Accept").click()
    expect(composer(tina)).to_be_visible()
    open_ticket(tina, OTHER_TICKET)
    start_from_ticket(tina)
    expect(dialog(tina)).to_contain_text(re.compile(r"The open chat with Ann Keller belongs to ticket #\d+\."))
    dialog(tina).get_by_role("link", name="Open in Chats").click()
    expect(conversation(tina, "Ann Keller")).to_be_visible()
    expect(composer(tina)).to_be_visible()


def test_technician_with_a_ticket_of_somebody_without_a_device(technician_page, contact_page, expected_errors):
    expected_errors.append("409")
    tina = technician_page("tina")
    open_device(tina, "ACME-PC-01")
    button(tina, "Manage").click()
    button(tina, re.compile("^Assign")).click()
    dialog(tina).get_by_label("Contact").select_option("Nobody")
    button(dialog(tina), "Apply").click()
    expect(dialog(tina)).to_have_count(0)
    open_ticket(tina, TICKET)
    start_from_ticket(tina)
    expect(dialog(tina)).to_contain_text("There is no device on which this person can be asked.")
    dialog(tina).get_by_role("link", name="Select agent").click()
    button(tina, "Select agent").click()
    tina.get_by_role("radio", name="ACME-PC-02").check()
    button(tina, "Apply").click()
    expect(tina.get_by_role("main").get_by_role("link", name="ACME-PC-02")).to_be_visible()
    open_ticket(tina, TICKET)
    start_from_ticket(tina)
    expect(heading(dialog(tina), "Connecting…")).to_be_visible()
    expect(heading(contact_page("ACME-PC-02"), "Tina Okafor wants to chat with you")).to_be_visible()


def test_technician_with_a_ticket_of_nobody(technician_page, expected_errors):
    expected_errors.append("409")
    tina = technician_page("tina", "/tickets/new/")
    tina.get_by_label("Title").fill("Heard on the phone")
    tina.get_by_label("Customer").select_option("Globex")
    button(tina, "Create ticket").click()
    expect(heading(tina, "Heard on the phone")).to_be_visible()
    start_from_ticket(tina)
    expect(dialog(tina)).to_contain_text("Nobody can be asked: no device is known.")
    dialog(tina).get_by_role("link", name="Globex").click()
    expect(heading(tina, "Globex")).to_be_visible()


def test_technician_asks_where_the_contact_cannot(technician_page, contact_page):
    """Neither switch stands in a technician's way, nor who is available (S4)."""
    tina, admin = technician_page("tina"), technician_page("admin")
    enable_chat(admin, False)
    set_availability(tina, "Unavailable")
    ida = contact_page("INITECH-PC-01")
    refused(ida, "Chat is switched off here. You can create a ticket.")
    connect(tina, "INITECH-PC-01")
    button(ida, "Accept").click()
    say(tina, "It works from here", to=ida)
