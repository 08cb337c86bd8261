"""How many statements each thing that a page does asks of PostgreSQL, counted in the product itself."""

import json

from bench.stack import Bench

COUNT = """
import json
from uuid import uuid4
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from accounts.actions import see_technician_page
from chat import actions, live
from chat.models import ChatSession
from chat.viewers import at_desk, at_device
from devices.actions import see_page

chat = ChatSession.objects.select_related("technician", "device__contact").get(pk={chat})
desk, device = at_desk(chat.technician), at_device(chat.device)
now, found = timezone.now(), {{}}


def count(name, *calls):
    with CaptureQueriesContext(connection) as asked:
        for function, args, options in calls:
            function(*args, **options)
    found[name] = [query["sql"].split(" ")[0].strip('"') for query in asked]


words = {{"body": "Counted", "language": "en", "now": now}}
count("a message, said by the contact", (live.post, (device, chat.pk), words | {{"client_id": uuid4()}}))
count("a message, said by the technician", (live.post, (desk, chat.pk), words | {{"client_id": uuid4()}}))
count("a read mark", (actions.seen, (chat.pk, desk), {{"delivered": 3, "read": 3}}))
count(
    "a beat of a contact's page, but for its cookie",
    (see_page, (device.device_id, now), {{}}),
    (live.snapshot, (device, [], now), {{}}),
)
count(
    "a beat of a technician's page, but for its session",
    (see_technician_page, (desk.technician_id, now), {{}}),
    (live.snapshot, (desk, [], now), {{}}),
)
page = Client(HTTP_HOST="localhost")
page.force_login(chat.technician, backend="django.contrib.auth.backends.ModelBackend")
count("a request that rings, at each technician's socket", (live.rings, (desk, now), {{}}))
count("the same at each technician's page", (page.get, ("/chats/rings/",), {{"secure": True}}))
print(json.dumps(found))
"""


def statements(bench: Bench) -> dict[str, list[str]]:
    """The first words of the statements of each, in order; BEGIN and COMMIT are statements too."""
    chat, _desk, _page = bench.chats["helpdesk"][-1]
    return dict(json.loads(bench.arrange(COUNT.format(chat=chat)).splitlines()[-1]))
