"""The admin as a whole: its pages in the order in which an admin needs them, and the ways in and out."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import OwnPasswordForm

Section = tuple[str | Promise, tuple[str, ...]]

SECTIONS: tuple[Section, ...] = (
    (_("Help desk"), ("Installation", "Technician")),
    (_("Who is helped"), ("Customer", "Contact", "Device")),
    (_("What happened"), ("ChatSession", "Ticket")),
    (_("Behind the scenes"), ("Mail", "AccessAttempt")),
)


class AdminSite(admin.AdminSite):
    site_header = site_title = "Helpdesk"
    index_title = _("Admin")
    empty_value_display = "–"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Django's list, in our sections: who runs a help desk does not think in apps."""
        apps = super().get_app_list(request, app_label)
        rows = {row["object_name"]: row for app in apps for row in app["models"]}
        for row in rows.values():
            page: Any = self.get_model_admin(row["model"])
            row |= {"name": page.heading, "singular": page.opts.verbose_name, "icon": page.icon, "about": page.about}
        named = [(name, [rows[model] for model in models if model in rows]) for name, models in SECTIONS]
        return [{"name": name, "app_url": reverse("admin:index"), "models": models} for name, models in named if models]

    @method_decorator(require_safe)
    def app_index(  # type: ignore[override]
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return redirect("admin:index")

    @method_decorator(require_http_methods(["GET", "POST"]))
    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Django's page, with a form that stores through the action."""
        view = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context=self.each_context(request) | (extra_context or {}),
        )
        return view(request)
