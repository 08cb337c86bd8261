"""Chats, their log and who was asked, to look at. Nothing of it is changed by hand."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import LookedAt, ReadOnly, moment
from chat import actions
from chat.models import ChatAsk, ChatEvent, ChatSession
from chat.states import EndReason


class EventInline(LookedAt):
    model = ChatEvent
    verbose_name = _("Line")
    verbose_name_plural = _("What was said and what happened")
    fields = ["at", "who", "what", "said"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChatEvent]:
        return super().get_queryset(request).select_related("technician", "contact")

    @admin.display(description=_("When"))
    def at(self, event: ChatEvent) -> str:
        return moment(event.created_at)

    @admin.display(description=_("Who"))
    def who(self, event: ChatEvent) -> str:
        author = event.technician or event.contact
        return author.name if author else "–"

    @admin.display(description=_("What"))
    def what(self, event: ChatEvent) -> str:
        return event.get_kind_display()

    @admin.display(description=_("Text"))
    def said(self, event: ChatEvent) -> str:
        """What was written; of what happened, what it was about."""
        if "reason" in event.data:
            return str(EndReason(event.data["reason"]).label)
        if "number" in event.data:
            return " ".join([f"#{event.data['number']}", event.data.get("title", "")])
        return event.body


class AskInline(LookedAt):
    model = ChatAsk
    verbose_name = _("Technician")
    verbose_name_plural = _("Who was asked")
    fields = ["who", "shown", "declined"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChatAsk]:
        return super().get_queryset(request).select_related("technician")

    @admin.display(description=_("Technician"))
    def who(self, ask: ChatAsk) -> str:
        return ask.technician.name

    @admin.display(description=_("Seen"))
    def shown(self, ask: ChatAsk) -> str:
        return moment(ask.shown_at)

    @admin.display(description=_("Declined"))
    def declined(self, ask: ChatAsk) -> str:
        return moment(ask.declined_at)


@admin.register(ChatSession)
class ChatAdmin(ReadOnly):
    icon = "message-circle"
    about = _("Who talked to whom, how it ended, and every line of it, to look at.")
    list_display = ["requested_at", "device", "contact", "technician", "state", "end_reason", "ticket"]
    list_filter = ["state", "end_reason", "technician"]
    list_select_related = ["device", "contact", "technician", "ticket"]
    search_fields = [
        "device__name",
        "contact__name",
        "technician__username",
        "technician__first_name",
        "technician__last_name",
    ]
    date_hierarchy = "requested_at"
    ordering = ["-requested_at"]
    fieldsets = [
        (None, {"fields": ["device", "contact", "technician", "ticket", "asked_by", "about"]}),
        (_("How it went"), {"fields": ["state", "end_reason", "requested_at", "accepted_at", "ended_at"]}),
    ]
    inlines = [AskInline, EventInline]

    def called(self, row: ChatSession) -> str:
        return gettext("Chat with %(name)s") % {"name": row.contact_name}

    def view_on_site(self, obj: ChatSession) -> str:
        return reverse("chat:chat", args=[obj.pk])

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChatSession]:
        """Overdue ones are ended first: nobody is shown a chat as open that is over (N4)."""
        actions.settle(ChatSession.objects.all(), timezone.now())
        return super().get_queryset(request)
