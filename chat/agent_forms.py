"""What may come in from the contact's page; every text is cleaned before it is measured."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.fields import Address, Line, Text
from chat.models import MAX_MESSAGE_CHARS
from tickets.attachments.enclosed import Enclosed

MAX_NAME_CHARS = 120
MAX_TITLE_CHARS = 200
MAX_DESCRIPTION_CHARS = 20_000


class Digits(Line):
    """Six digits, however they were grouped when they were copied."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace(" ", "").replace("-", "")


def problem_of(form: forms.Form, field: str) -> str:
    """What is wrong with a field, as one text; blank when nothing is."""
    return " ".join(str(error) for error in form.errors.get(field, []))


class AskForm(forms.Form):
    """What it is about (P2a), the id under which the words become the chat's first message, and what was wanted.

    It is carried through the identity's steps too, so that nothing has to be typed twice.
    """

    about = Text(
        required=False,
        max_length=MAX_MESSAGE_CHARS,
        error_messages={"max_length": _("Please say it in at most %(limit_value)d characters.")},
    )
    client_id = forms.UUIDField(required=False)
    then = forms.ChoiceField(required=False, choices=[("chat", "chat")])

    @property
    def given(self) -> dict[str, Any]:
        """What to carry on with; what makes no sense counts as not given."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields} | {
            "client_id": self.cleaned_data.get("client_id")
        }


class IdentityForm(forms.Form):
    name = Line(
        max_length=MAX_NAME_CHARS,
        label=_("Full name"),
        widget=forms.TextInput(attrs={"autocomplete": "name", "data-draft": "name"}),
        error_messages={"required": _("Please write your full name.")},
    )
    email = Address(
        max_length=254,
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "data-draft": "email"}),
        error_messages={
            "required": _("Please write your e-mail address."),
            "invalid": _("This is not a whole e-mail address."),
        },
    )


class TokenForm(forms.Form):
    token = Digits(
        label=_("Token"),
        validators=[RegexValidator(r"^[0-9]{6}\Z", _("The token has six digits."))],
        widget=forms.TextInput(
            attrs={
                "class": "hd-token",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "maxlength": 20,
            }
        ),
        error_messages={"required": _("Please type the token from the e-mail.")},
    )


class TicketForm(forms.Form):
    """A ticket that somebody known leaves; `key` makes the same form, sent twice, one ticket."""

    title = Line(
        max_length=MAX_TITLE_CHARS,
        label=_("Title"),
        widget=forms.TextInput(attrs={"data-draft": "title"}),
        error_messages={"required": _("Please give it a title: a few words are enough.")},
    )
    description = Text(
        required=False,
        max_length=MAX_DESCRIPTION_CHARS,
        label=_("Description"),
        widget=forms.Textarea(attrs={"rows": 5, "data-draft": "description", "data-draft-else": "about"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, enclosed: Enclosed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enclosed = enclosed

    def clean_key(self) -> Any:
        return self.cleaned_data["key"] or uuid4()


class StrangerTicketForm(TicketForm, IdentityForm):
    """The same from somebody who is not known here: kept as typed, so that there is an answer."""
