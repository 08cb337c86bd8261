"""Who is there: technicians, customers, contacts; the installation's settings and its outgoing mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import words
from accounts.file_types import BYTES_PER_MB, HARD_LIMIT_MB, FileType
from accounts.words import Vocabulary, worded

# A page counts as open when it was heard within this time; it speaks every 15 seconds.
PAGE_IS_OPEN_FOR = timedelta(seconds=40)


class TechnicianQuerySet(models.QuerySet["Technician"]):
    def working(self) -> TechnicianQuerySet:
        return self.filter(is_active=True)

    def admins(self) -> TechnicianQuerySet:
        """Those who may open the admin."""
        return self.working().filter(is_staff=True)

    def available(self) -> TechnicianQuerySet:
        """Those whom a contact's request rings (S13): the stored switch, of people who may sign in."""
        return self.working().filter(is_available=True)


class TechnicianManager(UserManager["Technician"].from_queryset(TechnicianQuerySet)):  # type: ignore[misc]
    """Django's user manager with the vocabulary above."""


class Theme(models.TextChoices):
    SYSTEM = "system", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Technician(AbstractUser):
    """Somebody who signs in to the portal. An admin is one with `is_staff`."""

    is_available = models.BooleanField(_("available for chats"), default=False)
    language = models.CharField(_("language"), max_length=8, blank=True)
    theme = models.CharField(_("appearance"), max_length=8, choices=Theme, default=Theme.SYSTEM)
    page_seen_at = models.DateTimeField(_("page last seen"), null=True, blank=True, editable=False)

    objects: ClassVar[TechnicianManager] = TechnicianManager()

    class Meta:
        verbose_name = _("technician")
        verbose_name_plural = _("technicians")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The full name, or the username where there is none."""
        return self.get_full_name() or self.username

    @property
    def first(self) -> str:
        return self.first_name or self.username

    def has_page_open(self, now: datetime) -> bool:
        return self.page_seen_at is not None and self.page_seen_at > now - PAGE_IS_OPEN_FOR


class CustomerQuerySet(models.QuerySet["Customer"]):
    def called(self, name: str) -> CustomerQuerySet:
        """The one of this name, in capital or small letters."""
        return self.filter(name__iexact=name)

    def matching(self, words: str) -> CustomerQuerySet:
        return self.filter(name__icontains=words) if words else self

    def counted(self) -> CustomerQuerySet:
        """Each with `contact_count` and `device_count`."""
        return self.annotate(contact_count=_count_of("contacts"), device_count=_count_of("devices"))


def _count_of(relation: str) -> models.Subquery:
    # A query of its own for each number: two joins at once would count every pair.
    itself = Customer.objects.filter(pk=models.OuterRef("pk"))
    return models.Subquery(itself.annotate(found=models.Count(relation)).values("found"))


class Customer(models.Model):
    """An organisation that is helped; a *site* in an IT department's words (S0)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    has_agent = models.BooleanField(_("HelpDesk Agent enabled"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[CustomerQuerySet] = CustomerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        verbose_name = words.customer
        verbose_name_plural = words.customers

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(models.QuerySet["Contact"]):
    def matching(self, words: str) -> ContactQuerySet:
        return self.filter(Q(name__icontains=words) | Q(email__icontains=words)) if words else self


