"""Who is let in: pages are closed to strangers unless a view says otherwise (`login_not_required`)."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django_htmx.http import HttpResponseClientRedirect


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's own, except that a part of a page that htmx asks for sends the whole page to the sign-in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase:
        response = super().handle_no_permission(request, view_func)
        if getattr(request, "htmx", False) and response.status_code == 302:
            return HttpResponseClientRedirect(self.get_login_url(view_func))
        return response
