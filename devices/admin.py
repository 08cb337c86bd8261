"""The admin's page about devices. Who sits at one, and its launch link, are changed in the portal."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import Kept
from devices import actions
from devices.models import Device


@admin.register(Device)
class DeviceAdmin(Kept):
    list_display = ["name", "customer", "contact", "platform", "last_seen_at"]
    list_filter = ["platform", "customer"]
    list_select_related = ["customer", "contact"]
    search_fields = ["name", "customer__name", "contact__name"]
    autocomplete_fields = ["customer"]
    fields = ["customer", "name", "platform", "system", "agent_version"]

    def get_readonly_fields(self, request: HttpRequest, obj: Device | None = None) -> list[str]:
        # A device's chats and tickets would go over to another customer with it.
        return ["customer"] if obj else []

    def save_model(self, request: HttpRequest, obj: Device, form: Any, change: bool) -> None:
        actions.save_device(obj)
