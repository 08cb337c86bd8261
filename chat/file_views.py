"""The HTTP doors of a chat's files, for both sides alike: announce, send, cancel, get (S16).

Each takes the request and who looks; the rooms' own views find out who that is. `address` is where one file lives.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation

from chat import actions, live
from chat.errors import ClientIdTaken, TooLate
from chat.live_views import STATUS
from chat.models import ChatSession
from chat.viewers import Viewer, uploader_of
from tickets.attachments import actions as attachments
from tickets.attachments import arrivals
from tickets.attachments.models import Attachment, UploadState
from tickets.attachments.serving import serve
from tickets.refusals import Refused

Address = Callable[[int, UUID], str]


def announce(request: HttpRequest, viewer: Viewer, pk: int, address: Address) -> HttpResponse:
    """{key, name, size}: may this file come? With the leave to send its bytes, or why not; 404 for a foreign chat."""
    get_object_or_404(ChatSession.objects.visible_to(viewer), pk=pk)
    now = timezone.now()
    if not actions.may_post(pk, viewer, now) and not _is_sent(request, viewer, pk):
        return _over(viewer, pk, TooLate(), now)
    begun = arrivals.begin(request, by=uploader_of(viewer), now=now)
    if not isinstance(begun, Attachment):
        return begun
    if begun.state == UploadState.READY:
        # All of it came, and only the answer was lost.
        return _post(viewer, pk, begun, now)
    return arrivals.go_ahead(begun, address(pk, begun.key))


def _is_sent(request: HttpRequest, viewer: Viewer, pk: int) -> bool:
    """Whether only the answer was lost: the chat may be over by now, and the file is in it."""
    key = arrivals.announced_key(request)
    sent = Attachment.objects.of(uploader_of(viewer)).filter(event__chat=pk)
    return key is not None and sent.filter(key=key).exists()


def file(request: HttpRequest, viewer: Viewer, pk: int, key: UUID) -> HttpResponseBase:
    """PUT sends the announced bytes and posts the file, DELETE cancels it, GET and HEAD get one that was posted."""
    if request.method == "PUT":
        return _take(request, viewer, pk, key)
    if request.method == "DELETE":
        return _cancel(viewer, pk, key)
    chats = ChatSession.objects.visible_to(viewer).filter(pk=pk)
    return serve(request, get_object_or_404(Attachment.objects.readable(), key=key, event__chat__in=chats))


def _take(request: HttpRequest, viewer: Viewer, pk: int, key: UUID) -> HttpResponse:
    get_object_or_404(ChatSession.objects.visible_to(viewer), pk=pk)
    announced = get_object_or_404(Attachment.objects.of(uploader_of(viewer)), key=key)
    now = timezone.now()
    if not actions.may_post(pk, viewer, now) and announced.sent_at is None:
        return _over(viewer, pk, TooLate(), now)
    received = arrivals.receive(request, announced, by=uploader_of(viewer), now=now)
    if not isinstance(received, Attachment):
        return received
    # A look into it takes time: the chat may be over by now.
    return _post(viewer, pk, received, timezone.now())


def _post(viewer: Viewer, pk: int, attachment: Attachment, now: datetime) -> HttpResponse:
    """The same answer as to a message: its event, or a refusal in words."""
    try:
        event = actions.post_file(pk, viewer, attachment, now)
    except (TooLate, ClientIdTaken) as error:
        return _over(viewer, pk, error, now)
    except Refused as refused:
        return arrivals.refusal(refused.reason, name=attachment.name, size=attachment.size, by=uploader_of(viewer))
    return JsonResponse(live.frame_of(event, viewer, translation.get_language() or "en"), status=201)


def _over(viewer: Viewer, pk: int, error: Exception, now: datetime) -> HttpResponse:
    answer = live.refusal_of(error, viewer, pk, now)
    return JsonResponse(answer, status=STATUS.get(answer["code"], 422))


def _cancel(viewer: Viewer, pk: int, key: UUID) -> HttpResponse:
    get_object_or_404(ChatSession.objects.visible_to(viewer), pk=pk)
    by = uploader_of(viewer)
    attachments.cancel(get_object_or_404(Attachment.objects.of(by), key=key), by=by, now=timezone.now())
    return HttpResponse(status=204)
