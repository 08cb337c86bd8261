"""Many people at once: a customer with so many devices, a contact at each, and the technicians who talk with them.

    crowd = Crowd(stack, chats=200, desks=20)
    crowd.talks        [(number of the chat, the contact, the technician who holds it), …]
    crowd.desks        the technicians, each with chats / desks chats

They are arranged past the pages, in one go; what they do from then on goes through them. Nobody has loaded a page yet:
what its forms bring is known all the same.
"""

import json
from secrets import token_hex

from tests.production.people import Person

ARRANGE = """
import json
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from accounts.keys import hashed
from accounts.models import Contact, Customer, Installation, Technician
from chat import actions
from chat.viewers import at_desk, at_device
from devices.actions import new_launch_link, start_page
from devices.models import Device, LaunchLink

def arrange():
    Installation.objects.current()
    Installation.objects.update(is_chat_enabled=True)
    customer = Customer.objects.create(name="{name}", has_agent=True)
    desks, talks = [], []
    for number in range({desks}):
        desk = Technician(username=f"{name}{{number}}", first_name="Tech", last_name=str(number), is_available=True)
        desk.set_unusable_password()
        desk.save()
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(desk.pk), desk.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session.create()
        desks.append((desk, session.session_key))
    for number in range({chats}):
        # Anew for each: together they take longer than a request waits for its answer.
        now = timezone.now()
        address = f"p{{number}}@{name}.example"
        contact = Contact.objects.create(customer=customer, name=f"Person {{number}}", email=address)
        device = Device.objects.create(customer=customer, name=f"{name}-PC-{{number}}", contact=contact)
        new_launch_link(device, by=None, now=now)
        _page, cookie = start_page(device, link=LaunchLink.objects.live().get(device=device), now=now)
        chat = actions.request_chat(device, by=at_device(device), now=now, about="Something is wrong")
        actions.accept(chat.pk, at_desk(desks[number % {desks}][0]), now)
        talks.append((chat.pk, cookie))
    print(json.dumps([hashed(cookie, use="form") for _chat, cookie in talks]))
    print(json.dumps([[(desk.pk, key) for desk, key in desks], talks]))

# In one loop, whatever is announced goes over one connection to Redis; each would else open its own.
async_to_sync(sync_to_async(arrange))()
"""


class Crowd:
    def __init__(self, stack, *, chats, desks, name="crowd"):
        printed = stack.arrange(ARRANGE.format(chats=chats, desks=desks, name=name))
        tokens, (desks_known, talks) = map(json.loads, printed.splitlines()[-2:])
        # Django's own token is right when a cookie says the same.
        self.desks = [_desk(stack, *known) for known in desks_known]
        self.talks = [
            (chat, _known(stack, f"/agent/chats/{chat}/", token, hd_agent=cookie), self.desks[number % desks])
            for number, ((chat, cookie), token) in enumerate(zip(talks, tokens, strict=True))
        ]


def _desk(stack, number, key):
    token = token_hex(16)
    person = _known(stack, "/chats/", token, sessionid=key, csrftoken=token)
    person.technician = number
    return person


def _known(stack, home, token, **cookies):
    person = Person(stack, home)
    person.cookies |= cookies
    person.token = token
    return person
