"""The cast of the tests: small functions that build people, devices and chats from the actions.

Ann asks for help at Acme; Tina and Omar are technicians, both available; Eve sits at another customer's device.
"""

from types import SimpleNamespace
from uuid import uuid4

from accounts.models import Contact, Customer, Installation, Technician
from chat import actions
from chat.viewers import at_desk, at_device
from devices.actions import new_launch_link, start_page
from devices.models import Device, LaunchLink, Platform
from tickets.actions import NewTicket, open_ticket

PASSWORD = "correct horse battery"


def technician(username, *, name=None, is_available=True, **more):
    first, _, last = (name or username.title()).partition(" ")
    return Technician.objects.create_user(
        username,
        f"{username}@desk.example",
        PASSWORD,
        first_name=first,
        last_name=last,
        is_available=is_available,
        **more,
    )


def customer(name, *, has_agent=True):
    return Customer.objects.create(name=name, has_agent=has_agent)


def contact(of, name):
    return Contact.objects.create(customer=of, name=name, email=f"{name.split()[0].lower()}@{of.name.lower()}.example")


def device(of, name, *, contact=None, platform=Platform.WINDOWS):
    return Device.objects.create(customer=of, name=name, contact=contact, platform=platform)


def cast(*, is_chat_enabled=True):
    """Everybody, and their devices: Ann at ACME-PC-01, nobody at ACME-PC-02, Eve at GLOBEX-PC-01."""
    installation = Installation.objects.current()
    installation.is_chat_enabled = is_chat_enabled
    installation.save()
    acme, globex = customer("Acme"), customer("Globex")
    ann, eve = contact(acme, "Ann Keller"), contact(globex, "Eve Stone")
    return SimpleNamespace(
        installation=installation,
        acme=acme,
        globex=globex,
        ann=ann,
        eve=eve,
        tina=technician("tina", name="Tina Okafor"),
        omar=technician("omar", name="Omar Haddad"),
        pc=device(acme, "ACME-PC-01", contact=ann),
        free_pc=device(acme, "ACME-PC-02"),
        eves_pc=device(globex, "GLOBEX-PC-01", contact=eve),
        mac=device(globex, "GLOBEX-MAC-01", platform=Platform.MAC),
    )


def asked(cast, now, *, about="", at=None):
    """A chat that the contact at a device asks for; Ann's when none is named."""
    return actions.request_chat(at or cast.pc, by=at_device(at or cast.pc), now=now, about=about, client_id=uuid4())


def offered(cast, now, *, by=None, at=None, ticket=None):
    """A chat that a technician asks for; Tina asks Ann when nobody is named."""
    return actions.request_chat(at or cast.pc, by=at_desk(by or cast.tina), now=now, ticket=ticket)


def talking(cast, now, *, by=None, at=None, about=""):
    """A chat under way: asked for by the contact, accepted by a technician."""
    chat = asked(cast, now, about=about, at=at)
    actions.accept(chat.pk, at_desk(by or cast.tina), now)
    chat.refresh_from_db()
    return chat


def say(chat, viewer, body, now, client_id=None):
    return actions.post(chat.pk, viewer, body=body, client_id=client_id or uuid4(), now=now)


def ticket_of(cast, now, *, title="Printer jams", contact=None, device=None, **more):
    new = NewTicket(customer=cast.acme, contact=contact or cast.ann, device=device, title=title, **more)
    return open_ticket(new, by=cast.tina, now=now)[0]


def page_on(device, now):
    """A live page session on a device, and its cookie."""
    secret = new_launch_link(device, by=None, now=now)
    link = LaunchLink.objects.live().get(device=device)
    page, cookie = start_page(device, link=link, now=now)
    return SimpleNamespace(page=page, cookie=cookie, secret=secret)
