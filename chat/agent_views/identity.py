"""*Who are you?* in two steps: a name and an address, then the token that was mailed there (S15)."""

from contextlib import suppress
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.actions import set_language
from accounts.forms import LanguageForm
from accounts.models import Contact
from chat import actions
from chat.agent_access import PageRequest, for_page, set_cookie
from chat.agent_forms import AskForm, IdentityForm, TokenForm, problem_of
from chat.agent_views.screens import open_chat, show
from chat.errors import NotAllowed, TooLate
from chat.viewers import at_device
from devices import identity as confirmation
from devices.models import TOKEN_LASTS, Device, IdentityToken

Carried = dict[str, Any]


@require_http_methods(["GET", "POST"])
@for_page
def identity(request: PageRequest) -> HttpResponse:
    """Where the two steps stand; a POST sends a token to the address."""
    now = timezone.now()
    if request.method == "GET":
        return ask_identity(request, now, AskForm(request.GET).given)
    carried = AskForm(request.POST).given
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _show_person(request, carried, form, status=422)
    name, email = form.cleaned_data["name"], form.cleaned_data["email"]
    try:
        confirmation.send_token(request.page, name=name, email=email, now=now)
    except confirmation.TooSoon as soon:
        sent = _sent(request, now)
        # The same address again, as with a double click, is there already.
        if sent is None or sent.email.lower() != email.lower():
            return _show_person(request, carried, form, again_at=soon.again_at, status=422)
    except confirmation.TooMany as many:
        return _show_person(request, carried, form, problem=_too_many(many.again_at, now), status=422)
    return ask_identity(request, now, carried)


@require_POST
@for_page
def change(request: PageRequest) -> HttpResponse:
    """*Change*: back to the first step; the token that went out is void."""
    now = timezone.now()
    sent = _pending(request)
    confirmation.void_token(request.page, now)
    initial = {"name": sent.name, "email": sent.email} if sent else {}
    return _show_person(request, AskForm(request.POST).given, IdentityForm(initial=initial))


@require_POST
@for_page
def token(request: PageRequest) -> HttpResponse:
    """*Save*: the token proves the address, and what was wanted before goes on by itself."""
    now = timezone.now()
    carried = AskForm(request.POST).given
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _show_token(request, carried, form, status=422)
    try:
        confirmed = confirmation.confirm(request.page, form.cleaned_data["token"], now)
    except confirmation.TooOld:
        if _pending(request) is None and _is_known_by_now(request.page.device):
            # The second of two clicks: the first one has used the token up.
            return _go_on(request, carried, now)
        form.add_error("token", _("This token is too old. Ask for a new one."))
    except confirmation.TooMany as many:
        form.add_error("token", _too_many(many.again_at, now))
    except confirmation.WrongToken as wrong:
        form.add_error("token", _wrong(request, wrong.tries_left, now))
    else:
        actions.device_changed(request.page.device_id, now)
        _keep_language(request, confirmed.contact)
        response = _go_on(request, carried, now)
        if confirmed.secret:
            set_cookie(response, confirmed.secret)
        return response
    return _show_token(request, carried, form, status=422)


def _keep_language(request: PageRequest, contact: Contact) -> None:
    """What was chosen on this page before anybody was known here is the person's own choice."""
    chosen = LanguageForm({"language": request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")})
    if chosen.is_valid() and chosen.cleaned_data["language"] and not contact.language:
        set_language(contact, chosen.cleaned_data["language"])


def _is_known_by_now(device: Device) -> bool:
    """Whether somebody is assigned to this device, perhaps by a click that ran beside this one."""
    if device.contact_id is None:
        device.refresh_from_db(fields=["contact"])
    return device.contact_id is not None


def ask_identity(request: PageRequest, now: datetime, carried: Carried) -> HttpResponse:
    """The second step while a token is on its way, else the first. `carried` is what goes on afterwards."""
    if _sent(request, now):
        return _show_token(request, carried, TokenForm())
    return _show_person(request, carried, IdentityForm())


def _pending(request: PageRequest) -> IdentityToken | None:
    return IdentityToken.objects.pending(request.page).order_by("-created_at").first()


def _sent(request: PageRequest, now: datetime) -> IdentityToken | None:
    """The token that this page waits for, while it is good."""
    return IdentityToken.objects.pending(request.page).usable(now).order_by("-created_at").first()


def _go_on(request: PageRequest, carried: Carried, now: datetime) -> HttpResponse:
    """To the chat that was wanted, else home; as a whole page, because it may be another person's now."""
    address = reverse("agent:home")
    if carried["then"]:
        device = request.page.device
        # What stands in the way is said at home.
        with suppress(NotAllowed, TooLate):
            words = {name: carried[name] for name in ("about", "client_id")}
            chat = actions.request_chat(device, by=at_device(device), now=now, **words)
            address = reverse("agent:chat", args=[chat.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _show_person(
    request: PageRequest,
    carried: Carried,
    form: IdentityForm,
    *,
    again_at: datetime | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    needs = _common(request, form, carried) | {"again_at": again_at, "problem": problem}
    return show(request, "identity", needs, address=_address(carried), status=status)


def _show_token(request: PageRequest, carried: Carried, form: TokenForm, *, status: int = 200) -> HttpResponse:
    sent = _pending(request)
    if sent is None:
        problem = problem_of(form, "token")
        return _show_person(request, carried, IdentityForm(), problem=problem, status=status)
    again_at = sent.created_at + confirmation.AGAIN_AFTER
    needs = _common(request, form, carried) | {
        "sent": sent,
        "again_at": again_at,
        "token_minutes": TOKEN_LASTS // timedelta(minutes=1),
    }
    return show(request, "token", needs, address=_address(carried), status=status)


def _common(request: PageRequest, form: forms.Form, carried: Carried) -> dict[str, Any]:
    """`open_chat` is known to who comes here from it, and does not take the page away again."""
    return {"form": form, "carried": carried, "open_chat": open_chat(request, timezone.now())}


def _address(carried: Carried) -> str:
    """Bears what was wanted, so that loading it again does not forget it."""
    return reverse("agent:identity") + ("?then=chat" if carried["then"] else "")


def _wrong(request: PageRequest, tries_left: int, now: datetime) -> str:
    if tries_left == 0 and (sent := _pending(request)):
        return _too_many(sent.expires_at, now)
    return ngettext(
        "This token is not right. %(tries)s try left.", "This token is not right. %(tries)s tries left.", tries_left
    ) % {"tries": tries_left}


def _too_many(again_at: datetime, now: datetime) -> str:
    minutes = max(1, ceil((again_at - now).total_seconds() / 60))
    return ngettext(
        "Too many tries. Wait %(minutes)s minute, or create a ticket.",
        "Too many tries. Wait %(minutes)s minutes, or create a ticket.",
        minutes,
    ) % {"minutes": minutes}
