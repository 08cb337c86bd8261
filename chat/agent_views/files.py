"""A chat's files as whoever sits at this device sends and gets them."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from chat import file_views
from chat.agent_access import PageRequest, for_page


def _address(pk: int, key: UUID) -> str:
    return reverse("agent:file", args=[pk, key])


@require_POST
@for_page
def announce(request: PageRequest, pk: int) -> HttpResponse:
    return file_views.announce(request, request.viewer, pk, _address)


@require_http_methods(["GET", "HEAD", "PUT", "DELETE"])
@for_page
def file(request: PageRequest, pk: int, key: UUID) -> HttpResponseBase:
    return file_views.file(request, request.viewer, pk, key)
