"""Home: what can be done from here."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from chat.agent_access import PageRequest, for_page
from chat.agent_views.screens import open_chat, refusal_here, show_home


@require_GET
@for_page
def home(request: PageRequest) -> HttpResponse:
    """Home, or the open chat.

    `?over=` is how a chat ended that cannot be shown here any more (D5). `?known=` is why no chat could be started
    when the page last asked: while that is so the answer is empty, and nothing moves under the reader's eyes.
    """
    now = timezone.now()
    if chat := open_chat(request, now):
        return redirect("agent:chat", chat.pk)
    if "known" in request.GET and request.GET["known"] == (refusal_here(request, now) or ""):
        return HttpResponse(status=204)
    return show_home(request, now, over=request.GET.get("over", ""))
