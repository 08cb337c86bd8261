"""Tickets and what happened to them, to look at. They are worked on in the help desk."""

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.admin import LookedAt, ReadOnly, moment
from tickets.attachments.models import Attachment
from tickets.models import EntryKind, Ticket, TicketEntry


class EntryInline(LookedAt):
    model = TicketEntry
    fields = ["at", "who", "what"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TicketEntry]:
        files = Prefetch("attachments", queryset=Attachment.objects.readable())
        return super().get_queryset(request).select_related("technician", "contact", "ticket").prefetch_related(files)

    @admin.display(description=_("When"))
    def at(self, entry: TicketEntry) -> str:
        return moment(entry.created_at)

    @admin.display(description=_("Who"))
    def who(self, entry: TicketEntry) -> str:
        return entry.author or "–"

    @admin.display(description=_("What"))
    def what(self, entry: TicketEntry) -> str:
        """What was written, with the names of its files; or what happened as the ticket's page says it."""
        if entry.kind == EntryKind.MESSAGE:
            names = ", ".join(attachment.name for attachment in entry.attachments.all())
            return "\n".join(filter(None, [entry.body, names]))
        return render_to_string("tickets/_happened.html", {"entry": entry, "name": entry.author})


@admin.register(Ticket)
class TicketAdmin(ReadOnly):
    icon = "ticket"
    about = _("What was asked for and what was done, to look at. The work itself is done in the help desk.")
    list_display = ["number", "name", "status", "priority", "customer", "contact", "assignee", "updated_at"]
    list_display_links = ["number", "name"]
    list_filter = ["status", "priority", "customer"]
    list_select_related = ["customer", "contact", "assignee"]
    search_fields = ["=number", "title", "customer__name", "contact__name"]
    date_hierarchy = "created_at"
    ordering = ["-updated_at"]
    fieldsets = [
        (None, {"fields": ["number", "name", "status", "priority", "assignee"]}),
        (_("For"), {"fields": ["customer", "contact", "device", "writer_name", "writer_email"]}),
        (_("When"), {"fields": ["created_at", "updated_at"]}),
    ]
    inlines = [EntryInline]

    @admin.display(description=_("title"), ordering="title")
    def name(self, ticket: Ticket) -> str:
        return ticket.name

    def view_on_site(self, obj: Ticket) -> str:
        return reverse("tickets:ticket", args=[obj.number])
