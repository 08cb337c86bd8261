"""How the fields of a form are drawn."""

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def control(field: BoundField) -> SafeString:
    """Draw the field in our look: {{ form.name|control }}."""
    look = "form-select" if isinstance(field.field.widget, forms.Select) else "form-control"
    own = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{look} {own}".strip()})
