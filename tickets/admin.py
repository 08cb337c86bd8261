"""Tickets and what happened to them, to look at. They are worked on in the portal."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import ReadOnly
from tickets.models import Ticket, TicketEntry


class EntryInline(admin.TabularInline):
    model = TicketEntry
    fields = ["created_at", "kind", "technician", "contact", "body"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return False


@admin.register(Ticket)
class TicketAdmin(ReadOnly):
    list_display = ["number", "name", "status", "priority", "customer", "contact", "assignee", "updated_at"]
    list_display_links = ["number", "name"]
    list_filter = ["status", "priority", "customer"]
    list_select_related = ["customer", "contact", "assignee"]
    search_fields = ["=number", "title", "customer__name", "contact__name"]
    ordering = ["-updated_at"]
    inlines = [EntryInline]
