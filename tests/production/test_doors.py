"""Who is nobody, who has left, and who proves who they are (N3, S15; HAZARDS 21, 25, 26)."""

import asyncio
import re
from contextlib import suppress
from functools import partial
from uuid import uuid4

import pytest

from chat.sockets import BEAT_EVERY_S
from tests.production.lines import Closed, Line
from tests.production.live import MUST_SIGN_IN, Live
from tests.production.load import acknowledged, heard
from tests.production.people import Person, contact, technician
from tests.production.stack import Stack
from tests.production.where import both
from tests.races import at_once
from tests.test_agent_doors import ADDRESSES

pytestmark = both

GONE_WITHIN_S = BEAT_EVERY_S + 2
AT_ONCE = 12
TRIES = 5

# Nobody.


@pytest.fixture
def credentials(stack):
    """What is brought in the place of a page's secret, by name; one of them was stolen with the database."""
    contact(stack, "PC-1")
    [(kept,)] = stack.query("SELECT secret_hash FROM devices_pagesession WHERE ended_at IS NULL LIMIT 1")
    made_up = {"empty": "", "null": "null", "a number": "1", "made up": "x" * 43, "long": "x" * 3000}
    return made_up | {"nothing": None, "what is kept of one": kept, "a link": stack.secrets["PC-1"]}


async def test_nobody_gets_in_anywhere(stack, credentials):
    for name, cookie in credentials.items():
        nobody = Person(stack, "/agent/")
        nobody.cookies |= {} if cookie is None else {"hd_agent": cookie}
        for address in ADDRESSES:
            for ask in (nobody.get, partial(nobody.post, about="Let me in")):
                answer = ask(address)
                assert answer.status in {401, 405}, (name, address, answer.status)
                assert not re.search(rb"Person 1|PC-1|acme\.example", answer.body), (name, address)
        assert await all_that_is_said(nobody) == (["bye"], MUST_SIGN_IN), name


async def all_that_is_said(person):
    """What kinds of frames a socket gets before it is closed, and with which code that is."""
    line = await Line.open(person, "/agent/ws/")
    kinds = []
    with suppress(TimeoutError):
        async with asyncio.timeout(GONE_WITHIN_S):
            try:
                while True:
                    kinds.append((await line.receive())["type"])
            except Closed as closed:
                return kinds, closed.code
    return kinds, None


# Who has left.


def by_the_button(stack, tina):
    assert tina.post("/sign-out/").status == 302


def without_a_bell(stack, tina):
    stack.query("DELETE FROM django_session WHERE session_key = %s", tina.cookies["sessionid"])


@pytest.mark.parametrize("leave", [by_the_button, without_a_bell])
async def test_who_signs_out_hears_nothing_more_on_any_page(stack, talking, leave):
    async with talking("PC-1") as [talk], Live(talk.technician.person) as other:
        await heard(talk)
        pages = [talk.technician, other]
        await asyncio.to_thread(leave, stack, talk.technician.person)
        for page in pages:
            await page.until(lambda page=page: page.frames[-1]["type"] == "bye", GONE_WITHIN_S)
            await asyncio.to_thread(stack.until, lambda page=page: MUST_SIGN_IN in page.closed_with)
        assert talk.technician.person.get("/chats/").status == 302
        # The one who is still there may say what they like.
        key = talk.ask("Are you still there?")
        await talk.contact.until(lambda: key in talk.contact.acknowledged)


def by_a_technician(stack, device):
    assert technician(stack, "omar").post(f"/devices/{device}/revoke/").status in {200, 302}


def unheard(stack, device):
    """By another program: in one process that is heard nowhere, and elsewhere Redis is away."""
    if isinstance(stack, Stack):
        stack.redis.kill()
    stack.arrange(REVOKE.format(device=device))


REVOKE = """
from django.utils import timezone
from devices.actions import revoke_launch_link
from devices.models import Device
revoke_launch_link(Device.objects.get(pk={device}), timezone.now())
"""


