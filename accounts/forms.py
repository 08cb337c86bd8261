"""What may come in: a sign-in, the first admin, one's own switches, customers and contacts."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.customers import Person
from accounts.fields import Address, Line
from accounts.models import Technician, Theme


class SignInForm(AuthenticationForm):
    username = UsernameField(label=_("Username"), widget=forms.TextInput(attrs={"autofocus": True}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": _("The username or the password is not right. Capital and small letters differ."),
        "inactive": _("This account is switched off. Ask an admin."),
    }


class SetupForm(forms.Form):
    """The first admin, and the code that proves access to the server."""

    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("The server printed it when it started."),
        max_length=20,
        widget=forms.TextInput(attrs={"autofocus": True, "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    name = Line(label=_("Full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    username = UsernameField(label=_("Username"), max_length=150, validators=[UnicodeUsernameValidator()])
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 8 characters, and not one that many people use."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_code(self) -> str:
        """The digits alone: people copy them with spaces."""
        code: str = self.cleaned_data["code"]
        return "".join(code.split())


class AvailabilityForm(forms.Form):
    is_available = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class ThemeForm(forms.Form):
    theme = forms.TypedChoiceField(choices=Theme.choices, coerce=Theme)


class LanguageForm(forms.Form):
    """A language of the product; blank for what the browser asks for."""

    language = forms.ChoiceField(choices=[("", ""), *settings.LANGUAGES], required=False)


class OwnPasswordForm(PasswordChangeForm):
    """One's own password, which takes the present one. With the new one, old sessions and their pages are over."""

    def save(self, commit: bool = True) -> Technician:
        technician: Technician = super().save(commit=False)
        actions.save_technician(technician, ["password"])
        return technician


class CustomerForm(forms.Form):
    """A new customer. The switch stands on: who adds one here wants to be reached from there."""

    name = Line(label=_("Name"), max_length=120, error_messages={"required": _("Give it a name.")})
    has_agent = forms.BooleanField(label=_("HelpDesk Agent"), required=False, initial=True)


class SwitchForm(forms.Form):
    """On or off, said outright: a press that is repeated changes nothing more."""

    is_on = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class ContactForm(forms.Form):
    """A contact, new or known; whose customer they are at is not for a form to say."""

    name = Line(
        label=_("Full name"),
        max_length=120,
        error_messages={"required": _("Write a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = Address(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("A token that is sent there lets this person start chats on a device of their own."),
        error_messages={"invalid": _("This is no e-mail address. One looks like name@example.com.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = Line(label=_("Phone"), required=False, max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    @property
    def person(self) -> Person:
        return Person(**self.cleaned_data)
