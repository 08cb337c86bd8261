"""The identity confirmation by e-mail (S15): who sits at this device?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.keys import hashed, matches, new_digits
from accounts.mail import write_mail
from accounts.models import Contact, Installation
from devices.actions import assign_contact, start_page
from devices.models import TOKEN_LASTS, TOKEN_TRIES, IdentityToken, PageSession

AGAIN_AFTER = timedelta(seconds=60)
TOKENS_AN_HOUR = 6


@dataclass
class TooSoon(Exception):
    """A token went out less than a minute ago; the next may go at `again_at`."""

    again_at: datetime


@dataclass
class TooMany(Exception):
    """Too many tokens or tries; the next may go at `again_at`."""

    again_at: datetime


@dataclass
class WrongToken(Exception):
    """Not the digits that were sent. At 0 `tries_left` this token is over."""

    tries_left: int


class TooOld(Exception):
    """The token is past its ten minutes, was used, or was never sent."""


@dataclass(frozen=True)
class Confirmed:
    contact: Contact
    page: PageSession
    # The cookie's new secret, when this browser's page session had to be made anew.
    secret: str | None


def send_token(page: PageSession, *, name: str, email: str, now: datetime) -> IdentityToken:
    """Mail a token to the address; an earlier one is void. Raises TooSoon or TooMany.

    Whether the address is known here changes nothing that the asker can see (HAZARDS case 26).
    """
    digits = new_digits(6)
    with transaction.atomic():
        # Everybody who sends a token passes through this row, so that the counts below are true.
        Installation.objects.filter(pk=1).update(last_ticket_number=F("last_ticket_number"))
        _check_limits(page, email, now)
        IdentityToken.objects.pending(page).update(voided_at=now)
        token = IdentityToken.objects.create(
            page=page,
            device=page.device,
            name=name,
            email=email,
            token_hash=hashed(digits, use=f"identity.{page.device_id}.{email.lower()}"),
            created_at=now,
            expires_at=now + TOKEN_LASTS,
        )
        _write(token, digits, now)
    return token


def _check_limits(page: PageSession, email: str, now: datetime) -> None:
    tokens = IdentityToken.objects.filter(Q(device=page.device) | Q(email__iexact=email))
    over = tokens.filter(device=page.device, tries__gte=TOKEN_TRIES, expires_at__gt=now, used_at=None)
    if worn_out := over.order_by("-expires_at").first():
        raise TooMany(worn_out.expires_at)
    for one_of in (Q(device=page.device), Q(email__iexact=email)):
        _check_rate(tokens.filter(one_of), now)


def _check_rate(tokens: QuerySet[IdentityToken], now: datetime) -> None:
    sent = list(
        tokens.filter(created_at__gt=now - timedelta(hours=1))
        .order_by("-created_at")
        .values_list("created_at", flat=True)[:TOKENS_AN_HOUR]
    )
    if sent and sent[0] + AGAIN_AFTER > now:
        raise TooSoon(sent[0] + AGAIN_AFTER)
    if len(sent) == TOKENS_AN_HOUR:
        raise TooMany(sent[-1] + timedelta(hours=1))


def _write(token: IdentityToken, digits: str, now: datetime) -> None:
    help_desk = Installation.objects.current().shown_name
    # Without the name that was typed: whoever types the address of a stranger could write to them with it.
    body = _(
        "Hello,\n\nthis token confirms your e-mail address for %(help_desk)s on %(device)s:\n\n"
        "%(digits)s\n\nIt is valid for %(minutes)s minutes and can be used once.\n"
        "If you did not ask for it, you can ignore this mail.\n"
    ) % {
        "help_desk": help_desk,
        "device": token.device.name,
        "digits": digits,
        "minutes": TOKEN_LASTS // timedelta(minutes=1),
    }
    subject = _("Your token for %(help_desk)s") % {"help_desk": help_desk}
    write_mail(token.email, subject, body, now=now, useful_for=TOKEN_LASTS)


def void_token(page: PageSession, now: datetime) -> None:
    """*Change*: the address was wrong; the token that went there is void."""
    IdentityToken.objects.pending(page).update(voided_at=now)


def confirm(page: PageSession, digits: str, now: datetime) -> Confirmed:
    """Check the token and assign its contact to the device. Raises WrongToken, TooOld or TooMany."""
    with transaction.atomic():
        judged = _judge(page, digits, now)
        if isinstance(judged, IdentityToken):
            return _assign(judged, page, now)
    # Raised outside, so that the try stays counted.
    raise judged


def _judge(page: PageSession, digits: str, now: datetime) -> IdentityToken | Exception:
    """The token, used up by this; or why not. Other clicks at the same moment wait here for the first one's end."""
    token = IdentityToken.objects.pending(page).order_by("-created_at").first()
    if token is None or token.expires_at <= now:
        return TooOld()
    # The try is counted before it is judged, so that five tries at once are five.
    if not IdentityToken.objects.usable(now).filter(pk=token.pk).update(tries=F("tries") + 1):
        token.refresh_from_db(fields=["used_at", "voided_at"])
        return TooOld() if token.used_at or token.voided_at else TooMany(token.expires_at)
    token.refresh_from_db(fields=["tries"])
    if not matches(digits, token.token_hash, use=f"identity.{page.device_id}.{token.email.lower()}"):
        return WrongToken(max(0, TOKEN_TRIES - token.tries))
    IdentityToken.objects.filter(pk=token.pk).update(used_at=now)
    return token


def _assign(token: IdentityToken, page: PageSession, now: datetime) -> Confirmed:
    contact = _contact_of(token, now)
    if assign_contact(page.device, contact, now):
        # The change of person ended every page of this device; this browser proved who it is.
        return Confirmed(contact, *start_page(page.device, link=page.link, now=now))
    return Confirmed(contact, page, None)


def _known(token: IdentityToken) -> Contact | None:
    """The contact with just this address. A database compares more freely: PostgreSQL takes a dotless ı for an i."""
    alike = Contact.objects.filter(customer_id=token.device.customer_id, email__iexact=token.email)
    return next((contact for contact in alike if contact.email.lower() == token.email.lower()), None)


def _contact_of(token: IdentityToken, now: datetime) -> Contact:
    """The contact with this address at the device's customer, made when there is none (D4)."""
    contact = _known(token)
    if contact is None:
        try:
            with transaction.atomic():
                return Contact.objects.create(
                    customer_id=token.device.customer_id,
                    name=token.name,
                    email=token.email,
                    confirmed_at=now,
                )
        except IntegrityError:
            contact = _known(token)
            if contact is None:
                raise
    Contact.objects.filter(pk=contact.pk, confirmed_at=None).update(confirmed_at=now)
    return contact
