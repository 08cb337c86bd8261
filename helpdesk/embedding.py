"""Which other sites may show the contact's page in a frame: those that the admin names, and no others."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from helpdesk.csp import HEADER, header


class EmbeddingMiddleware:
    """Names the sites in the policy of what stands below /agent/; without any, nobody may, as everywhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.page = reverse("agent:home")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = request.path.startswith(self.page) and response.get("Content-Type", "").startswith("text/html")
        if is_page and (sites := request.installation.embedders):  # type: ignore[attr-defined]
            response.headers.setdefault(HEADER, header(settings.SECURE_CSP | {"frame-ancestors": sites}))
            # It knows one site or none; where both stand, browsers follow the policy, and old ones this.
            del response["X-Frame-Options"]
        return response
