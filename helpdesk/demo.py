"""The demonstration: a small help desk with people, devices and tickets, made once in an empty database.

Its text is data, as people would have typed it, and is not translated.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from accounts.actions import add_technician, save_customer, save_installation, set_availability
from accounts.models import Contact, Customer, Installation, Technician
from devices.actions import assign_contact, save_device
from devices.models import Device, Platform
from tickets.actions import NewTicket, open_ticket, set_assignee, set_status
from tickets.models import Priority, Status

PASSWORD = "demo"  # noqa: S105 - known on purpose; the server refuses the demonstration on a public address


class Person(NamedTuple):
    """A technician."""

    username: str
    first_name: str
    last_name: str
    is_admin: bool = False


class Place(NamedTuple):
    """A device, and the contact who sits there."""

    customer: str
    device: str
    platform: Platform
    system: str
    contact: str = ""


class Story(NamedTuple):
    """A ticket that a contact opened some time ago."""

    hours_ago: float
    device: str
    priority: Priority
    title: str
    description: str
    status: Status = Status.OPEN
    assignee: str = ""


PEOPLE = (
    Person("tina", "Tina", "Okafor"),
    Person("omar", "Omar", "Haddad"),
    Person("admin", "Jun", "Park", is_admin=True),
)
# The customers, and whether their HelpDesk Agent is enabled.
CUSTOMERS = {"Acme": True, "Globex": True, "Initech": False}
PLACES = (
    Place("Acme", "ACME-PC-01", Platform.WINDOWS, "Windows 11 Pro 24H2", "Ann Keller"),
    Place("Acme", "ACME-PC-02", Platform.WINDOWS, "Windows 11 Pro 24H2"),
    Place("Globex", "GLOBEX-PC-01", Platform.WINDOWS, "Windows 11 Enterprise 23H2", "Grace Lindqvist"),
    Place("Globex", "GLOBEX-MAC-01", Platform.MAC, "macOS 15.6", "Marco Ruiz"),
    Place("Initech", "INITECH-PC-01", Platform.WINDOWS, "Windows 10 Pro 22H2", "Ida Voss"),
)
STORIES = (
    Story(
        75,
        "GLOBEX-PC-01",
        Priority.MEDIUM,
        "Mailbox is full",
        "I cannot send mail any more. Outlook says that my mailbox has reached its limit.",
        Status.RESOLVED,
        "tina",
    ),
    Story(
        52,
        "INITECH-PC-01",
        Priority.LOW,
        "A second monitor for the front desk",
        "We would like a second monitor at the front desk, same model as in accounting. No hurry.",
        Status.PENDING,
        "omar",
    ),
    Story(
        26,
        "GLOBEX-MAC-01",
        Priority.MEDIUM,
        "VPN drops every half hour",
        "Since the update on Monday the VPN disconnects after about 30 minutes, at home and in the office.",
        Status.OPEN,
        "omar",
    ),
    Story(
        5,
        "ACME-PC-01",
        Priority.HIGH,
        "Printer on the second floor prints blank pages",
        "Everything I print on ACME-PRN-2 comes out blank. Copies made at the printer itself look fine.",
        Status.OPEN,
        "tina",
    ),
    Story(
        1.5,
        "ACME-PC-01",
        Priority.MEDIUM,
        "Access to the shared folder for payroll",
        "I moved to the payroll team and need to read and write in S:\\Payroll. My manager has agreed.",
    ),
)


@transaction.atomic
def install(now: datetime) -> bool:
    """Fill an empty database; false, and nothing done, when somebody or something is there already."""
    if Technician.objects.exists() or Customer.objects.exists():
        return False
    installation = Installation.objects.current()
    installation.is_chat_enabled = True
    save_installation(installation, ["is_chat_enabled"], now)
    people = {person.username: _hire(person) for person in PEOPLE}
    customers = {name: _sign_up(name, has_agent=has_agent) for name, has_agent in CUSTOMERS.items()}
    devices = {place.device: _set_up(place, customers[place.customer], now) for place in PLACES}
    for story in STORIES:
        _tell(story, devices[story.device], people, now)
    return True


def known_passwords() -> list[str]:
    """The usernames that everybody who read the manual can sign in with."""
    people = Technician.objects.working().filter(username__in=[person.username for person in PEOPLE])
    return [person.username for person in people if check_password(PASSWORD, person.password)]


def _hire(person: Person) -> Technician:
    technician = Technician(
        username=person.username,
        first_name=person.first_name,
        last_name=person.last_name,
        email=f"{person.username}@helpdesk.example",
        password=make_password(PASSWORD),
        is_staff=person.is_admin,
        is_superuser=person.is_admin,
    )
    add_technician(technician)
    set_availability(technician, is_available=not person.is_admin)
    return technician


def _sign_up(name: str, *, has_agent: bool) -> Customer:
    customer = Customer(name=name, has_agent=has_agent)
    save_customer(customer, ())
    return customer


def _set_up(place: Place, customer: Customer, now: datetime) -> Device:
    device = Device(
        customer=customer,
        name=place.device,
        platform=place.platform,
        system=place.system,
        agent_version="3.2.1",
        last_seen_at=now - timedelta(minutes=2),
    )
    save_device(device)
    if place.contact:
        address = f"{place.contact.lower().replace(' ', '.')}@{customer.name.lower()}.example"
        contact = Contact.objects.create(customer=customer, name=place.contact, email=address, confirmed_at=now)
        assign_contact(device, contact, now)
    return device


def _tell(story: Story, device: Device, people: dict[str, Technician], now: datetime) -> None:
    at = now - timedelta(hours=story.hours_ago)
    assignee = people.get(story.assignee)
    new = NewTicket(
        customer=device.customer,
        contact=device.contact,
        device=device,
        title=story.title,
        description=story.description,
        priority=story.priority,
    )
    ticket, _is_new = open_ticket(new, by=device.contact, now=at, how="page")
    if assignee is not None:
        set_assignee(ticket, assignee, by=assignee, now=at + timedelta(minutes=12))
    if story.status != Status.OPEN:
        set_status(ticket, story.status, by=assignee, now=at + timedelta(minutes=40))
