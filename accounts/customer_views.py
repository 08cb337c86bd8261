"""What a technician opens and does about customers and their contacts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.functions import Lower
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actions import switch_agent
from accounts.customers import AddressTaken, NameTaken, add_contact, add_customer, change_contact
from accounts.dialogs import leave_dialog, show_dialog
from accounts.fields import focus_first_error
from accounts.forms import ContactForm, CustomerForm, SwitchForm
from accounts.models import Contact, Customer
from accounts.sorting import Column, Sorting
from accounts.text import clean_line
from accounts.views import ROWS_PER_PAGE, PortalRequest
from accounts.words import worded


def _columns() -> dict[str, Column]:
    return {
        "customer": Column(worded("%(Customer)s"), "title", Lower("name")),
        "agent": Column(gettext_lazy("HelpDesk Agent"), "contact", F("has_agent"), is_downward=True),
        "contacts": Column(worded("%(Contacts)s"), "when", F("contact_count"), is_downward=True),
        "devices": Column(gettext_lazy("Devices"), "when", F("device_count"), is_downward=True),
    }


@require_GET
def customers(request: PortalRequest) -> HttpResponse:
    """All customers: `?q=acme&sort=-devices&page=2`."""
    words = clean_line(request.GET.get("q", ""))
    sorting = Sorting(_columns(), request.GET.get("sort", ""), default="customer")
    found = sorting.order(Customer.objects.matching(words).counted(), "pk")
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": words, "sorting": sorting, "kept": {"sort": sorting.asked}}
    return render(request, "accounts/customers.html", context)


@require_GET
def customer(request: PortalRequest, pk: int) -> HttpResponse:
    """One customer: its facts and its contacts."""
    customer = get_object_or_404(Customer.objects.counted(), pk=pk)
    words = clean_line(request.GET.get("q", ""))
    contacts = customer.contacts.matching(words).prefetch_related("devices")
    page = Paginator(contacts, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/customer.html", {"customer": customer, "page": page, "q": words})


@require_http_methods(["GET", "POST"])
def new_customer(request: PortalRequest) -> HttpResponse:
    """*Add customer*, for admins."""
    _admins_only(request)
    form = CustomerForm(request.POST if request.method == "POST" else None)
    added = _add_customer(form) if form.is_bound and form.is_valid() else None
    if added:
        return _done(request, _("%(name)s was added.") % {"name": added.name}, _page_of(added))
    return _form(request, "accounts/_new_customer.html", form, {}, back=reverse("accounts:customers"))


def _add_customer(form: CustomerForm) -> Customer | None:
    """The customer that was added; or nothing, with the reason beside its field."""
    try:
        return add_customer(**form.cleaned_data)
    except NameTaken as taken:
        form.add_error("name", _("%(name)s is here already.") % {"name": taken.name})
    return None


@require_POST
def agent_switch(request: PortalRequest, pk: int) -> HttpResponse:
    """The HelpDesk Agent of one customer, on or off, for admins (S4)."""
    _admins_only(request)
    customer = get_object_or_404(Customer, pk=pk)
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    is_on = form.cleaned_data["is_on"]
    switch_agent(Customer.objects.filter(pk=pk), is_on=is_on)
    words = _("The HelpDesk Agent of %(name)s is on.") if is_on else _("The HelpDesk Agent of %(name)s is off.")
    return _done(request, words % {"name": customer.name}, _page_of(customer))


@require_http_methods(["GET", "POST"])
def new_contact(request: PortalRequest, pk: int) -> HttpResponse:
    """*Add contact*, on a customer's page."""
    customer = get_object_or_404(Customer, pk=pk)
    form = ContactForm(request.POST if request.method == "POST" else None)
    added = _add_contact(customer, form) if form.is_bound and form.is_valid() else None
    if added:
        contact, is_new = added
        words = _("%(name)s was added.") if is_new else _("%(name)s is here already.")
        return _done(request, words % {"name": contact.name}, _page_of(contact))
    return _form(request, "accounts/_contact_form.html", form, {"customer": customer}, back=_page_of(customer))


def _add_contact(customer: Customer, form: ContactForm) -> tuple[Contact, bool] | None:
    """Who was added, or is here already; or nothing, with the reason beside its field."""
    try:
        return add_contact(customer, form.person)
    except AddressTaken:
        _say_taken(form)
    return None


@require_http_methods(["GET", "POST"])
def edit_contact(request: PortalRequest, pk: int) -> HttpResponse:
    """*Edit contact*: name, e-mail address, phone."""
    contact = get_object_or_404(Contact.objects.select_related("customer"), pk=pk)
    form = ContactForm(request.POST if request.method == "POST" else None, initial=model_to_dict(contact))
    if form.is_bound and form.is_valid() and _change_contact(contact, form):
        return _done(request, _("Saved"), _page_of(contact))
    context = {"contact": contact, "customer": contact.customer}
    return _form(request, "accounts/_contact_form.html", form, context, back=_page_of(contact))


def _change_contact(contact: Contact, form: ContactForm) -> bool:
    """Whether it was saved; the reason why not stands beside its field."""
    try:
        change_contact(contact, form.person)
    except AddressTaken:
        _say_taken(form)
        return False
    return True


def _say_taken(form: ContactForm) -> None:
    form.add_error("email", _("Somebody here has this e-mail address already."))


def _admins_only(request: PortalRequest) -> None:
    if not request.user.is_staff:
        raise PermissionDenied


def _form(
    request: PortalRequest, template: str, form: forms.Form, context: dict[str, Any], *, back: str
) -> HttpResponse:
    focus_first_error(form)
    status = 422 if form.is_bound else 200
    return show_dialog(request, template, context | {"form": form}, back=back, status=status)


def _done(request: PortalRequest, words: str, address: str) -> HttpResponse:
    messages.success(request, words)
    return leave_dialog(request, address)


def _page_of(row: Customer | Contact) -> str:
    # A contact's page shows devices too, so it belongs to a higher room.
    return reverse("accounts:customer" if isinstance(row, Customer) else "devices:contact", args=[row.pk])
