"""What may come in from the console."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TicketNameForm(forms.Form):
    """A ticket's name; left empty it stays as it is."""

    title = forms.CharField(label=_("Name"), max_length=200, required=False)