class Contact(models.Model):
    """A person at a customer who asks for help; never a user of the portal."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="contacts", verbose_name=words.customer
    )
    name = models.CharField(_("full name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    confirmed_at = models.DateTimeField(_("identity confirmed"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[ContactQuerySet] = ContactQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        verbose_name = words.contact
        verbose_name_plural = words.contacts
        constraints = [
            models.UniqueConstraint(
                "customer",
                Lower("email"),
                condition=~Q(email=""),
                name="one_contact_per_address",
                violation_error_message=_("Somebody here has this e-mail address already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first(self) -> str:
        """The given name, as one says it: the first word."""
        return self.name.split()[0] if self.name.split() else self.name


class Plan(models.TextChoices):
    PROFESSIONAL = "professional", "Professional"
    GROWTH = "growth", "Growth"
    POWER = "power", "Power"
    SUPERPOWER = "superpower", "Superpower"


PLANS_WITH_CHAT = frozenset({Plan.GROWTH, Plan.POWER, Plan.SUPERPOWER})
TRIAL_LASTS = timedelta(days=30)
# The name of an installation to which nobody has given one.
UNNAMED = "Help desk"


class InstallationManager(models.Manager["Installation"]):
    def current(self) -> Installation:
        """The one row of settings, made with its defaults when it is missing."""
        return self.get_or_create(pk=1)[0]


def all_file_types() -> list[str]:
    return [choice.value for choice in FileType]


class Installation(models.Model):
    """The settings of this help desk. Time limits are environment, not rows."""

    name = models.CharField(_("name of the help desk"), max_length=80, default=UNNAMED)
    plan = models.CharField(_("plan"), max_length=16, choices=Plan, default=Plan.GROWTH)
    is_chat_enabled = models.BooleanField(_("Enable chat"), default=False)
    vocabulary = models.CharField(_("words"), max_length=8, choices=Vocabulary, default=Vocabulary.MSP)
    # Keys of FileType (S16).
    file_types: models.JSONField[Any, Any] = models.JSONField(_("allowed types"), default=all_file_types)
    max_file_mb = models.PositiveSmallIntegerField(
        _("largest file, in MB"),
        default=HARD_LIMIT_MB,
        validators=[MinValueValidator(1), MaxValueValidator(HARD_LIMIT_MB)],
    )
    is_contact_msi_allowed = models.BooleanField(worded(_("%(Contacts)s may send MSI files")), default=True)
    # One origin a line, in its one form (accounts.origins); nobody else may show the page in a frame.
    embedding_origins = models.TextField(_("origins that may embed the page"), blank=True)
    trial_started_at = models.DateTimeField(_("trial started"), null=True, blank=True, editable=False)
    last_ticket_number = models.PositiveIntegerField(default=1000, editable=False)

    objects = InstallationManager()

    class Meta:
        verbose_name = _("settings")
        verbose_name_plural = _("settings")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_installation"),
            models.CheckConstraint(
                condition=Q(max_file_mb__gte=1, max_file_mb__lte=HARD_LIMIT_MB), name="a_file_keeps_the_hard_limit"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def max_file_bytes(self) -> int:
        return self.max_file_mb * BYTES_PER_MB

    @property
    def embedders(self) -> list[str]:
        return self.embedding_origins.split()

    def allowed_types(self, *, is_contact: bool) -> list[FileType]:
        """What may be sent, in the order in which people read it."""
        kept = set(self.file_types) - ({FileType.MSI} if is_contact and not self.is_contact_msi_allowed else set())
        return [choice for choice in FileType if choice in kept]

    @property
    def shown_name(self) -> str:
        """Its name; until an admin gives it one, what it is, in the reader's language."""
        return gettext("Help desk") if self.name == UNNAMED else self.name

    def includes_chat(self, now: datetime) -> bool:
        """Whether the plan, or the 30 days of trial, allow chat at this moment (S3)."""
        if self.plan in PLANS_WITH_CHAT or self.trial_started_at is None:
            return True
        return now < self.trial_started_at + TRIAL_LASTS

    def trial_days_left(self, now: datetime) -> int | None:
        """How many days of the trial are left, the last one counted; nothing while it has not begun."""
        if self.trial_started_at is None:
            return None
        left = self.trial_started_at + TRIAL_LASTS - now
        return max(0, ceil(left / timedelta(days=1)))


class MailQuerySet(models.QuerySet["Mail"]):
    def waiting(self) -> MailQuerySet:
        return self.filter(sent_at=None, given_up_at=None)

    def due(self, now: datetime) -> MailQuerySet:
        return self.waiting().filter(next_try_at__lte=now)


class Mail(models.Model):
    """A mail to be sent: written in the transaction that needs it, sent by a job, wiped when it went."""

    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[MailQuerySet] = MailQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(sent_at=None, given_up_at=None), name="mail_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject}"


class SetupCode(models.Model):
    """The one-time code with which the first admin of an empty installation is made."""

    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_setup_code")]

    def __str__(self) -> str:
        return "setup code"
