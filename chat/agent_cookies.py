"""The cookies of the contact's page: sent to its own addresses, also in a frame of the sites that the admin names."""

from http.cookies import Morsel

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Installation
from devices.models import PAGE_LASTS

# A cookie in another site's frame is kept for that site alone (CHIPS). Python knows the word from 3.14 on.
Morsel._reserved.setdefault("partitioned", "Partitioned")  # type: ignore[attr-defined]
Morsel._flags.add("partitioned")  # type: ignore[attr-defined]


def set_page_cookie(response: HttpResponse, name: str, value: str) -> None:
    """Keep something in this browser for as long as a page session lasts, out of reach of scripts."""
    # Without TLS no browser sends a cookie into a foreign frame.
    is_embedded = settings.IS_HTTPS and bool(Installation.objects.current().embedders)
    response.set_cookie(
        name,
        value,
        max_age=PAGE_LASTS,
        path=reverse("agent:home"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="None" if is_embedded else "Lax",
    )
    if is_embedded:
        response.cookies[name]["partitioned"] = True
