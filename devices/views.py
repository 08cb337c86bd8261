"""What a technician opens and does about devices, and about the people who sit at them."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Contact, Customer
from accounts.text import clean_line
from accounts.views import ROWS_PER_PAGE, PortalRequest
from devices import actions
from devices.forms import AssignForm, SelectAgentForm
from devices.models import Device, LaunchLink


@require_GET
def devices(request: PortalRequest) -> HttpResponse:
    """All devices, or one customer's: `?customer=3&q=windows&page=2`."""
    now, words = timezone.now(), clean_line(request.GET.get("q", ""))
    customer = _customer(request.GET.get("customer", ""))
    found = Device.objects.shown().matching(words)
    if customer:
        found = found.filter(customer=customer)
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(device, device.is_online(now), device.has_page_open(now)) for device in page],
        "q": words,
        "customer": customer,
        "customers": Customer.objects.all(),
    }
    return render(request, "devices/devices.html", context)


def _customer(number: str) -> Customer | None:
    return Customer.objects.filter(pk=int(number[:9])).first() if number.isdecimal() else None


@require_GET
def device(request: PortalRequest, pk: int) -> HttpResponse:
    """One device; for htmx the part of it that changes while it is looked at."""
    found = get_object_or_404(Device.objects.shown(), pk=pk)
    template = "devices/_device.html" if request.htmx else "devices/device.html"
    return render(request, template, _shown(found, timezone.now()))


def _shown(device: Device, now: datetime) -> dict[str, object]:
    link = LaunchLink.objects.live().select_related("made_by").filter(device=device).first()
    return {
        "device": device,
        "is_online": device.is_online(now),
        "is_page_open": device.has_page_open(now),
        "link": link,
    }


@require_http_methods(["GET", "POST"])
def assign_contact(request: PortalRequest, pk: int) -> HttpResponse:
    """Say who sits at a device, in a dialog; without scripts in a page of its own."""
    device = get_object_or_404(Device.objects.shown(), pk=pk)
    form = AssignForm(request.POST or None, device=device)
    if request.method == "POST" and form.is_valid():
        _assign(request, device, form.cleaned_data["contact"])
        return _back_to(request, device)
    status = 422 if form.is_bound else 200
    return _dialog(request, "devices/_assign.html", {"device": device, "form": form}, status=status)


def _assign(request: PortalRequest, device: Device, contact: Contact | None) -> None:
    """Assign, and say what that means, also for the person who was there before."""
    before = device.contact
    is_taken = actions.assign_contact(device, contact, timezone.now())
    names = {"device": device.name, "name": contact and contact.name, "before": before and before.name}
    if contact is None:
        words = _("Nobody is assigned to %(device)s now.")
    elif is_taken:
        words = _("%(name)s is assigned to %(device)s now, in place of %(before)s.")
    else:
        words = _("%(name)s is assigned to %(device)s now.")
    messages.success(request, words % names)


@never_cache
@require_http_methods(["GET", "POST"])
def new_launch_link(request: PortalRequest, pk: int) -> HttpResponse:
    """Make the launch link anew and show it, this once; asks first, because the old one becomes void."""
    device = get_object_or_404(Device.objects.shown(), pk=pk)
    if request.method == "GET":
        context = {"device": device, "has_link": LaunchLink.objects.live().filter(device=device).exists()}
        return _dialog(request, "devices/_new_launch_link.html", context)
    secret = actions.new_launch_link(device, by=request.user, now=timezone.now())
    # After the hash sign: a browser keeps that part to itself, so no log ever holds it.
    address = f"{settings.PUBLIC_URL}/agent/#{secret}"
    return _dialog(request, "devices/_launch_link.html", {"device": device, "address": address})


@require_http_methods(["GET", "POST"])
def revoke(request: PortalRequest, pk: int) -> HttpResponse:
    """Revoke the launch link: asks first, because the page on the device closes."""
    device = get_object_or_404(Device.objects.shown(), pk=pk)
    if request.method == "POST":
        actions.revoke_launch_link(device, timezone.now())
        messages.success(request, _("The launch link of %(device)s is revoked.") % {"device": device.name})
        return _back_to(request, device)
    return _dialog(request, "devices/_revoke.html", {"device": device})


@require_GET
def contact(request: PortalRequest, pk: int) -> HttpResponse:
    """A contact: how to reach them, and the devices they sit at."""
    now = timezone.now()
    contact = get_object_or_404(Contact.objects.select_related("customer"), pk=pk)
    rows = [(device, device.is_online(now)) for device in Device.objects.shown().of_contact(contact)]
    return render(request, "devices/contact.html", {"contact": contact, "rows": rows})


@require_http_methods(["GET", "POST"])
def select_agent(request: PortalRequest, pk: int) -> HttpResponse:
    """*Select agent → Apply* (S15): this contact sits at that device, and needs no token there."""
    now = timezone.now()
    contact = get_object_or_404(Contact.objects.select_related("customer"), pk=pk)
    form = SelectAgentForm(request.POST if request.method == "POST" else None, contact=contact)
    if form.is_bound and form.is_valid():
        _assign(request, form.cleaned_data["device"], contact)
        return _to(request, reverse("devices:contact", args=[contact.pk]))
    choices = [(device, device.is_online(now)) for device in Device.objects.shown().filter(customer=contact.customer)]
    context = {"contact": contact, "form": form, "choices": choices}
    return _dialog(request, "devices/_select_agent.html", context, status=422 if form.is_bound else 200)


def _dialog(request: PortalRequest, template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """What the portal's dialog is filled with, or the same as a page where no script asked."""
    if request.htmx:
        return render(request, template, context, status=status)
    return render(request, "devices/dialog.html", context | {"inside": template}, status=status)


def _back_to(request: PortalRequest, device: Device) -> HttpResponse:
    return _to(request, reverse("devices:device", args=[device.pk]))


def _to(request: PortalRequest, address: str) -> HttpResponse:
    response = redirect(address) if not request.htmx else HttpResponse()
    if request.htmx:
        response["HX-Redirect"] = address
    return response
