"""Chats, their log and who was asked, to look at. Nothing of it is changed by hand."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.admin import ReadOnly
from chat import actions
from chat.models import ChatAsk, ChatEvent, ChatSession


class LookedAt(admin.TabularInline):
    """Rows below a chat, as they are."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: ChatSession | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ChatSession | None = None) -> bool:
        return False


class EventInline(LookedAt):
    model = ChatEvent
    fields = ["seq", "created_at", "kind", "side", "technician", "contact", "body"]


class AskInline(LookedAt):
    model = ChatAsk
    fields = ["technician", "shown_at", "declined_at"]


@admin.register(ChatSession)
class ChatAdmin(ReadOnly):
    list_display = ["id", "requested_at", "device", "contact", "technician", "state", "end_reason", "ticket"]
    list_filter = ["state", "end_reason", "asked_by", "technician"]
    list_select_related = ["device", "contact", "technician", "ticket"]
    search_fields = ["device__name", "contact__name", "technician__username"]
    ordering = ["-requested_at"]
    inlines = [AskInline, EventInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChatSession]:
        """Overdue ones are ended first: nobody is shown a chat as open that is over (N4)."""
        actions.settle(ChatSession.objects.all(), timezone.now())
        return super().get_queryset(request)