@pytest.mark.parametrize("revoke", [by_a_technician, unheard])
async def test_a_page_whose_link_is_revoked_hears_nothing_more(stack, talking, revoke):
    name = stack.new_device(is_assigned=True)
    [(number,)] = stack.query("SELECT id FROM devices_device WHERE name = %s", name)
    async with talking(name, "PC-1") as [talk, other]:
        await heard(talk)
        await asyncio.to_thread(revoke, stack, number)
        await talk.contact.until(lambda: talk.contact.frames[-1]["type"] == "bye", GONE_WITHIN_S)
        await asyncio.to_thread(stack.until, lambda: MUST_SIGN_IN in talk.contact.closed_with)
        assert talk.contact.person.get("/agent/sync/").status == 401
        assert talk.contact.person.post_json("/agent/open/", secret=stack.secrets[name]).status == 403
        await asyncio.to_thread(stack.heal)
        stack.wait("SELECT end_reason = 'revoked' FROM chat_chatsession WHERE id = %s", talk.chat)
        await acknowledged(other, GONE_WITHIN_S)


# Who proves who they are.


@pytest.fixture
def somebody(stack):
    """A person whom nobody knows, at a device that is nobody's; the address they can read at."""
    name = stack.new_device()
    return contact(stack, name), f"{name.lower()}@acme.example"


def send_token(person, address):
    return person.post("/agent/identity/", name="Nora Falk", email=address)


def digits_in(letter):
    return re.search(r"(?m)^(\d{6})\r?$", letter)[1]


def type_token(person, digits):
    return partial(person.post, "/agent/identity/token/", token=digits)


def test_twelve_wrong_tokens_at_once_are_five_tries(stack, somebody):
    person, address = somebody
    assert send_token(person, address).status in {200, 302}
    right = digits_in(stack.letter_to(address))
    wrong = [f"{(int(right) + number) % 10**6:06}" for number in range(1, AT_ONCE + 1)]
    answers = at_once(*(type_token(person, digits) for digits in wrong))
    assert {answer.status for answer in answers} == {422}
    assert stack.query("SELECT tries FROM devices_identitytoken WHERE email = %s", address) == [(TRIES,)]
    # The right one opens nothing any more.
    assert type_token(person, right)().status == 422
    assert stack.query("SELECT count(*) FROM accounts_contact WHERE email = %s", address) == [(0,)]


def test_a_token_that_is_sent_many_times_at_once_is_used_once(stack, somebody):
    person, address = somebody
    assert send_token(person, address).status in {200, 302}
    right = digits_in(stack.letter_to(address))
    answers = at_once(*[type_token(person, right)] * AT_ONCE)
    assert 302 in {answer.status for answer in answers}
    assert stack.query("SELECT count(*) FROM accounts_contact WHERE email = %s", address) == [(1,)]
    [(tries, is_used)] = stack.query(
        "SELECT tries, used_at IS NOT NULL FROM devices_identitytoken WHERE email = %s", address
    )
    assert (tries, bool(is_used)) == (1, True)


def test_a_token_opens_no_other_device(stack, somebody):
    person, address = somebody
    name = stack.new_device()
    other = contact(stack, name)
    assert send_token(person, address).status in {200, 302}
    assert type_token(other, digits_in(stack.letter_to(address)))().status == 422
    assert stack.query("SELECT contact_id FROM devices_device WHERE name = %s", name) == [(None,)]


def test_an_address_that_several_devices_ask_for_at_once_gets_one_token(stack):
    people = [contact(stack, stack.new_device()) for _ in range(4)]
    address = f"{uuid4().hex[:8]}@acme.example"
    answers = at_once(*(partial(send_token, person, address) for person in people))
    assert sorted(answer.status for answer in answers) in ([200, 422, 422, 422], [302, 422, 422, 422])
    assert stack.query("SELECT count(*) FROM devices_identitytoken WHERE email = %s", address) == [(1,)]
