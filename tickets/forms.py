"""What may come in about tickets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import clean_line
from tickets.models import Status


class TitleForm(forms.Form):
    """A ticket's name: one clean line."""

    title = forms.CharField(label=_("Name"), max_length=200)

    def clean_title(self) -> str:
        title = clean_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError(_("Give the ticket a name."), code="required")
        return title


class StatusForm(forms.Form):
    status = forms.TypedChoiceField(choices=Status.choices, coerce=Status)
