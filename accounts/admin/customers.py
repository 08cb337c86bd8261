"""Customers and their contacts."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import actions, words
from accounts.admin.kept import Kept, KeptForm, language_field
from accounts.models import Contact, Customer
from accounts.words import worded


class CustomerForm(KeptForm):
    class Meta:
        model = Customer
        fields = ("name", "has_agent")
        help_texts = {
            "has_agent": worded(
                _(
                    "On: the %(contacts)s here can start chats from their devices, when chat is enabled in the"
                    " settings. Off: they write tickets, and answer when a technician asks for a chat."
                )
            )
        }

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if other := Customer.objects.called(name).exclude(pk=self.instance.pk).first():
            raise ValidationError(gettext("%(name)s is there already.") % {"name": other.name})
        return name


@admin.register(Customer)
class CustomerAdmin(Kept):
    icon = "building-community"
    about = _("Who is helped, and where the HelpDesk Agent is switched on.")
    form = CustomerForm
    list_display = ["name", "agent", "contacts", "devices"]
    list_filter = ["has_agent"]
    search_fields = ["name"]
    actions = ["switch_agent_on", "switch_agent_off"]
    fields = ["name", "has_agent"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        return Customer.objects.counted()

    @admin.display(description="HelpDesk Agent", ordering="has_agent")
    def agent(self, customer: Customer) -> str:
        return gettext("On") if customer.has_agent else gettext("Off")

    @admin.display(description=words.contacts, ordering="contact_count")
    def contacts(self, customer: Any) -> str:
        address = reverse("admin:accounts_contact_changelist")
        return _count(customer, address, customer.contact_count)

    @admin.display(description=_("devices"), ordering="device_count")
    def devices(self, customer: Any) -> str:
        address = reverse("admin:devices_device_changelist")
        return _count(customer, address, customer.device_count)

    @admin.action(description=_("Switch the HelpDesk Agent on"))
    def switch_agent_on(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        self._switch(request, queryset, is_on=True)

    @admin.action(description=_("Switch the HelpDesk Agent off"))
    def switch_agent_off(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        self._switch(request, queryset, is_on=False)

    def _switch(self, request: HttpRequest, customers: QuerySet[Customer], *, is_on: bool) -> None:
        """Switch many at once, note it in the history of each, and say for how many it was a change."""
        for customer in customers.filter(has_agent=not is_on):
            self.log_change(request, customer, [{"changed": {"fields": [gettext("HelpDesk Agent enabled")]}}])
        messages.success(request, _switched(actions.switch_agent(customers, is_on=is_on), is_on=is_on))

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        actions.save_customer(obj, form.changed_data)

    def view_on_site(self, obj: Customer) -> str:
        return reverse("accounts:customer", args=[obj.pk])


def _count(customer: Customer, address: str, count: int) -> str:
    return render_to_string(
        "admin/_count.html", {"address": f"{address}?customer__id__exact={customer.pk}", "count": count}
    )


def _switched(count: int, *, is_on: bool) -> str:
    """What the switch did, in the words of this installation."""
    if is_on:
        told = ngettext(
            "The HelpDesk Agent was switched on for %(count)s %(customer)s.",
            "The HelpDesk Agent was switched on for %(count)s %(customers)s.",
            count,
        )
    else:
        told = ngettext(
            "The HelpDesk Agent was switched off for %(count)s %(customer)s.",
            "The HelpDesk Agent was switched off for %(count)s %(customers)s.",
            count,
        )
    return told % {"count": count, "customer": words.customer, "customers": words.customers}


class ContactForm(KeptForm):
    language = language_field()


@admin.register(Contact)
class ContactAdmin(Kept):
    icon = "users"
    about = _("The people who ask for help, and the devices they sit at.")
    form = ContactForm
    list_display = ["name", "customer", "email", "phone", "devices", "confirmed_at"]
    list_filter = ["customer"]
    list_select_related = ["customer"]
    search_fields = ["name", "email", "phone", "customer__name"]
    autocomplete_fields = ["customer"]
    fieldsets = [
        (None, {"fields": ["customer", "name", "email", "phone", "language"]}),
        (_("Where they sit"), {"fields": ["devices", "confirmed_at"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        return super().get_queryset(request).prefetch_related("devices")

    def get_fieldsets(self, request: HttpRequest, obj: Contact | None = None) -> Any:
        return self.fieldsets if obj else self.fieldsets[:1]

    def get_readonly_fields(self, request: HttpRequest, obj: Contact | None = None) -> list[str]:
        # A contact's chats and tickets would go over to another customer with them.
        return ["devices", "confirmed_at", *(["customer"] if obj else [])]

    @admin.display(description=_("devices"))
    def devices(self, contact: Contact) -> str:
        return render_to_string("admin/accounts/_devices.html", {"contact": contact})

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        actions.save_contact(obj, form.changed_data)

    def view_on_site(self, obj: Contact) -> str:
        return reverse("devices:contact", args=[obj.pk])
