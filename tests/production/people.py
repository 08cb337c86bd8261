"""Somebody in front of a browser, without the browser: cookies, forms, and the addresses that a page asks."""

import copy
import http.client
import json
import re
from http.cookies import SimpleCookie
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import uuid4

WITHIN_S = 20
# As static/js/http.js gives up.
HURRIED_WITHIN_S = 10


class Person:
    """One browser at the stack. `home` is the page whose token its forms bring."""

    def __init__(self, stack, home):
        self.stack = stack
        self.home = home
        self.port = stack.front.port
        self.cookies = {}
        self.token = ""
        self.within_s = WITHIN_S
        # The number of a technician, as their pages know it; nobody's where a contact sits.
        self.technician = None

    @property
    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def past_the_tap(self):
        """The same person, whose requests no fault of the line in front meets."""
        same = copy.copy(self)
        same.port = self.stack.door
        return same

    def hurried(self):
        """The same person, whose requests are given up as early as those of a page's scripts."""
        same = copy.copy(self)
        same.within_s = HURRIED_WITHIN_S
        return same

    def connect(self):
        if self.stack.trust is None:
            return http.client.HTTPConnection("localhost", self.port, timeout=self.within_s)
        return http.client.HTTPSConnection("localhost", self.port, timeout=self.within_s, context=self.stack.trust)

    def ask(self, method, path, body=None, **headers):
        """One request, over a connection of its own. Raises OSError when nobody answers."""
        connection = self.connect()
        own = {"Cookie": self.cookie, "Origin": self.stack.url, "X-CSRFToken": self.token}
        try:
            connection.request(method, path, body, own | {k.replace("_", "-"): v for k, v in headers.items()})
            got = connection.getresponse()
            for header in got.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
            return SimpleNamespace(status=got.status, headers=got.headers, body=got.read())
        except http.client.HTTPException as cut:
            raise OSError(repr(cut)) from cut
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, **fields):
        return self.ask("POST", path, urlencode(fields), Content_Type="application/x-www-form-urlencoded")

    def post_json(self, path, **fields):
        return self.ask("POST", path, json.dumps(fields), Content_Type="application/json", Accept="application/json")

    def open_home(self):
        """Load the page, and take its token and whose it is as its scripts do."""
        page = self.get(self.home).body.decode()
        self.token = re.search(r'hx-headers=\'{"X-CSRFToken": ?"([^"]+)"', page.replace("&quot;", '"'))[1]
        if viewer := re.search(r'data-viewer="t(\d+)"', page):
            self.technician = int(viewer[1])
        return page

    # Files, as a page sends them.

    def announce(self, address, name, size):
        return self.post_json(address, key=str(uuid4()), name=name, size=size)

    def send(self, address, name, content):
        """Where it lies from now on, and the answer."""
        upload = Upload(self, address, name, content)
        return upload.path, upload.finish()


class Upload:
    """A file that was announced, on its way: `begin` sends one half of it, `finish` the rest, or it is given up."""

    def __init__(self, person, address, name, content):
        leave = json.loads(person.announce(address, name, len(content)).body)
        self.path, self.grant, self._content = leave["put"], leave["grant"], content
        self._connection = person.connect()
        self._connection.putrequest("PUT", self.path)
        headers = {"Cookie": person.cookie, "Origin": person.stack.url, "X-CSRFToken": person.token}
        for name, value in (headers | {"X-Upload-Grant": self.grant, "Content-Length": len(content)}).items():
            self._connection.putheader(name, str(value))
        self._connection.endheaders()

    def begin(self):
        half = len(self._content) // 2
        self._connection.send(self._content[:half])
        self._content = self._content[half:]

    def give_up(self):
        self._connection.close()

    def finish(self):
        self._connection.send(self._content)
        got = self._connection.getresponse()
        return SimpleNamespace(status=got.status, headers=got.headers, body=got.read())


def technician(stack, username):
    """Somebody of the demonstration who has signed in."""
    person = Person(stack, "/chats/")
    page = person.get("/sign-in/").body.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    answer = person.post("/sign-in/", username=username, password="demo", csrfmiddlewaretoken=token)
    assert answer.status == 302, answer.status
    person.open_home()
    return person


def contact(stack, device):
    """Whoever sits at a device, let in by its launch link."""
    person = Person(stack, "/agent/")
    person.open_home()
    answer = person.post_json("/agent/open/", secret=stack.secrets[device])
    assert answer.status == 200, answer.status
    person.open_home()
    return person


def start_chat(contact, technician, about="Something is wrong"):
    """The number of a chat that a contact asked for and a technician accepted."""
    answer = contact.post("/agent/start/", about=about, client_id=str(uuid4()))
    assert answer.status == 302, (answer.status, answer.body[-500:])
    number = int(re.search(r"/chats/(\d+)/", answer.headers["Location"])[1])
    assert technician.post(f"/chats/{number}/accept/").status in {200, 302}
    return number
