"""Dialogs: what the portal's one dialog is filled with, or the same as a page of its own where no script asked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect


def show_dialog(
    request: HttpRequest, template: str, context: dict[str, Any], *, back: str, status: int = 200
) -> HttpResponse:
    """Show what stands in the dialog; where it is a page, *Cancel* leads `back`."""
    if _asked_by_script(request):
        return render(request, template, context, status=status)
    return render(request, "dialog.html", context | {"inside": template, "back": back}, status=status)


def leave_dialog(request: HttpRequest, address: str) -> HttpResponse:
    """It is done: the whole page goes to the address."""
    return HttpResponseClientRedirect(address) if _asked_by_script(request) else redirect(address)


def _asked_by_script(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
