"""What every page may name without its view handing it over. Costs one query, and only where it is read."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.models import Installation
from accounts.words import speaking, words_of


class InstallationMiddleware:
    """`request.installation`, read when it is needed; by it every text of this request names customers and contacts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        installation: Any = SimpleLazyObject(Installation.objects.current)
        request.installation = installation  # type: ignore[attr-defined]
        with speaking(lambda: installation.vocabulary):
            return self.get_response(request)


def shell(request: HttpRequest) -> dict[str, Any]:
    """`installation`, its `words` for customers and contacts (S0), and whether this is a demonstration."""
    installation: Any = getattr(request, "installation", None)
    if installation is None:
        installation = SimpleLazyObject(Installation.objects.current)
    words = SimpleLazyObject(lambda: words_of(installation.vocabulary))
    return {"installation": installation, "words": words, "is_demo": settings.DEMO}
