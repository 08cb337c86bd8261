"""Technicians: who may sign in, who is an admin, who is available."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminRadioSelect
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserCreationForm, UsernameField
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.admin.kept import Kept, KeptForm, language_field
from accounts.models import Technician

admin.site.unregister(Group)


class Role(models.TextChoices):
    TECHNICIAN = "technician", _("Technician: chats, tickets and devices")
    ADMIN = "admin", _("Admin: the same, and everything on these pages")


def role_of(technician: Technician) -> Role:
    return Role.ADMIN if technician.is_staff else Role.TECHNICIAN


class PersonForm(KeptForm):
    """Who somebody is and what they may do; a new one and a known one alike."""

    role = forms.ChoiceField(
        label=_("Role"), choices=Role, widget=AdminRadioSelect(attrs={"class": "radiolist"}), initial=Role.TECHNICIAN
    )
    language = language_field()

    class Meta:
        model = Technician
        fields = ("username", "first_name", "last_name", "email")
        field_classes = {"username": UsernameField}
        labels = {"email": _("E-mail address"), "is_active": _("May sign in")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["role"] = role_of(self.instance)


class TechnicianForm(PersonForm):
    class Meta(PersonForm.Meta):
        help_texts = {
            "is_active": _(
                "Switch this off when somebody leaves: they are signed out everywhere at once and their open chats end."
                " Their tickets and what they wrote stay."
            ),
        }


class NewTechnicianForm(PersonForm, UserCreationForm):
    class Meta(PersonForm.Meta):
        pass


class NewPasswordForm(AdminPasswordChangeForm):
    """A new password for somebody. Who shall not sign in any more is switched off instead of losing it."""

    def __init__(self, user: Technician, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **{"label_suffix": "", **kwargs})
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True

    def save(self, commit: bool = True) -> Technician:
        """With a new password the old sessions are over, and their open pages hear of it."""
        technician: Technician = super().save(commit=False)
        actions.save_technician(technician, ["password"])
        return technician


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("technician", _("Technician")), ("admin", _("Admin"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Technician]) -> QuerySet[Technician]:
        return queryset.filter(is_staff=self.value() == Role.ADMIN) if self.value() in Role else queryset


class StateFilter(admin.SimpleListFilter):
    title = _("availability")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("available", _("Available")), ("unavailable", _("Unavailable")), ("off", _("May not sign in"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Technician]) -> QuerySet[Technician]:
        match self.value():
            case "available":
                return queryset.filter(is_active=True, is_available=True)
            case "unavailable":
                return queryset.filter(is_active=True, is_available=False)
            case "off":
                return queryset.filter(is_active=False)
        return queryset


@admin.register(Technician)
class TechnicianAdmin(Kept, UserAdmin):
    icon = "headset"
    about = _("Who may sign in, who is an admin, and who is available for chats.")
    form = TechnicianForm
    add_form = NewTechnicianForm
    add_form_template = "admin/change_form.html"
    change_password_form = NewPasswordForm
    list_display = ["username", "name", "availability", "seen", "role_word", "address"]
    list_display_links = ["username", "name"]
    list_filter = [StateFilter, RoleFilter]
    filter_horizontal = []
    radio_fields = {"theme": admin.VERTICAL}
    fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        (_("Rights"), {"fields": ["role", "is_active"]}),
        (_("Chat availability"), {"fields": ["availability", "seen"]}),
        (_("What they see"), {"fields": ["language", "theme"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        (_("Rights"), {"fields": ["role"]}),
        (_("Password"), {"fields": ["password1", "password2"]}),
        (_("What they see"), {"fields": ["language"]}),
    ]

    @admin.display(description=_("Full name"), ordering="first_name")
    def name(self, technician: Technician) -> str:
        return technician.get_full_name()

    @admin.display(description=_("E-mail address"), ordering="email")
    def address(self, technician: Technician) -> str:
        return technician.email

    @admin.display(description=_("Role"), ordering="is_staff")
    def role_word(self, technician: Technician) -> str:
        return gettext("Admin") if technician.is_staff else gettext("Technician")

    @admin.display(description=_("Role"))
    def role(self, technician: Technician) -> str:
        return gettext("Admin. Nobody takes this from themselves; another admin can.")

    @admin.display(description=_("May sign in"))
    def active(self, technician: Technician) -> str:
        return gettext("Yes. Nobody shuts themselves out; another admin can.")

    @admin.display(description=_("Availability"), ordering="is_available")
    def availability(self, technician: Technician) -> str:
        return render_to_string("admin/accounts/_availability.html", {"technician": technician})

    @admin.display(description=_("Last seen"), ordering="page_seen_at")
    def seen(self, technician: Technician) -> str:
        known = [at for at in (technician.page_seen_at, technician.last_login) if at]
        is_here = technician.is_active and technician.has_page_open(timezone.now())
        return render_to_string("admin/_seen.html", {"is_here": is_here, "seen_at": max(known, default=None)})

    def get_readonly_fields(self, request: HttpRequest, obj: Technician | None = None) -> list[str]:
        # Nobody can shut themselves out, so that one admin is always left.
        return ["availability", "seen", *(["role", "active"] if obj == request.user else [])]

    def get_fieldsets(self, request: HttpRequest, obj: Technician | None = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        if obj != request.user:
            return shown
        return [(name, {"fields": [_own(str(field)) for field in options["fields"]]}) for name, options in shown]

    def save_model(self, request: HttpRequest, obj: Technician, form: Any, change: bool) -> None:
        changed = [name for name in form.changed_data if name != "role"]
        if "role" in form.changed_data or not change:
            obj.is_staff = obj.is_superuser = form.cleaned_data["role"] == Role.ADMIN
            changed += ["is_staff", "is_superuser"]
        if change:
            actions.save_technician(obj, changed)
        else:
            actions.add_technician(obj)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except actions.LastAdmin:
            messages.error(request, gettext("Nothing was changed: no admin would be left."))
            return redirect(request.path)

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: str | None = None) -> HttpResponse:
        """Back to the list, as after every other row: the form for a new one asks for all there is."""
        return admin.ModelAdmin.response_add(self, request, obj, post_url_continue)


def _own(field: str) -> str:
    """The field as shown to the person it is about."""
    return "active" if field == "is_active" else field
