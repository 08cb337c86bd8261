"""In which language a technician reads the portal (D12): their own choice, else the browser's.

Below /agent/ somebody else reads, though a technician may be signed in beside it: `chat.agent_access` says how.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation


class PersonLanguageMiddleware:
    """Comes after LocaleMiddleware, which has chosen by the browser, and after the one that knows the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_at_device = request.path.startswith(reverse("agent:home"))
        chosen = "" if is_at_device else getattr(request.user, "language", "")
        if chosen:
            translation.activate(chosen)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
