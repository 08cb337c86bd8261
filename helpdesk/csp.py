"""What a browser may load and run on our pages (the Content Security Policy).

The settings bear Django 6's names, so that with Django 6 this file goes and `django.middleware.csp` takes over.
"""

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"

Policy = Mapping[str, Sequence[str]]


def header(policy: Policy) -> str:
    """The policy as one header line."""
    return "; ".join(" ".join([directive, *sources]) for directive, sources in policy.items())


class ContentSecurityPolicyMiddleware:
    """Puts `settings.SECURE_CSP` on every answer that does not bring a policy of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, header(settings.SECURE_CSP))
        return response
