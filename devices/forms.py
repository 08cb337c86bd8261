"""What may come in: a new device, who sits at a device, and at which device somebody sits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import Line
from accounts.models import Contact, Customer
from accounts.words import worded
from devices.models import Device, Platform


class DeviceForm(forms.Form):
    """A new device: whose it is, what it is called, and what runs on it."""

    customer = forms.ModelChoiceField(
        Customer.objects.all(),
        label=worded("%(Customer)s"),
        empty_label=_("Choose…"),
        error_messages={
            "required": _("Choose whose device it is."),
            "invalid_choice": _("This choice is not there any more. Choose again."),
        },
    )
    name = Line(
        label=_("Name"),
        max_length=80,
        help_text=_("The computer's own name is best: people can read it there."),
        error_messages={"required": _("Give the device a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    platform = forms.TypedChoiceField(
        label=_("Platform"),
        choices=Platform.choices,
        coerce=Platform,
        initial=Platform.WINDOWS,
        help_text=_("Chat is not available on Mac yet; tickets are."),
    )

    @property
    def device(self) -> Device:
        return Device(**self.cleaned_data)


class AssignForm(forms.Form):
    """One of the customer's contacts, or nobody."""

    contact = forms.ModelChoiceField(Contact.objects.none(), required=False, empty_label=_("Nobody"))

    def __init__(self, *args: Any, device: Device, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["contact"]
        field.initial = device.contact_id
        field.queryset = device.customer.contacts.all()


class SelectAgentForm(forms.Form):
    """One of the customer's devices (S15)."""

    device = forms.ModelChoiceField(
        Device.objects.none(),
        empty_label=None,
        error_messages={
            "required": _("Choose a device first."),
            "invalid_choice": _("This device is not there any more."),
        },
    )

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["device"]
        field.queryset = Device.objects.shown().filter(customer=contact.customer)
