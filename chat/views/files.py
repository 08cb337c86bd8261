"""A chat's files as a technician sends and gets them."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from chat import file_views
from chat.viewers import at_desk
from chat.views.desk import DeskRequest


def _address(pk: int, key: UUID) -> str:
    return reverse("chat:file", args=[pk, key])


@require_POST
def announce(request: DeskRequest, pk: int) -> HttpResponse:
    return file_views.announce(request, at_desk(request.user), pk, _address)


@require_http_methods(["GET", "HEAD", "PUT", "DELETE"])
def file(request: DeskRequest, pk: int, key: UUID) -> HttpResponseBase:
    return file_views.file(request, at_desk(request.user), pk, key)
