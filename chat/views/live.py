"""The live doors of a technician's pages: the same as the contact's, with another person at them."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from chat import live_views
from chat.viewers import at_desk
from chat.views.desk import DeskRequest


@require_GET
def sync(request: DeskRequest) -> HttpResponse:
    return live_views.sync(request, at_desk(request.user))


@require_POST
def post(request: DeskRequest, pk: int) -> HttpResponse:
    return live_views.post_message(request, at_desk(request.user), pk)


@require_POST
def seen(request: DeskRequest, pk: int) -> HttpResponse:
    return live_views.seen(request, at_desk(request.user), pk)


@require_GET
def history(request: DeskRequest, pk: int) -> HttpResponse:
    return live_views.history(request, at_desk(request.user), pk)
