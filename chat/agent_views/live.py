"""The page's part in the live delivery: what both sides share, for whoever sits at this device."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from chat import live_views
from chat.agent_access import PageRequest, for_page


@require_GET
@for_page
def sync(request: PageRequest) -> HttpResponse:
    return live_views.sync(request, request.viewer)


@require_POST
@for_page
def post_message(request: PageRequest, pk: int) -> HttpResponse:
    return live_views.post_message(request, request.viewer, pk)


@require_POST
@for_page
def seen(request: PageRequest, pk: int) -> HttpResponse:
    return live_views.seen(request, request.viewer, pk)


@require_GET
@for_page
def history(request: PageRequest, pk: int) -> HttpResponse:
    return live_views.history(request, request.viewer, pk)
