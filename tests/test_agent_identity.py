"""*Who are you?* (S15, D4, D8, HAZARDS case 26): the token that is mailed, and what it opens."""

import re

import pytest

from accounts.models import Contact, Mail
from chat import actions
from chat.agent_access import PAGE_COOKIE
from chat.viewers import at_device
from devices.identity import TOKENS_AN_HOUR
from devices.models import IdentityToken
from tests.agent import Page, text
from tests.cast import contact, device, offered, talking

WRONG = "This token is not right."
TOO_MANY = "Too many tries."


@pytest.fixture
def somebody(desk, clock):
    """A browser at a device that nobody is assigned to."""
    return Page(desk.free_pc)


def send(page, email="bea@acme.example", name="Bea Long", **carried):
    return page.press("identity/", name=name, email=email, **carried)


def mailed():
    """The token of the last mail: six digits on a line of their own."""
    return re.search(r"^(\d{6})$", Mail.objects.latest("pk").body, re.MULTILINE).group(1)


def other_than(token):
    return f"{(int(token) + 1) % 1_000_000:06d}"


def save(page, token, **carried):
    return page.press("identity/token/", token=token, **carried)


def test_two_steps_make_a_contact_of_somebody(somebody, desk):
    assert "Who are you?" in text(somebody.get("identity/"))
    assert "Token sent, valid for 10 minutes" in text(send(somebody))
    assert save(somebody, mailed())["HX-Redirect"] == "/agent/"
    desk.free_pc.refresh_from_db()
    assert (desk.free_pc.contact.name, desk.free_pc.contact.email) == ("Bea Long", "bea@acme.example")
    assert "Hello, Bea" in text(somebody.get(""))


def test_start_chat_goes_through_the_identity_and_starts_by_itself(somebody, desk):
    first = somebody.press("start/", about="My mouse is gone")
    assert first["HX-Replace-Url"] == "/agent/identity/?then=chat"
    assert 'value="My mouse is gone"' in text(first)
    second = send(somebody, then="chat", about="My mouse is gone")
    assert 'value="My mouse is gone"' in text(second)
    answer = save(somebody, mailed(), then="chat", about="My mouse is gone")
    chat = desk.free_pc.chats.get()
    assert answer["HX-Redirect"] == f"/agent/chats/{chat.pk}/"
    assert (chat.about, chat.contact.name) == ("My mouse is gone", "Bea Long")


def test_when_everybody_left_meanwhile_the_reason_is_at_home(somebody, desk):
    send(somebody, then="chat")
    for technician in (desk.tina, desk.omar):
        technician.is_available = False
        technician.save(update_fields=["is_available"])
    assert save(somebody, mailed(), then="chat", about="Mouse")["HX-Redirect"] == "/agent/"
    assert "Nobody is available now." in text(somebody.get(""))


def test_an_open_chat_gets_its_contact(somebody, desk, now):
    chat = offered(desk, now, at=desk.free_pc)
    actions.accept(chat.pk, at_device(desk.free_pc), now)
    send(somebody)
    save(somebody, mailed())
    chat.refresh_from_db()
    assert chat.contact.name == "Bea Long"
    assert chat.is_open


def test_a_known_address_is_that_contact_whatever_name_is_typed(somebody, desk):
    send(somebody, email="ANN@acme.example", name="Annabel Other")
    save(somebody, mailed())
    desk.free_pc.refresh_from_db()
    assert desk.free_pc.contact == desk.ann
    assert desk.free_pc.contact.name == "Ann Keller"


def test_an_address_of_another_customer_is_somebody_new_here(somebody, desk):
    send(somebody, email="eve@globex.example", name="Eve Stone")
    save(somebody, mailed())
    desk.free_pc.refresh_from_db()
    assert desk.free_pc.contact != desk.eve
    assert desk.free_pc.contact.customer == desk.acme


