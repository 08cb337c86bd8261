"""The admin's pages about devices. Who sits at one, and its launch link, are changed in the help desk."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import Kept, KeptForm, LookedAt, moment
from devices import actions
from devices.models import Device, LaunchLink


class LaunchLinkInline(LookedAt):
    """That there are links, never what they are: the secret is shown once, when one is made."""

    model = LaunchLink
    verbose_name = _("Launch link")
    verbose_name_plural = _("Launch links")
    fields = ["state", "made", "maker", "used"]
    ordering = ["-created_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LaunchLink]:
        return super().get_queryset(request).select_related("made_by")

    @admin.display(description=_("State"))
    def state(self, link: LaunchLink) -> str:
        return gettext("Revoked") if link.revoked_at else gettext("In use")

    @admin.display(description=_("Made"))
    def made(self, link: LaunchLink) -> str:
        return moment(link.created_at)

    @admin.display(description=_("By"))
    def maker(self, link: LaunchLink) -> str:
        return link.made_by.name if link.made_by else "–"

    @admin.display(description=_("Last used"))
    def used(self, link: LaunchLink) -> str:
        return moment(link.last_used_at) if link.last_used_at else gettext("Never")


class DeviceForm(KeptForm):
    def clean(self) -> dict[str, Any]:
        """Capital and small letters do not tell two devices of a customer apart."""
        given: dict[str, Any] = super().clean() or {}
        customer = given.get("customer") or (self.instance.customer if self.instance.pk else None)
        others = Device.objects.filter(customer=customer).exclude(pk=self.instance.pk)
        if other := others.called(given.get("name", "")).first():
            self.add_error("name", gettext("%(name)s is there already.") % {"name": other.name})
        return given


@admin.register(Device)
class DeviceAdmin(Kept):
    icon = "device-desktop"
    about = _("Computers with the agent, and their launch links.")
    form = DeviceForm
    list_display = ["name", "customer", "contact", "platform", "has_link", "seen"]
    list_filter = ["platform", "customer"]
    list_select_related = ["customer", "contact"]
    search_fields = ["name", "system", "customer__name", "contact__name"]
    autocomplete_fields = ["customer"]
    radio_fields = {"platform": admin.VERTICAL}
    fieldsets = [
        (None, {"fields": ["customer", "name", "platform", "system", "agent_version"]}),
        (_("In use"), {"fields": ["contact", "seen"]}),
    ]
    inlines = [LaunchLinkInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Device]:
        link = LaunchLink.objects.live().filter(device=OuterRef("pk"))
        return super().get_queryset(request).annotate(is_linked=Exists(link))

    def get_fieldsets(self, request: HttpRequest, obj: Device | None = None) -> Any:
        return self.fieldsets if obj else self.fieldsets[:1]

    def get_inlines(self, request: HttpRequest, obj: Device | None) -> Any:
        return self.inlines if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Device | None = None) -> list[str]:
        # A device's chats and tickets would go over to another customer with it.
        return ["contact", "seen", *(["customer"] if obj else [])]

    @admin.display(description=_("Launch link"), ordering="is_linked")
    def has_link(self, device: Any) -> str | None:
        return gettext("In use") if device.is_linked else None

    @admin.display(description=_("Last seen"), ordering="last_seen_at")
    def seen(self, device: Device) -> str:
        is_here = device.is_online(timezone.now())
        return render_to_string("admin/_seen.html", {"is_here": is_here, "seen_at": device.last_seen_at})

    def save_model(self, request: HttpRequest, obj: Device, form: Any, change: bool) -> None:
        actions.save_device(obj, form.changed_data)

    def response_add(self, request: HttpRequest, obj: Device, post_url_continue: str | None = None) -> HttpResponse:
        """On to its launch link: without one nothing opens on a device."""
        return redirect("devices:new_launch_link", obj.pk)

    def view_on_site(self, obj: Device) -> str:
        return reverse("devices:device", args=[obj.pk])
