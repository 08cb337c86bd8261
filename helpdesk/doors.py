"""Who is let in: pages are closed to strangers unless a view says otherwise (`login_not_required`), sockets to other
sites."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.request import validate_host
from django.http.response import HttpResponseRedirectBase
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's own, except that where htmx asks for a part of a page, the whole page goes to the sign-in."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirectBase:
        htmx = getattr(request, "htmx", None)
        if not htmx and request.method not in {"GET", "HEAD"}:
            # What was pressed cannot be opened as a page after the sign-in.
            return redirect_to_login(settings.LOGIN_REDIRECT_URL, self.get_login_url(view_func))
        if not htmx:
            return super().handle_no_permission(request, view_func)
        page = htmx.current_url_abs_path or settings.LOGIN_REDIRECT_URL
        return HttpResponseClientRedirect(redirect_to_login(page, self.get_login_url(view_func)).url)


class KeepPrivateMiddleware:
    """What a signed-in person got is theirs: no proxy keeps it, and a browser asks again before it shows it anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response


class OwnPagesOnly:
    """Refuses a socket that a page of another origin opens: another site, or another port of this host.

    Channels' own validators know allowed hosts alone, without the ports.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        headers = {name.lower(): value.decode("latin1").lower() for name, value in scope["headers"]}
        is_ours = _is_ours(headers.get(b"origin", ""), headers.get(b"host", ""))
        return await (self.application if is_ours else WebsocketDenier())(scope, receive, send)


def _is_ours(origin: str, host: str) -> bool:
    """Where a proxy changes the host on the way, the page comes from an address that the settings name."""
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    is_served_here = page.hostname is not None and validate_host(page.hostname, settings.ALLOWED_HOSTS)
    return is_served_here and page.netloc == host