@pytest.mark.parametrize(
    "alike", ["boss@w\u0131dgets.example", "boss@wi\u0307dgets.example", "bo\u017fs@widgets.example"]
)
def test_letters_that_a_database_takes_for_others_make_nobody_else(somebody, desk, alike):
    boss = Contact.objects.create(customer=desk.acme, name="Boss", email="boss@widgets.example")
    if send(somebody, email=alike).status_code == 200:
        save(somebody, mailed())
    desk.free_pc.refresh_from_db()
    assert desk.free_pc.contact != boss


@pytest.mark.parametrize(
    "alike", ["ann@acme.examp\u0142e", "a\u0274n@acme.example", "ann@\u0430cme.example", "ann@acme.exampl\u0117"]
)
def test_an_address_that_only_looks_like_a_known_one_is_somebody_else(somebody, desk, alike):
    answer = send(somebody, email=alike)
    if answer.status_code == 200:
        save(somebody, mailed())
    desk.free_pc.refresh_from_db()
    assert desk.free_pc.contact != desk.ann


def test_an_address_is_one_however_it_is_written(somebody, desk):
    ida = Contact.objects.create(customer=desk.acme, name="Ida Doe", email="ida@xn--wdgets-p9a.example")
    send(somebody, email="IDA@W\u0131dgets.Example")
    assert Mail.objects.latest("pk").recipient == ida.email
    save(somebody, mailed())
    desk.free_pc.refresh_from_db()
    assert desk.free_pc.contact == ida


def test_the_mail_says_nothing_that_was_typed(somebody):
    send(somebody, name="Win at https://evil.example")
    assert "evil" not in Mail.objects.latest("pk").body


def test_an_address_without_a_domain_is_none(somebody):
    assert "This is not a whole e-mail address." in text(send(somebody, email="bea@[127.0.0.1]"))


def test_known_and_unknown_addresses_get_the_same_answer(desk, clock):
    answers = []
    for number, email in enumerate(["ann@acme.example", "nil@acme.example"]):
        page = Page(device(desk.acme, f"PC-{number}"))
        answers.append(re.sub(r"PC-\d|csrf.*?>|\w+@", "", text(send(page, email=email, name="Same"))))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("name", "email", "words"),
    [
        ("", "bea@acme.example", "Please write your full name."),
        (" \u202e ", "bea@acme.example", "Please write your full name."),
        ("Bea", "", "Please write your e-mail address."),
        ("Bea", "bea at acme", "This is not a whole e-mail address."),
        ("Bea", "bea@acme.example\nBcc: eve@globex.example", "This is not a whole e-mail address."),
    ],
)
def test_what_is_missing_is_said_at_its_field(name, email, words, somebody):
    answer = send(somebody, email=email, name=name)
    assert answer.status_code == 422
    assert words in text(answer)
    assert 'aria-invalid="true"' in text(answer)
    assert not Mail.objects.exists()


# The token.


@pytest.mark.parametrize("typed", ["{0} ", " {0}", "{1}-{2}", "{1} {2}"])
def test_a_token_is_taken_however_it_was_copied(typed, somebody):
    send(somebody)
    token = mailed()
    assert save(somebody, typed.format(token, token[:3], token[3:])).status_code == 200


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "１２３４５６", "123456\x00789"])
def test_what_cannot_be_a_token_costs_no_try(typed, somebody):
    send(somebody)
    assert save(somebody, typed).status_code == 422
    assert IdentityToken.objects.get().tries == 0


def test_a_wrong_token_says_how_many_tries_are_left(somebody):
    send(somebody)
    answer = save(somebody, other_than(mailed()))
    assert answer.status_code == 422
    assert f"{WRONG} 4 tries left." in text(answer)


def test_five_tries_and_the_right_one_opens_nothing_any_more(somebody, desk):
    send(somebody)
    token = mailed()
    answers = [text(save(somebody, other_than(token))) for _ in range(5)]
    assert "1 try left." in answers[3]
    assert f"{TOO_MANY} Wait 10 minutes, or create a ticket." in answers[4]
    assert TOO_MANY in text(save(somebody, token))
    assert TOO_MANY in text(send(somebody, email="other@acme.example"))
    desk.free_pc.refresh_from_db()
    assert desk.free_pc.contact is None


