"""Many people at once: a customer with so many devices, a contact at each, and the technicians who talk with them.

    crowd = Crowd(stack, chats=200, desks=20)
    crowd.talks        [(number of the chat, the contact, the technician who holds it), …]
    crowd.desks        the technicians, each with chats / desks chats

They are arranged past the pages, in one go; what they do from then on goes through them.
"""

import json
from concurrent.futures import ThreadPoolExecutor

from tests.production.people import Person

ARRANGE = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from accounts.models import Contact, Customer, Installation, Technician
from chat import actions
from chat.viewers import at_desk, at_device
from devices.actions import new_launch_link, start_page
from devices.models import Device, LaunchLink

now = timezone.now()
Installation.objects.current()
Installation.objects.update(is_chat_enabled=True)
customer = Customer.objects.create(name="{name}", has_agent=True)
desks, talks = [], []
for number in range({desks}):
    desk = Technician(username=f"{name}{{number}}", first_name="Technician", last_name=str(number), is_available=True)
    desk.set_unusable_password()
    desk.save()
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(desk.pk), desk.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.create()
    desks.append((desk, session.session_key))
for number in range({chats}):
    contact = Contact.objects.create(customer=customer, name=f"Person {{number}}", email=f"p{{number}}@{name}.example")
    device = Device.objects.create(customer=customer, name=f"{name}-PC-{{number}}", contact=contact)
    new_launch_link(device, by=None, now=now)
    _page, cookie = start_page(device, link=LaunchLink.objects.live().get(device=device), now=now)
    chat = actions.request_chat(device, by=at_device(device), now=now, about="Something is wrong")
    actions.accept(chat.pk, at_desk(desks[number % {desks}][0]), now)
    talks.append((chat.pk, cookie))
print(json.dumps([[key for _desk, key in desks], talks]))
"""
AT_ONCE = 8


class Crowd:
    def __init__(self, stack, *, chats, desks, name="crowd"):
        printed = stack.arrange(ARRANGE.format(chats=chats, desks=desks, name=name))
        keys, talks = json.loads(printed.splitlines()[-1])
        self.desks = [_known(stack, "/chats/", "sessionid", key) for key in keys]
        contacts = [_known(stack, f"/agent/chats/{chat}/", "hd_agent", cookie) for chat, cookie in talks]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(Person.open_home, [*self.desks, *contacts]))
        self.talks = [
            (chat, contact, self.desks[number % desks])
            for number, ((chat, _cookie), contact) in enumerate(zip(talks, contacts, strict=True))
        ]


def _known(stack, home, cookie, value):
    person = Person(stack, home)
    person.cookies[cookie] = value
    return person
