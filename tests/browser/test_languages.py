"""The main job in two languages at once: the contact reads Spanish, the technician English (S0, D12)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import accept, bubbles, button, conversation, end, heading, ring, say

SPANISH = {"locale": "es-ES"}


def talk_of(page, name):
    return page.get_by_role("log", name=f"Conversación con {name}")


def write(ann, words, *, to):
    ann.get_by_role("textbox", name="Mensaje", exact=True).fill(words)
    ann.keyboard.press("Enter")
    expect(to.locator("[data-kind=message] .hd-bubble").last).to_have_text(words)


@pytest.mark.environment(CHAT_TICKET_AFTER_S=2)
def test_the_main_job_in_spanish_on_one_side_and_in_english_on_the_other(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01", **SPANISH)
    ann.get_by_label("¿En qué podemos ayudarle?").fill("La impresora no imprime")
    button(ann, "Iniciar chat").click()
    expect(heading(ann, "Avisando a nuestros técnicos")).to_be_visible()
    expect(ring(tina)).to_contain_text("La impresora no imprime")
    accept(tina)
    expect(talk_of(ann, "Tina Okafor")).to_contain_text("Tina Okafor se unió al chat")
    expect(conversation(tina, "Ann Keller")).to_contain_text("Ann asked to chat, Tina Okafor accepted")
    say(tina, "Hello, Ann", to=ann)
    write(ann, "Hola, Tina", to=tina)
    expect(bubbles(tina)).to_have_text(["La impresora no imprime", "Hello, Ann", "Hola, Tina"])
    expect(conversation(tina, "Ann Keller")).to_contain_text(re.compile(r"Ticket #\d+ was opened"))
    expect(talk_of(ann, "Tina Okafor")).to_contain_text(re.compile(r"Se abrió el ticket #\d+"))
    end(tina)
    expect(heading(ann, "El chat ha finalizado")).to_be_visible()
    expect(ann.get_by_text(re.compile("Tina Okafor lo finalizó a las"))).to_be_visible()
    expect(conversation(tina, "Ann Keller")).to_contain_text("Tina Okafor ended the chat at")


@pytest.mark.environment(CHAT_TICKET_AFTER_S=1)
def test_a_ticket_without_a_name_has_one_in_each_readers_language(technician_page, contact_page):
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01", **SPANISH)
    omar = technician_page("omar", "/tickets/", **SPANISH)
    button(ann, "Iniciar chat").click()
    accept(tina)
    say(tina, "Hello, Ann", to=ann)
    expect(talk_of(ann, "Tina Okafor")).to_contain_text("Se abrió el ticket")
    omar.reload()
    tina.goto("/tickets/")
    expect(tina.get_by_role("link", name="New ticket opened from chat")).to_be_visible()
    expect(omar.get_by_role("link", name="Nuevo ticket abierto desde el chat")).to_be_visible()
    ann.goto("/agent/tickets/")
    expect(ann.get_by_text("Nuevo ticket abierto desde el chat")).to_be_visible()


def test_a_technician_chooses_a_language_in_the_profile_menu(technician_page):
    tina = technician_page("tina", "/tickets/")
    tina.locator("#profile").click()
    button(tina, "Español").click()
    expect(tina.get_by_role("link", name="Dispositivos")).to_be_visible()
    tina.locator("#profile").click()
    expect(button(tina, "Español")).to_have_attribute("aria-pressed", "true")
    button(tina, "Como el navegador").click()
    expect(tina.get_by_role("link", name="Devices")).to_be_visible()


def test_a_contact_chooses_a_language_and_keeps_what_was_typed(contact_page):
    ann = contact_page("ACME-PC-01")
    ann.get_by_label("What can we help you with?").fill("The printer")
    button(ann, "Español").click()
    expect(ann.get_by_label("¿En qué podemos ayudarle?")).to_have_value("The printer")
    expect(button(ann, "English")).to_have_attribute("lang", "en")
    expect(ann.locator("html")).to_have_attribute("lang", "es")


def test_days_and_times_are_written_in_the_language_of_the_page(technician_page, contact_page):
    """Not in the browser's, where the person chose another."""
    tina, ann = technician_page("tina"), contact_page("ACME-PC-01")
    button(ann, "Español").click()
    button(ann, "Iniciar chat").click()
    accept(tina)
    expect(talk_of(ann, "Tina Okafor")).to_contain_text("Hoy, ")
    expect(conversation(tina, "Ann Keller")).to_contain_text("Today, ")
