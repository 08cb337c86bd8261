"""What a person sees live: the technician's socket and the contact's."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from structlog.contextvars import bind_contextvars

from accounts.actions import close_technician_page, see_technician_page
from accounts.events import PAGES, TECHNICIANS, technician_group
from accounts.models import Technician
from chat import actions, live
from chat.agent_access import PAGE_COOKIE, language_for
from chat.facts import Facts
from chat.frames import BadFrame, Frame, whole
from chat.live_chats import LiveConsumer
from chat.models import someone_at
from chat.sockets import in_db
from chat.viewers import AtDesk, AtDevice, at_desk, at_device
from devices.actions import close_page, find_page, see_page
from devices.events import device_group, page_opened, watch_group
from tickets.events import ticket_group

Session = import_module(settings.SESSION_ENGINE).SessionStore


class TechnicianConsumer(LiveConsumer):
    """A page of the portal: the technician's chats, every ring, and what else the page watches."""

    viewer: AtDesk

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rings: set[int] = set()
        self.is_available = False
        self.watched_tickets: set[int] = set()
        self.watched_devices: set[int] = set()

    def find_viewer(self) -> AtDesk | None:
        # Read anew each time: the session may have ended, the password changed, the account been disabled.
        self.request.session = Session(self.request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        user = get_user(self.request)
        if not isinstance(user, Technician) or not user.is_active:
            return None
        bind_contextvars(technician=user.pk)
        self.language = user.language or translation.get_language_from_request(self.request)
        return at_desk(user)

    def bye(self) -> Frame:
        return {"reason": "signed_out", "words": _("You are signed out. Sign in again to go on.")}

    def own_groups(self) -> set[str]:
        watched = {watch_group(pk) for pk in self.watched_devices}
        watched |= {ticket_group(number) for number in self.watched_tickets}
        return {TECHNICIANS, technician_group(self.viewer.technician_id)} | watched

    def is_own(self, head: Facts) -> bool:
        return head["technician"] == self.viewer.technician_id

    def groups_of(self, head: Facts) -> set[str]:
        return super().groups_of(head) | {watch_group(head["device"])}

    def page_is_here(self) -> None:
        see_technician_page(self.viewer.technician_id, timezone.now())

    def page_is_gone(self) -> None:
        close_technician_page(self.viewer.technician_id)

    def _look(self) -> live.Snapshot | None:
        found = super()._look()
        if found is not None:
            self.rings, self.is_available = set(found.rings), found.is_available
        return found

    # What the page sends.

    async def on_watch(self, frame: Frame) -> None:
        if "ticket" in frame:
            await self._watch(self.watched_tickets, whole(frame["ticket"]), ticket_group)
        elif "device" in frame:
            await self._watch(self.watched_devices, whole(frame["device"]), watch_group)
        else:
            await super().on_watch(frame)

    async def _watch(self, watched: set[int], number: int, group: Any) -> None:
        if len(watched) >= 50:
            raise BadFrame
        watched.add(number)
        await self.hearing.join(group(number))

    async def on_unwatch(self, frame: Frame) -> None:
        if "ticket" in frame:
            self.watched_tickets.discard(whole(frame["ticket"]))
        elif "device" in frame:
            self.watched_devices.discard(whole(frame["device"]))
        else:
            await super().on_unwatch(frame)

    # What it hears.

    async def ring_changed(self, message: dict[str, Any]) -> None:
        self.rings = set(await in_db(live.rings, self.viewer, timezone.now()))
        await self.say({"type": "rings", "rings": sorted(self.rings)})

    async def ring_over(self, message: dict[str, Any]) -> None:
        if message["chat"] not in self.rings:
            # Not ringing here, but perhaps in the list of those who wait.
            await self.say({"type": "rings", "rings": sorted(self.rings)})
            return
        self.rings.discard(message["chat"])
        frame: Frame = {"type": "rings", "rings": sorted(self.rings)}
        if message["technician"] != self.viewer.technician_id:
            frame["over"] = {"chat": message["chat"], "words": self._over(message)}
        await self.say(frame)

    def _over(self, message: dict[str, Any]) -> str:
        with translation.override(self.language):
            names = {"contact": message["contact"] or someone_at(message["device"]), "technician": message["name"]}
            if message["name"]:
                return _("%(contact)s: %(technician)s took this chat") % names
            return _("%(contact)s: the request has ended") % names

    async def rights_changed(self, message: dict[str, Any]) -> None:
        await self.look("beat")

    async def technician_changed(self, message: dict[str, Any]) -> None:
        await self.say({"type": "people"})
        if message["technician"] != self.viewer.technician_id:
            return
        # One's own pages apply what it means for one's chats; the sweep does it for who has none open.
        await in_db(actions.technician_changed, self.viewer.technician_id, timezone.now())
        if await self.look("beat"):
            await self.say({"type": "me", "is_available": self.is_available})

    async def installation_changed(self, message: dict[str, Any]) -> None:
        await self.say({"type": "people"})

    async def device_changed(self, message: dict[str, Any]) -> None:
        await in_db(actions.device_changed, message["device"], timezone.now())
        await self._tell_device(message)
        for head in await in_db(live.heads_of, self.viewer, self.chats | self.watched, timezone.now()):
            if head["device"] == message["device"]:
                await self.chat_head({"head": head})

    async def page_opened(self, message: dict[str, Any]) -> None:
        await self._tell_device(message)

    async def page_closed(self, message: dict[str, Any]) -> None:
        if "device" in message:
            await self._tell_device(message)
        else:
            await super().page_closed(message)

    async def _tell_device(self, message: dict[str, Any]) -> None:
        """What the page shows of a device it asks for again."""
        await self.say({"type": "device", "device": message["device"]})


class ContactConsumer(LiveConsumer):
    """The page on a device: the chats of whoever is assigned to it now."""

    viewer: AtDevice

    def find_viewer(self) -> AtDevice | None:
        page = find_page(self.request.COOKIES.get(PAGE_COOKIE, ""), timezone.now())
        if page is None:
            return None
        self.language = language_for(page, self.request)
        return at_device(page.device)

    def bye(self) -> Frame:
        return {
            "reason": "revoked",
            "words": _("This page was closed. Open it again from the HelpDesk Agent on this computer."),
        }

    def own_groups(self) -> set[str]:
        return {device_group(self.viewer.device_id), PAGES}

    def is_own(self, head: Facts) -> bool:
        # The gate shows a device no chat but those of whoever sits at it.
        return True

    def page_is_here(self) -> None:
        see_page(self.viewer.device_id, timezone.now())

    def page_is_gone(self) -> None:
        close_page(self.viewer.device_id)

    async def announce_page(self) -> None:
        await super().announce_page()
        if not self.is_closed:
            await in_db(page_opened, self.viewer.device_id)

    def may_show(self, head: Facts) -> bool:
        is_own = head["contact"] is None or head["contact"] == self.viewer.contact_id
        return is_own and head["device"] == self.viewer.device_id and super().may_show(head)

    async def help_changed(self, message: dict[str, Any]) -> None:
        await self.say({"type": "people"})

    async def device_changed(self, message: dict[str, Any]) -> None:
        await in_db(actions.device_changed, message["device"], timezone.now())
        await self.look("beat")
