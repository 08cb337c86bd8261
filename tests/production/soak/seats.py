"""Who talks: a contact at a device and the technician who takes their chats, from one chat to the next.

They write every half a minute or so. Some send a file; some chats are ended, by either side, and the contact asks anew;
some of those think better of it once, and ask again.
"""

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from random import Random
from uuid import uuid4

from tests.files.pictures import png

# How long somebody thinks before they write, in parts of what they take on average.
THINKS = (0.5, 1.5)
# Of all seats: so many end their chat and begin another, so many of these cancel a request first, so many send a file.
END, CANCEL, SEND = 0.4, 0.2, 0.15
# What begins later might not be over when the run is.
NOTHING_NEW_AFTER = 0.8
PRESSES_FOR_S = 120
PRESSES_AGAIN_AFTER_S = 2
WORDS = (
    "printer",
    "paper",
    "screen",
    "slow",
    "again",
    "since",
    "Monday",
    "nobody",
    "else",
    "please",
    "thank",
    "restart",
)


@dataclass(eq=False)
class Talk:
    """One chat, and the two pages that show it."""

    chat: int
    technician: object
    contact: object
    # All chats that this contact has had: what their page may hear of.
    own: list
    said: dict = field(default_factory=dict)
    said_by: dict = field(default_factory=dict)
    # Key → what came of it, and the bytes.
    files: dict = field(default_factory=dict)
    is_over: bool = False

    @property
    def pages(self):
        return (self.technician, self.contact)

    def other(self, page):
        return self.contact if page is self.technician else self.technician

    def say(self, page, body):
        key = page.say(self.chat, body)
        self.said[key], self.said_by[key] = body, page
        return key


class Seat:
    def __init__(self, number, chat, contact, technician, *, seed, seconds, every_s):
        self.random = Random(f"{seed} seat {number}")
        self.seconds = seconds
        self.every_s = every_s
        self.contact = contact
        self.technician = technician
        self.own = [chat]
        self.talk = Talk(chat, technician, contact, self.own)
        self.talks = [self.talk]
        self.cancelled = []
        # Answers that nobody had to expect.
        self.surprises = []

    async def live(self):
        """Until the time is over and everything begun is done."""
        self.over = time.monotonic() + self.seconds
        deeds = [self._write(page) for page in self.talk.pages]
        if self.random.random() < END:
            deeds.append(self._after(self.random.uniform(0.1, NOTHING_NEW_AFTER), self._begin_again))
        if self.random.random() < SEND:
            page = self.random.choice(self.talk.pages)
            deeds.append(self._after(self.random.uniform(0.05, NOTHING_NEW_AFTER), lambda: self._send_file(page)))
        await asyncio.gather(*deeds)

    async def _after(self, share, deed):
        await asyncio.sleep(share * self.seconds)
        await deed()

    async def _write(self, page):
        random = Random(self.random.random())
        number = 0
        while (wait := self.every_s * random.uniform(*THINKS)) < self.over - time.monotonic():
            await asyncio.sleep(wait)
            if not self.talk.is_over:
                number += 1
                words = " ".join(random.choices(WORDS, k=random.randint(2, 30)))
                side = "contact" if page is self.contact else "technician"
                self.talk.say(page, f"{number}. {words} ({side} in {self.talk.chat})")

    # What is pressed. Somebody whose click was not answered clicks again.

    async def _press(self, page, path, *, fine=(200, 204, 302), **fields):
        """Post a form until it is answered by the application."""
        give_up_at = time.monotonic() + PRESSES_FOR_S
        while time.monotonic() < give_up_at:
            try:
                answer = await asyncio.to_thread(page.person.post, path, **fields)
            except OSError:
                answer = None
            if answer and answer.status < 500:
                if answer.status not in fine:
                    self.surprises.append(f"{path} answered {answer.status}")
                return answer
            await asyncio.sleep(PRESSES_AGAIN_AFTER_S)
        self.surprises.append(f"{path} was not answered")
        return None

    async def _begin_again(self):
        page = self.random.choice(self.talk.pages)
        self.talk.is_over = True
        # Pressed twice because the answer was lost, it is answered that it is over already.
        await self._press(page, f"{page.chats_at}{self.talk.chat}/end/", fine=(200, 204, 302, 409))
        if self.random.random() < CANCEL and (chat := await self._ask()):
            self.cancelled.append(chat)
            await self._press(self.contact, f"/agent/chats/{chat}/cancel/", fine=(200, 204, 302, 409))
        key = str(uuid4())
        about = f"Once more, {key[:8]}"
        chat = await self._ask(about, key)
        if chat is None or await self._accept(chat) is None:
            return
        self.talk = Talk(chat, self.technician, self.contact, self.own, {key: about})
        self.talks.append(self.talk)
        for side in self.talk.pages:
            side.follow(chat)

    async def _ask(self, about="", key=None):
        """The number of the chat that is asked for; asked twice, it is the same."""
        key = key or str(uuid4())
        answer = await self._press(self.contact, "/agent/start/", fine=(302,), about=about, client_id=key)
        found = re.search(r"/chats/(\d+)/", answer.headers.get("Location", "")) if answer else None
        if found is None:
            return None
        self.own.append(int(found[1]))
        return int(found[1])

    async def _accept(self, chat):
        await asyncio.sleep(self.random.uniform(1, 4))
        return await self._press(self.technician, f"/chats/{chat}/accept/")

    async def _send_file(self, page):
        """As uploads.js does: under one key, from the beginning, until it is there or refused."""
        talk, key, content = self.talk, str(uuid4()), png()
        talk.files[key] = "on its way"
        give_up_at = time.monotonic() + PRESSES_FOR_S
        while talk.files[key] == "on its way" and time.monotonic() < give_up_at:
            try:
                answer = await asyncio.to_thread(
                    _transfer, page.person, f"{page.chats_at}{talk.chat}/files/", key, content
                )
            except OSError:
                answer = None
            talk.files[key] = self._outcome(talk, answer)
            await asyncio.sleep(PRESSES_AGAIN_AFTER_S)

    def _outcome(self, talk, answer):
        if answer is None or answer.status >= 500:
            return "on its way"
        if answer.status in {200, 201}:
            return "taken"
        code = json.loads(answer.body).get("code")
        if code == "ended" and talk.is_over:
            return "refused"
        # The try before is still being looked into, and its answer was lost.
        if code != "busy":
            self.surprises.append(f"a file was answered {answer.status} {code}")
        return "on its way"


def _transfer(person, address, key, content):
    """One try of one file: what is said of it first, then its bytes; the last answer."""
    announced = person.post_json(address, key=key, name="screen.png", size=len(content))
    leave = json.loads(announced.body) if announced.status < 300 else {}
    if "put" not in leave:
        return announced
    return person.ask("PUT", leave["put"], content, X_Upload_Grant=leave["grant"])
