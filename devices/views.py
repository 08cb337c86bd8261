"""What a technician opens and does about devices, and about the people who sit at them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.dialogs import leave_dialog, show_dialog
from accounts.fields import focus_first_error
from accounts.models import Contact, Customer
from accounts.views import ROWS_PER_PAGE, PortalRequest
from devices import actions
from devices.choosing import Choosing
from devices.forms import AssignForm, DeviceForm, SelectAgentForm
from devices.listing import Listing
from devices.models import Device, LaunchLink


@require_GET
def devices(request: PortalRequest) -> HttpResponse:
    """All devices, or those that the address asks for."""
    now, listing = timezone.now(), Listing(request.GET)
    page = Paginator(listing.devices, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "list": listing,
        "page": page,
        "rows": [(device, device.is_online(now), device.has_page_open(now)) for device in page],
        "customers": Customer.objects.all(),
    }
    return render(request, "devices/devices.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new_device(request: PortalRequest) -> HttpResponse:
    """*Add device*; what answers is its launch link, this once. `?customer=3` says whose it is."""
    form = DeviceForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    context: dict[str, Any] = {"form": form, "about": _("Add device"), "has_customers": Customer.objects.exists()}
    if form.is_bound and form.is_valid():
        device = form.device
        try:
            secret = actions.add_device(device, by=request.user, now=timezone.now())
        except actions.NameTaken as taken:
            form.add_error("name", _("%(name)s is here already.") % {"name": taken.device.name})
            context["other"] = taken.device
        else:
            return _show_link(request, device, secret)
    focus_first_error(form)
    status = 422 if form.is_bound else 200
    return show_dialog(request, "devices/_new.html", context, back=reverse("devices:list"), status=status)


def _show_link(request: PortalRequest, device: Device, secret: str, *, is_replaced: bool = False) -> HttpResponse:
    """The launch link, which nothing can show again."""
    # After the hash sign: a browser keeps that part to itself, so no log ever holds it.
    address = f"{settings.PUBLIC_URL}/agent/#{secret}"
    context = {"device": device, "address": address, "is_replaced": is_replaced}
    return show_dialog(request, "devices/_launch_link.html", context, back=_page_of(device))


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
        return leave_dialog(request, _page_of(device))
    context = {"device": device, "form": form}
    status = 422 if form.is_bound else 200
    return show_dialog(request, "devices/_assign.html", context, back=_page_of(device), status=status)


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
        context = {"device": device, "has_link": _has_link(device)}
        return show_dialog(request, "devices/_new_launch_link.html", context, back=_page_of(device))
    is_replaced = _has_link(device)
    secret = actions.new_launch_link(device, by=request.user, now=timezone.now())
    return _show_link(request, device, secret, is_replaced=is_replaced)


def _has_link(device: Device) -> bool:
    return LaunchLink.objects.live().filter(device=device).exists()


@require_http_methods(["GET", "POST"])
def revoke(request: PortalRequest, pk: int) -> HttpResponse:
    """Revoke the launch link: asks first, because the page on the device closes."""
    device = get_object_or_404(Device.objects.shown(), pk=pk)
    if request.method == "POST":
        actions.revoke_launch_link(device, timezone.now())
        messages.success(request, _("The launch link of %(device)s is revoked.") % {"device": device.name})
        return leave_dialog(request, _page_of(device))
    context = {"device": device, "has_link": _has_link(device)}
    return show_dialog(request, "devices/_revoke.html", context, back=_page_of(device))


@require_GET
def contact(request: PortalRequest, pk: int) -> HttpResponse:
    """A contact: who it is and where they sit; for htmx the parts of it that change while it is looked at."""
    now = timezone.now()
    contact = get_object_or_404(Contact.objects.select_related("customer"), pk=pk)
    devices = Device.objects.shown().of_contact(contact)
    rows = [(device, device.is_online(now), device.has_page_open(now)) for device in devices]
    template = "devices/_contact_parts.html" if request.htmx else "devices/contact.html"
    return render(request, template, {"contact": contact, "rows": rows})


@require_http_methods(["GET", "POST"])
def select_agent(request: PortalRequest, pk: int) -> HttpResponse:
    """*Select agent → Apply* (S15): this contact sits at that device, and needs no token there."""
    now = timezone.now()
    contact = get_object_or_404(Contact.objects.select_related("customer"), pk=pk)
    address = reverse("devices:contact", args=[contact.pk])
    form = SelectAgentForm(request.POST if request.method == "POST" else None, contact=contact)
    if form.is_bound and form.is_valid():
        _assign(request, form.cleaned_data["device"], contact)
        return leave_dialog(request, address)
    choosing = Choosing(contact, request.POST if form.is_bound else request.GET, now)
    context = {"contact": contact, "form": form, "choosing": choosing}
    status = 422 if form.is_bound else 200
    return show_dialog(request, "devices/_select_agent.html", context, back=address, status=status)


def _page_of(device: Device) -> str:
    return reverse("devices:device", args=[device.pk])
