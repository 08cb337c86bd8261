"""On what: devices and their agents, launch links, and who sits at a device."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts import words
from accounts.models import PAGE_IS_OPEN_FOR, Contact, Customer, Technician

# A device counts as online when its agent or its page was heard within this time.
ONLINE_FOR = timedelta(minutes=5)
# A page session is over by itself after this time; the agent opens a new one.
PAGE_LASTS = timedelta(days=30)
# One this old is not carried on when the agent opens the page again, so that none ends in the middle of a day.
PAGE_GETS_OLD_AFTER = timedelta(days=20)
TOKEN_LASTS = timedelta(minutes=10)
TOKEN_TRIES = 5


class Platform(models.TextChoices):
    WINDOWS = "windows", "Windows"
    MAC = "mac", "Mac"
    LINUX = "linux", "Linux"


class DeviceQuerySet(models.QuerySet["Device"]):
    def of_contact(self, contact: Contact) -> DeviceQuerySet:
        return self.filter(contact=contact)

    def called(self, name: str) -> DeviceQuerySet:
        """Those of this name, in capital or small letters."""
        return self.filter(name__iexact=name)

    def able_to_chat(self) -> DeviceQuerySet:
        """Those that are no Mac (S5)."""
        return self.exclude(platform=Platform.MAC)

    def without_contact(self) -> DeviceQuerySet:
        return self.filter(contact=None)

    def seen_last_first(self) -> DeviceQuerySet:
        return self.order_by(models.F("last_seen_at").desc(nulls_last=True), "name")

    def shown(self) -> DeviceQuerySet:
        """With what a line about a device names."""
        return self.select_related("customer", "contact")

    def matching(self, words: str) -> DeviceQuerySet:
        """By the device's name, its contact's, its customer's or its system."""
        if not words:
            return self
        names = ("name", "contact__name", "customer__name", "system")
        return self.filter(reduce(or_, (Q(**{f"{name}__icontains": words}) for name in names)))


class Device(models.Model):
    """A computer of a customer on which the agent is installed."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="devices", verbose_name=words.customer
    )
    contact = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="devices",
        verbose_name=words.contact,
    )
    name = models.CharField(_("name"), max_length=80)
    platform = models.CharField(_("platform"), max_length=16, choices=Platform, default=Platform.WINDOWS)
    system = models.CharField(_("system"), max_length=80, blank=True)
    agent_version = models.CharField(_("agent version"), max_length=40, blank=True)
    contact_assigned_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    page_seen_at = models.DateTimeField(_("page last seen"), null=True, blank=True, editable=False)
    # Chats that were asked for before this moment are over: another contact, or a revoked link (D2, D4).
    cut_off_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[DeviceQuerySet] = DeviceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["customer__name", "name"]
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="one_device_per_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_mac(self) -> bool:
        return self.platform == Platform.MAC

    def is_online(self, now: datetime) -> bool:
        return self.last_seen_at is not None and self.last_seen_at > now - ONLINE_FOR

    def has_page_open(self, now: datetime) -> bool:
        return self.page_seen_at is not None and self.page_seen_at > now - PAGE_IS_OPEN_FOR


class LaunchLinkQuerySet(models.QuerySet["LaunchLink"]):
    def live(self) -> LaunchLinkQuerySet:
        return self.filter(revoked_at=None)


class LaunchLink(models.Model):
    """The credential with which the agent opens the contact's page on its device."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="launch_links")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Technician, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[LaunchLinkQuerySet] = LaunchLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(revoked_at=None), name="one_live_launch_link_per_device"
            )
        ]

    def __str__(self) -> str:
        return f"launch link {self.pk}"


class PageSessionQuerySet(models.QuerySet["PageSession"]):
    def live(self, now: datetime) -> PageSessionQuerySet:
        """Not ended, not too old, and its launch link not revoked; a demo page has no link."""
        revoked = LaunchLink.objects.filter(pk=OuterRef("link_id"), revoked_at__isnull=False)
        return self.filter(~Exists(revoked), ended_at=None, created_at__gt=now - PAGE_LASTS)

    def over(self, now: datetime) -> PageSessionQuerySet:
        """Those that nobody can come back with, for as long as a page lasts."""
        long_ago = now - PAGE_LASTS
        return self.filter(Q(ended_at__lte=long_ago) | Q(created_at__lte=long_ago))


class PageSession(models.Model):
    """Who sits at this device: one browser that was let in by the device's launch link."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="page_sessions")
    link = models.ForeignKey(LaunchLink, null=True, on_delete=models.CASCADE, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PageSessionQuerySet] = PageSessionQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"page session {self.pk}"


class IdentityTokenQuerySet(models.QuerySet["IdentityToken"]):
    def pending(self, page: PageSession) -> IdentityTokenQuerySet:
        """The token that this page waits for, whether or not it is still good."""
        return self.filter(page=page, used_at=None, voided_at=None)

    def usable(self, now: datetime) -> IdentityTokenQuerySet:
        return self.filter(used_at=None, voided_at=None, expires_at__gt=now, tries__lt=TOKEN_TRIES)


class IdentityToken(models.Model):
    """One e-mailed token that proves an address to a device (S15). Six digits, kept as a hash."""

    page = models.ForeignKey(PageSession, on_delete=models.CASCADE, related_name="identity_tokens")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="identity_tokens")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    token_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[IdentityTokenQuerySet] = IdentityTokenQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["email", "created_at"], name="tokens_of_address")]

    def __str__(self) -> str:
        return f"identity token {self.pk}"
