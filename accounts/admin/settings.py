"""The settings of this help desk: its name and words, its plan, chat from the devices, files, and who embeds it."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.admin.kept import Kept, KeptForm
from accounts.file_types import FileType
from accounts.models import PLANS_WITH_CHAT, Customer, Installation
from accounts.origins import MAX_ORIGINS, StrangeOrigin, read_origins
from accounts.text import clean_line
from accounts.words import worded, words_of

_LIMITS = _("A file can have 1 to 20 MB.")


class InstallationForm(KeptForm):
    file_types = forms.MultipleChoiceField(
        label=_("Allowed types"),
        choices=FileType.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("With none of them, nobody can send files. What was sent before stays where it is."),
    )

    class Meta:
        help_texts = {
            "name": _("People read it at the top of their page and in the e-mail with their token."),
            "vocabulary": _("Every page, e-mail and notification uses these words at once."),
            "plan": _("Chat is part of Growth and of every plan above it. Tickets are part of every plan."),
            "is_chat_enabled": _("People can start chats from their devices, where the HelpDesk Agent is switched on."),
            "embedding_origins": worded(
                _(
                    "Where the page that %(contacts)s chat on may be shown inside another one: one origin a line, such"
                    " as https://intranet.example.com. It works where this help desk is reached over TLS."
                )
            ),
            "max_file_mb": _("From 1 to 20."),
            "is_contact_msi_allowed": _("Technicians may always send them, where MSI is one of the allowed types."),
        }
        error_messages = {
            "max_file_mb": {
                "required": _LIMITS,
                "invalid": _LIMITS,
                "min_value": _LIMITS,
                "max_value": _LIMITS,
            }
        }

    def clean_embedding_origins(self) -> str:
        try:
            origins = read_origins(self.cleaned_data["embedding_origins"])
        except StrangeOrigin as strange:
            words = gettext("“%(typed)s” is not an origin. Write it as https://intranet.example.com.")
            raise forms.ValidationError(words % {"typed": clean_line(str(strange))[:80]}) from None
        if len(origins) > MAX_ORIGINS:
            raise forms.ValidationError(gettext("Name %(most)d origins at most.") % {"most": MAX_ORIGINS})
        return "\n".join(origins)

    def clean_file_types(self) -> list[str]:
        """In the order in which people read them."""
        chosen = self.cleaned_data["file_types"]
        return [choice.value for choice in FileType if choice in chosen]


@admin.register(Installation)
class InstallationAdmin(Kept):
    """The one row of settings, as one form."""

    icon = "settings"
    about = _("The name, the words, the plan, chat with the agent, and files.")
    form = InstallationForm
    fieldsets = [
        (None, {"fields": ["name", "vocabulary"]}),
        (_("Plan"), {"fields": ["plan", "plan_now", "trial"]}),
        (_("Chat with the agent"), {"fields": ["is_chat_enabled", "chat_now"]}),
        (_("In other pages"), {"fields": ["embedding_origins"]}),
        (_("Files"), {"fields": ["file_types", "max_file_mb", "is_contact_msi_allowed", "files_now"]}),
    ]
    readonly_fields = ["plan_now", "trial", "chat_now", "files_now"]
    radio_fields = {"vocabulary": admin.VERTICAL, "plan": admin.VERTICAL}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect(reverse("admin:accounts_installation_change", args=[Installation.objects.current().pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shown = {"title": _("Settings"), "subtitle": None, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Installation, form: Any, change: bool) -> None:
        actions.save_installation(obj, form.changed_data, timezone.now())

    def response_change(self, request: HttpRequest, obj: Installation) -> HttpResponse:
        """The same page again: what the settings mean now stands beside them."""
        messages.success(request, gettext("The settings are saved."))
        return redirect(request.path)

    @admin.display(description=_("What that means"))
    def plan_now(self, installation: Installation) -> str:
        return plan_words(installation, timezone.now())

    @admin.display(description=_("Trial"))
    def trial(self, installation: Installation) -> str:
        return trial_words(installation, timezone.now())

    @admin.display(description=_("What that means"))
    def chat_now(self, installation: Installation) -> str:
        return render_to_string("admin/accounts/_chat_now.html", {"now": chat_words(installation, timezone.now())})

    @admin.display(description=_("What that means"))
    def files_now(self, installation: Installation) -> str:
        return files_words(installation)


def plan_words(installation: Installation, now: datetime) -> str:
    """Whether the plan has chat in it; outside of it, what the trial is good for (S3)."""
    names = {"plan": installation.get_plan_display()}
    if installation.plan in PLANS_WITH_CHAT:
        return gettext("Chat is part of the plan %(plan)s.") % names
    if not installation.includes_chat(now):
        return (
            gettext(
                "Chat is not part of the plan %(plan)s, and the trial is over: nobody can start a chat."
                " Tickets go on working."
            )
            % names
        )
    return gettext("Chat is not part of the plan %(plan)s. It works as long as the trial lasts.") % names


def trial_words(installation: Installation, now: datetime) -> str:
    """How much of the trial is left (S3)."""
    days = installation.trial_days_left(now)
    if days is None:
        return gettext("30 days, which begin when chat is enabled or used for the first time")
    if days == 0:
        return gettext("Over")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def chat_words(installation: Installation, now: datetime) -> str:
    """Who can start a chat as the settings are now, in a sentence (S4)."""
    words = words_of(installation.vocabulary)
    names = {"customers": words.customers, "contacts": words.contacts}
    if not installation.includes_chat(now):
        return gettext("Nobody can start a chat: it is not part of the plan.")
    if not installation.is_chat_enabled:
        return gettext("Technicians can ask for a chat. The %(contacts)s cannot start one themselves.") % names
    there, on = Customer.objects.count(), Customer.objects.filter(has_agent=True).count()
    if not on:
        return gettext("No %(contacts)s can start a chat yet: the HelpDesk Agent is switched on nowhere.") % names
    return gettext(
        "The %(contacts)s of %(on)s out of %(all)s %(customers)s can start chats: where the HelpDesk Agent is on."
    ) % (names | {"on": on, "all": there})


def files_words(installation: Installation) -> str:
    """What can be sent as the settings are now, in a sentence or two (S16)."""
    everybody = installation.allowed_types(is_contact=False)
    names = {
        "types": ", ".join(str(choice.label) for choice in everybody),
        "mb": installation.max_file_mb,
        "Contacts": words_of(installation.vocabulary).Contacts,
    }
    if not everybody:
        return gettext("Nobody can send files, in chats or with tickets. Messages go on working.")
    if installation.allowed_types(is_contact=True) == everybody:
        return gettext("Everybody can send %(types)s in chats and with tickets, up to %(mb)s MB a file.") % names
    if installation.allowed_types(is_contact=True):
        return (
            gettext(
                "Technicians can send %(types)s in chats and with tickets, up to %(mb)s MB a file."
                " %(Contacts)s can send all of these but MSI."
            )
            % names
        )
    return gettext("Technicians can send %(types)s, up to %(mb)s MB a file. %(Contacts)s can send no files.") % names
