"""What no browser sends, refused before anything reads it: each of these ends in an error of the server otherwise."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

REFUSAL = "This request makes no sense.\n"


class RefuseNonsenseMiddleware:
    """Answers 400 with a plain line, because an error page would read the same request again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _has_strange_letters(request) or _has_null(request) or _comes_from_nowhere(request):
            return HttpResponse(REFUSAL, status=400, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


def _has_strange_letters(request: HttpRequest) -> bool:
    """Python knows charsets that are none, and some bring characters that cannot be stored or sent."""
    return (request.content_params or {}).get("charset", "utf-8").lower() not in {"utf-8", "utf8"}


def _has_null(request: HttpRequest) -> bool:
    """PostgreSQL refuses it. What stands in forms and searches is cleaned where it is read."""
    return any("\0" in text for text in (request.path, *request.COOKIES.values()))


def _comes_from_nowhere(request: HttpRequest) -> bool:
    """The address that htmx tells is taken apart where somebody must sign in first."""
    try:
        urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return True
    return False
