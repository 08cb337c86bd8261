"""Which browsers are served (S6): current ones; Internet Explorer is told what to use instead."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

INTERNET_EXPLORER = ("MSIE ", "Trident/")


class BrowserMiddleware:
    """Comes after LocaleMiddleware, and before everything that would answer with a page it cannot show."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = request.headers.get("User-Agent", "")
        if any(mark in name for mark in INTERNET_EXPLORER):
            return render(request, "browser.html")
        return self.get_response(request)
