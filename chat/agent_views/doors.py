"""How a browser gets its page session: by the device's launch link, or in the demonstration by its name."""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from chat.agent_access import page_of, set_cookie
from devices import actions
from devices.models import Device


@login_not_required
@never_cache
@require_POST
def open_page(request: HttpRequest) -> HttpResponse:
    """The secret of a launch link, {secret}, which the page's script read from the address and wiped there."""
    try:
        _page, secret = actions.open_page(_secret(request), known=page_of(request), now=timezone.now())
    except actions.BadLink:
        words = _(
            "This link is not valid any more. Open the page again from the HelpDesk Agent on your computer; "
            "if that does not help, ask your help desk for a new link."
        )
        return JsonResponse({"words": words}, status=403)
    response = JsonResponse({"is_new": secret is not None})
    if secret:
        set_cookie(response, secret)
    return response


def _secret(request: HttpRequest) -> str:
    """What was sent as the secret; blank for anything that is none."""
    try:
        secret = json.loads(request.body)["secret"]
    except (ValueError, KeyError, TypeError, RecursionError, RawPostDataException):
        return ""
    return secret if isinstance(secret, str) else ""


@login_not_required
@never_cache
@require_GET
def demo(request: HttpRequest, name: str) -> HttpResponse:
    """Be the person at a device of the demonstration. There is no such address without it."""
    device = Device.objects.filter(name=name).order_by("pk").first() if settings.DEMO else None
    if device is None:
        raise Http404
    response = redirect("agent:home")
    page = page_of(request)
    if page is None or page.device_id != device.pk:
        _page, secret = actions.start_page(device, link=None, now=timezone.now())
        set_cookie(response, secret)
    return response
