"""What may come in about tickets: a new one, its name, its status."""

from typing import Any, Protocol
from uuid import UUID, uuid4, uuid5

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import Line, Text
from accounts.models import Contact, Customer
from devices.models import Device
from tickets.attachments.enclosed import Enclosed
from tickets.models import Priority, Status

MAX_TITLE_CHARS = 200
MAX_DESCRIPTION_CHARS = 20_000
MAX_REPLY_CHARS = 20_000


class TitleForm(forms.Form):
    """A ticket's name: one line, not empty."""

    title = Line(
        label=_("Name"),
        max_length=MAX_TITLE_CHARS,
        error_messages={"required": _("Give the ticket a name.")},
    )


class StatusForm(forms.Form):
    status = forms.TypedChoiceField(choices=Status.choices, coerce=Status)


class ReplyForm(forms.Form):
    """What is written in a ticket; it may be empty where files come with it.

    `key` makes the same form, sent twice, one reply.
    """

    body = Text(
        label=_("Reply"),
        required=False,
        max_length=MAX_REPLY_CHARS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, enclosed: Enclosed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enclosed = enclosed

    def clean_key(self) -> UUID:
        key: UUID | None = self.cleaned_data["key"]
        return key or uuid4()

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if not body and not self.enclosed.keys:
            raise forms.ValidationError(_("Write something, or attach a file."), code="required")
        return body

    @property
    def client_id(self) -> UUID:
        """The same form with the same words and files is the same reply."""
        given = self.cleaned_data
        return uuid5(given["key"], "\0".join([given["body"], *map(str, self.enclosed.keys)]))


class NewTicketForm(forms.Form):
    """A ticket that a technician writes. Contact and device are those of the customer that is chosen.

    `key` makes the same form, sent twice, one ticket.
    """

    title = Line(
        label=_("Title"),
        max_length=MAX_TITLE_CHARS,
        error_messages={"required": _("Please give it a title: a few words are enough.")},
    )
    description = Text(
        label=_("Description"),
        help_text=_("Whoever the ticket is for can read it too."),
        required=False,
        max_length=MAX_DESCRIPTION_CHARS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    customer = forms.ModelChoiceField(
        Customer.objects.all(),
        empty_label=_("Choose…"),
        error_messages={
            "required": _("Choose whom the ticket is for."),
            "invalid_choice": _("This choice is not there any more. Choose again."),
        },
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        error_messages={"invalid_choice": _("This person does not belong there. Choose again.")},
    )
    device = forms.ModelChoiceField(
        Device.objects.none(),
        label=_("Device"),
        required=False,
        empty_label=_("None"),
        error_messages={"invalid_choice": _("This device does not belong there. Choose again.")},
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=Priority.choices,
        coerce=Priority,
        initial=Priority.MEDIUM,
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, enclosed: Enclosed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enclosed = enclosed
        customer = self._chosen()
        contact, device = self._choices("contact"), self._choices("device")
        contact.queryset = Contact.objects.filter(customer=customer)
        device.queryset = Device.objects.filter(customer=customer)
        self.has_customer = customer is not None

    def _choices(self, name: str) -> Any:
        return self.fields[name]

    def _chosen(self) -> Customer | None:
        try:
            chosen: Customer | None = self._choices("customer").clean(self["customer"].value())
        except forms.ValidationError:
            return None
        return chosen

    def clean_key(self) -> UUID:
        key: UUID | None = self.cleaned_data["key"]
        return key or uuid4()

    @property
    def digest(self) -> UUID:
        """The same form with the same words and files is the same ticket; mended and sent again it is another."""
        given = self.cleaned_data
        return uuid5(
            given["key"], "\0".join([*(str(given[name]) for name in self.fields), *map(str, self.enclosed.keys)])
        )


class WithFiles(Protocol):
    """A form that files come with."""

    enclosed: Enclosed

    def add_error(self, field: str | None, error: str) -> None: ...


def say_what_is_gone(form: WithFiles) -> None:
    """A file that came with this form is not there any more; the rest of it stays."""
    for sentence in form.enclosed.gone_in_words():
        form.add_error(None, sentence)
