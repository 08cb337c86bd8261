"""What may come in: a sign-in, the first admin, one's own switches."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from accounts.fields import Line
from accounts.models import Theme


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


class LanguageForm(forms.Form):
    """A language of the product; blank for what the browser asks for."""

    language = forms.ChoiceField(choices=[("", ""), *settings.LANGUAGES], required=False)


class ThemeForm(forms.Form):
    theme = forms.TypedChoiceField(choices=Theme.choices, coerce=Theme)
