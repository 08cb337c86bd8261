"""The admin's pages about people and settings. What is saved here goes through the actions, as everywhere."""

from datetime import datetime
from typing import Any, ClassVar

from axes.models import AccessFailureLog, AccessLog
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.fields import Line
from accounts.models import Contact, Customer, Installation, Technician

admin.site.site_header = admin.site.site_title = "Helpdesk"
admin.site.index_title = _("Admin")
for unused in (Group, AccessLog, AccessFailureLog):
    admin.site.unregister(unused)


class Kept(admin.ModelAdmin):
    """Rows that are added and changed here but never deleted: chats and tickets name them."""

    # Names are one line without control characters and direction marks, as where people type them.
    formfield_overrides: ClassVar[dict[Any, dict[str, Any]]] = {models.CharField: {"form_class": Line}}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnly(Kept):
    """Rows that the product writes, to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class NewPasswordForm(AdminPasswordChangeForm):
    def save(self, commit: bool = True) -> Technician:
        """With a new password the old sessions are over, and their open pages hear of it."""
        technician: Technician = super().save(commit=False)
        actions.save_technician(technician)
        return technician


class TechnicianForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = Technician
        labels = {"is_active": _("May sign in"), "is_staff": _("Admin")}
        help_texts = {
            "is_active": _("Switch this off when somebody leaves: their open chats end, their tickets stay."),
            "is_staff": _("May open these pages and change everything in them."),
        }


@admin.register(Technician)
class TechnicianAdmin(Kept, UserAdmin):
    form = TechnicianForm
    change_password_form = NewPasswordForm
    list_display = ["username", "name", "email", "is_available", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "is_available"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Technician | None = None) -> list[str]:
        # Nobody can shut themselves out, so that one admin is always left.
        return ["is_active", "is_staff"] if obj == request.user else []

    def save_model(self, request: HttpRequest, obj: Technician, form: Any, change: bool) -> None:
        obj.is_superuser = obj.is_staff
        actions.save_technician(obj)


@admin.register(Customer)
class CustomerAdmin(Kept):
    list_display = ["name", "has_agent"]
    list_filter = ["has_agent"]
    search_fields = ["name"]

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        actions.save_customer(obj)


@admin.register(Contact)
class ContactAdmin(Kept):
    list_display = ["name", "customer", "email", "confirmed_at"]
    list_filter = ["customer"]
    list_select_related = ["customer"]
    search_fields = ["name", "email"]
    autocomplete_fields = ["customer"]
    fields = ["customer", "name", "email", "phone"]

    def get_readonly_fields(self, request: HttpRequest, obj: Contact | None = None) -> list[str]:
        # A contact's chats and tickets would go over to another customer with them.
        return ["customer"] if obj else []

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        actions.save_contact(obj)


class InstallationForm(forms.ModelForm):
    class Meta:
        help_texts = {
            "is_chat_enabled": _(
                "People at their devices can start chats, where the HelpDesk Agent of their customer is enabled."
            ),
        }


@admin.register(Installation)
class InstallationAdmin(Kept):
    """The one row of settings, as one form."""

    form = InstallationForm
    fieldsets = [
        (None, {"fields": ["name", "vocabulary"]}),
        (_("Plan"), {"fields": ["plan", "trial"]}),
        (_("Chat with the agent"), {"fields": ["is_chat_enabled"]}),
    ]
    readonly_fields = ["trial"]
    radio_fields = {"vocabulary": admin.VERTICAL}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect(reverse("admin:accounts_installation_change", args=[Installation.objects.current().pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shown = {"title": _("Settings"), "subtitle": None, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Installation, form: Any, change: bool) -> None:
        actions.save_installation(obj, timezone.now())

    @admin.display(description=_("30 days of trial"))
    def trial(self, installation: Installation) -> str:
        return trial_words(installation, timezone.now())


def trial_words(installation: Installation, now: datetime) -> str:
    """How much of the trial is left (S3)."""
    days = installation.trial_days_left(now)
    if days is None:
        return gettext("Begins when chat is enabled or used for the first time")
    if days == 0:
        return gettext("Over")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
