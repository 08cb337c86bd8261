"""The kinds of pages that the admin is made of: rows that stay, rows to look at, rows below another."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminRadioSelect, RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.fields import Address, Line


def language_field() -> forms.ChoiceField:
    """In which language somebody reads (D12); each is named in itself."""
    languages = [(code, capfirst(get_language_info(code)["name_local"])) for code, _name in settings.LANGUAGES]
    return forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("As the browser")), *languages],
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
        required=False,
    )


class KeptForm(forms.ModelForm):
    """A form whose labels stand alone, without Django's colon, as everywhere else.

    It brings what the page had shown along: `changed_data` is what this person changed, though somebody else has
    changed other fields meanwhile. Only that is stored.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        # A list that was empty is told by nothing: whatever else was told says that this was too.
        is_told = not self.is_bound or any(self.add_initial_prefix(name) in self.data for name in self.fields)
        for field in self.fields.values():
            field.show_hidden_initial = is_told and self.instance.pk is not None


class Kept(admin.ModelAdmin):
    """Rows that are added and changed here but never deleted: chats and tickets name them."""

    # How the menu and the start page show it: an icon of the sprite, and a sentence about what is here.
    icon: ClassVar[str]
    about: ClassVar[str | Promise]

    form = KeptForm
    # Names are one line without control characters and direction marks, as where people type them.
    formfield_overrides: ClassVar[dict[Any, dict[str, Any]]] = {
        models.CharField: {"form_class": Line},
        models.EmailField: {"form_class": Address},
    }

    @property
    def heading(self) -> str:
        """What the page is called, in the menu and above its list."""
        return capfirst(str(self.opts.verbose_name_plural))

    def called(self, row: Any) -> str:
        """What the page of a row is called."""
        return str(row)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        row = context.get("original")
        named = {"subtitle": self.called(row)} if row and context.get("subtitle") else {}
        return super().render_change_form(request, context | named, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": self.heading} | (extra_context or {}))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        """Without Django's buttons for windows of their own: each kind of row has its page in the menu."""
        field: forms.Field | None = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class ReadOnly(Kept):
    """Rows that the product writes, to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class LookedAt(admin.TabularInline):
    """Rows below another, to look at."""

    template = "admin/_rows.html"
    extra = 0
    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [str(name) for name in self.fields or ()]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def moment(at: datetime | None) -> str:
    """A moment as the lists of the admin write it; a dash where nothing happened yet."""
    return date_format(localtime(at), "DATETIME_FORMAT") if at else "–"
