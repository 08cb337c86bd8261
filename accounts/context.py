"""What every page may name without its view handing it over. Costs one query, and only where it is read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Installation
from accounts.words import words_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """`installation`, its `words` for customers and contacts (S0), and whether this is a demonstration."""
    installation = SimpleLazyObject(Installation.objects.current)
    words = SimpleLazyObject(lambda: words_of(installation.vocabulary))
    return {"installation": installation, "words": words, "is_demo": settings.DEMO}