def test_a_token_is_good_for_ten_minutes(somebody, clock, desk):
    send(somebody)
    token = mailed()
    clock.shift(600)
    assert "This token is too old. Ask for a new one." in text(save(somebody, token))
    desk.free_pc.refresh_from_db()
    assert desk.free_pc.contact is None


def test_a_token_works_once(somebody, desk, clock):
    send(somebody)
    token = mailed()
    save(somebody, token)
    desk.free_pc.contact = None
    desk.free_pc.save(update_fields=["contact"])
    assert save(somebody, token).status_code == 422


def test_the_second_click_on_save_goes_on_like_the_first(somebody):
    send(somebody)
    token = mailed()
    assert save(somebody, token)["HX-Redirect"] == save(somebody, token)["HX-Redirect"] == "/agent/"


def test_a_token_works_on_its_own_page_only(somebody, desk):
    send(somebody)
    for elsewhere in (Page(device(desk.acme, "ACME-PC-03")), Page(desk.free_pc)):
        assert save(elsewhere, mailed()).status_code in {401, 422}
    assert not Contact.objects.filter(name="Bea Long").exists()


def test_change_voids_the_token_and_keeps_what_was_typed(somebody):
    send(somebody)
    answer = somebody.press("identity/change/")
    assert 'value="bea@acme.example"' in text(answer)
    assert save(somebody, mailed()).status_code == 422


def test_the_next_token_can_be_sent_after_a_minute(somebody, clock):
    send(somebody)
    first = mailed()
    assert "A token was sent a moment ago." in text(send(somebody, email="other@acme.example"))
    clock.shift(60)
    send(somebody)
    assert Mail.objects.count() == 2
    assert WRONG in text(save(somebody, first)) or first == mailed()


def test_a_double_click_on_send_token_sends_one(somebody):
    send(somebody)
    again = send(somebody)
    assert "Token sent, valid for 10 minutes" in text(again)
    assert Mail.objects.count() == 1


def test_a_device_may_send_only_so_many(somebody, clock):
    for number in range(TOKENS_AN_HOUR):
        send(somebody, email=f"bea{number}@acme.example")
        clock.shift(61)
    assert TOO_MANY in text(send(somebody, email="last@acme.example"))
    assert Mail.objects.count() == TOKENS_AN_HOUR


def test_an_address_gets_only_so_many_from_all_devices(desk, clock):
    for number in range(TOKENS_AN_HOUR):
        send(Page(device(desk.acme, f"PC-{number}")))
        clock.shift(61)
    assert TOO_MANY in text(send(Page(desk.free_pc)))
    assert Mail.objects.count() == TOKENS_AN_HOUR


# Not you?


def test_another_person_ends_what_was_open_and_goes_on_as_that_person(desk, now, clock):
    page, elsewhere = Page(desk.pc), Page(desk.pc)
    page.client.cookies[PAGE_COOKIE] = elsewhere.on.cookie
    chat = talking(desk, now)
    send(page)
    answer = save(page, mailed())
    chat.refresh_from_db()
    assert not chat.is_open
    assert answer.cookies[PAGE_COOKIE]["path"] == "/agent/"
    assert "Hello, Bea" in text(page.get(""))
    before = Page()
    before.client.cookies[PAGE_COOKIE] = elsewhere.on.cookie
    assert before.get("").status_code == 401


def test_the_same_person_again_changes_nothing(desk, now, clock):
    page = Page(desk.pc)
    chat = talking(desk, now)
    send(page, email="ann@acme.example", name="Ann Keller")
    answer = save(page, mailed())
    chat.refresh_from_db()
    assert chat.is_open
    assert PAGE_COOKIE not in answer.cookies


def test_a_contact_assigned_beforehand_is_not_asked(desk, now, clock):
    page = Page(desk.free_pc)
    bob = contact(desk.acme, "Bob Doe")
    desk.free_pc.contact = bob
    desk.free_pc.save(update_fields=["contact"])
    assert "Asking our technicians" in text(page.press("start/", about="Mouse"))
    assert desk.free_pc.chats.get().contact == bob
