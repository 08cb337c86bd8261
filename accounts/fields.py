"""Fields for what people type: cleaned before it is measured, so that nothing unprintable is ever stored."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import StrangeAddress, clean_line, clean_text, one_address

TOO_LONG = _("Write at most %(limit_value)d characters.")


class Line(forms.CharField):
    """One line of text without control characters."""

    default_error_messages: ClassVar[dict[str, Any]] = {"max_length": TOO_LONG}

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class Text(forms.CharField):
    """Several lines of text without control characters."""

    widget = forms.Textarea
    default_error_messages: ClassVar[dict[str, Any]] = {"max_length": TOO_LONG}

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class Address(forms.EmailField):
    """An e-mail address in its one form, without what a keyboard or a copy puts around it."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")

    def clean(self, value: Any) -> str:
        address = super().clean(value)
        try:
            return one_address(address) if address else ""
        except StrangeAddress:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


def focus_first_error(form: forms.BaseForm) -> None:
    """Put the cursor where something has to be mended."""
    for name in form.errors:
        if name in form.fields:
            form.fields[name].widget.attrs["autofocus"] = True
            return
