"""What may come in: who sits at a device, and at which device somebody sits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from devices.models import Device


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
