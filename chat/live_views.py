"""The HTTP doors of live pages, for both sides alike: poll, post, seen, history.

Each takes the request and who looks; the rooms' own views find out who that is.
"""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation

from chat import actions, live
from chat.frames import BadFrame, refused, text_of, uuid_of, whole
from chat.models import ChatSession
from chat.viewers import Viewer

STATUS = {"ended": 409, "not_yours": 409, "taken": 409, "not_found": 404}


def sync(request: HttpRequest, viewer: Viewer) -> JsonResponse:
    """What a page polls while its socket is down: how everything stands, and what came since."""
    now = timezone.now()
    try:
        since = _since(request.GET.get("since", ""))
    except BadFrame:
        return _refuse("bad_frame", 422)
    found = live.snapshot(viewer, since, now)
    known = dict.fromkeys(found.chats, 0) | since
    told = {head["chat"]: head["last_seq"] for head in found.heads}
    wanted = {chat: seq for chat, seq in known.items() if chat not in told or seq < told[chat]}
    frame = found.frame("poll", viewer, now)
    frame["chats"] = live.catch_up(viewer, wanted, translation.get_language() or "en", now)
    return JsonResponse(frame)


def _since(text: str) -> dict[int, int]:
    """`7:12,9:0` as {7: 12, 9: 0}."""
    since = {}
    for pair in filter(None, text.split(",")):
        chat, _, seq = pair.partition(":")
        if not (chat.isdecimal() and seq.isdecimal()) or len(pair) > 24:
            raise BadFrame
        since[whole(int(chat))] = whole(int(seq))
    if len(since) > live.AT_MOST_CHATS:
        raise BadFrame
    return since


def post_message(request: HttpRequest, viewer: Viewer, pk: int) -> JsonResponse:
    """A message over HTTP: {client_id, body}; the same answer as over the socket."""
    try:
        frame = _read(request)
        body, client_id = text_of(frame, "body"), uuid_of(frame, "client_id")
    except BadFrame:
        return _refuse("bad_frame", 422)
    now, language = timezone.now(), translation.get_language() or "en"
    if live.is_too_fast(viewer, pk, now):
        return _refuse("too_fast", 429)
    answer = live.post(viewer, pk, body=body, client_id=client_id, language=language, now=now)
    if answer["type"] == "event":
        return JsonResponse(answer)
    return JsonResponse(answer, status=STATUS.get(answer["code"], 422))


def seen(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """What the page got and the person read: {delivered, read}."""
    get_object_or_404(ChatSession.objects.visible_to(viewer), pk=pk)
    try:
        frame = _read(request)
        delivered, read = whole(frame.get("delivered")), whole(frame.get("read"))
    except BadFrame:
        return _refuse("bad_frame", 422)
    actions.seen(pk, viewer, delivered=delivered, read=read)
    return HttpResponse(status=204)


def history(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """The lines before a place, `?before=<chat>:<seq>`, as the page shows them."""
    chat = get_object_or_404(ChatSession.objects.visible_to(viewer), pk=pk)
    try:
        [before] = _since(request.GET.get("before", "")).items()
    except (BadFrame, ValueError):
        raise Http404 from None
    thread = live.read_thread(live.thread_of(chat, viewer), before=before)
    return render(request, "chat/_history.html", {"thread": thread, "viewer_side": viewer.side.value})


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        frame = json.loads(request.body)
    except (ValueError, RecursionError, RawPostDataException):
        raise BadFrame from None
    if not isinstance(frame, dict):
        raise BadFrame
    return frame


def _refuse(code: str, status: int) -> JsonResponse:
    return JsonResponse(refused(code), status=status)
