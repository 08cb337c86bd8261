"""Who opens the contact's page: the live page session of the cookie, or nobody."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.keys import hashed
from chat.agent_cookies import set_page_cookie
from chat.frames import refused
from chat.viewers import AtDevice, at_device
from devices.actions import find_page
from devices.models import PageSession

PAGE_COOKIE = "hd_agent"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class PageRequest(HttpRequest):
    """A request of somebody who has a page session, as `for_page` hands it on."""

    page: PageSession
    viewer: AtDevice
    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]


def for_page(view: View) -> View:
    """Open a view to whoever holds a live page session; everybody else is told where to get one.

    Sets `request.page` and `request.viewer`. The portal's sign-in has no part in it, nor has Django's CSRF token, which
    changes when a technician signs in beside it: what htmx asks and what is posted must bring `form_token`.
    """

    @wraps(view)
    def opened(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = page_of(request)
        if page is None:
            return _closed(request)
        request.page, request.viewer = page, at_device(page.device)
        translation.activate(language_for(page, request))
        request.LANGUAGE_CODE = translation.get_language()
        if (request.htmx or request.method not in SAFE_METHODS) and not _brings_token(request):
            return _out_of_date(request)
        return view(request, *args, **kwargs)

    return login_not_required(csrf_exempt(never_cache(opened)))


def form_token(request: HttpRequest) -> str:
    """Proves that something comes from a page that this page session was shown.

    Where another device was opened in the same browser meanwhile, it does not match: nobody acts as somebody else.
    """
    return hashed(request.COOKIES.get(PAGE_COOKIE, ""), use="form")


def _brings_token(request: HttpRequest) -> bool:
    brought = request.headers.get("X-CSRFToken") or request.POST.get("csrfmiddlewaretoken", "")
    return constant_time_compare(brought, form_token(request))


def _out_of_date(request: PageRequest) -> HttpResponse:
    if request.htmx:
        return _away(403)
    if request.accepts("text/html"):
        return render(request, "403_csrf.html", status=403)
    return JsonResponse(refused("bad_frame"), status=403)


def page_of(request: HttpRequest) -> PageSession | None:
    """The live page session of this browser; None without one."""
    return find_page(request.COOKIES.get(PAGE_COOKIE, ""), timezone.now())


def set_cookie(response: HttpResponse, secret: str) -> None:
    """Let this browser in as the page session of `secret`."""
    set_page_cookie(response, PAGE_COOKIE, secret)


def language_for(page: PageSession, request: HttpRequest) -> str:
    """The contact's own language, else what was chosen on this page, else the browser's (D12).

    Never that of a technician signed in beside it.
    """
    contact = page.device.contact
    return (contact.language if contact else "") or get_language_from_request(request)


def _closed(request: PageRequest) -> HttpResponse:
    """No page session, or one that is over: what the browser shows then, in the form it asked for."""
    translation.activate(get_language_from_request(request))
    if request.htmx:
        return _away(401)
    if request.accepts("text/html"):
        return render(request, "agent/closed.html", status=401)
    words = _("This page is closed. Open it again from the HelpDesk Agent on your computer.")
    return JsonResponse({"type": "bye", "reason": "revoked", "words": words}, status=401)


def _away(status: int) -> HttpResponse:
    """The whole page goes, with everything that was on it."""
    response: HttpResponse = HttpResponseClientRedirect(reverse("agent:home"))
    response.status_code = status
    return response
