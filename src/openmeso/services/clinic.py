"""Clinic: its particulars, closing days and opening hours."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction

from openmeso.gateways import clock
from openmeso.records.models import Clinic, User
from openmeso.services import audit, membership, permission
from openmeso.services.member import membership_of
from openmeso.services.permission import own_clinic
from openmeso.services.refusal import NotAllowed
from openmeso.terms.course import OpeningHours
from openmeso.terms.practitioner import Role
from openmeso.terms.schedule import ClosingDays

__all__ = [
    "change",
    "closing_days",
    "found",
    "found_with_lead",
    "membership_of",
    "opening_hours",
    "own_clinic",
    "set_closing_days",
    "set_opening_hours",
]

ALL_WEEK = 7
SERVER = "server"
"""The account that commands of the server's keeper act under; nobody can sign in as it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clinic is: name, country (ISO 3166-1 alpha-2) and time zone (IANA)."""

    name: str
    country: str
    timezone: str = "UTC"


@transaction.atomic
def found(*, by: User, name: str, country: str, timezone: str, lead: User) -> Clinic:
    """Open a clinic and give it its first lead; for whoever runs the server."""
    if not by.is_superuser:
        raise NotAllowed("Only whoever runs the server opens a clinic.")
    clinic = Clinic(
        name=name.strip(),
        country=country.strip().upper(),
        timezone=timezone,
        created_at=clock.now(),
        created_by=by,
    )
    _check(clinic)
    clinic.save(force_insert=True)
    audit.record(by=by, action="found", of=clinic)
    membership.join(by=by, user=lead, clinic=clinic, role=Role.LEAD)
    return clinic


@transaction.atomic
def found_with_lead(
    *, by: User | None, place: Place, username: str, given_name: str, family_name: str
) -> tuple[Clinic, str]:
    """Open a clinic with a new account for its lead; the password is to be handed over once.

    Without ``by`` the server's own account acts: for the keeper's command line.
    """
    password = secrets.token_urlsafe(12)
    lead = User(username=username.strip(), first_name=given_name, last_name=family_name)
    lead.set_password(password)
    lead.full_clean()
    lead.save(force_insert=True)
    by = by or _server()
    clinic = found(
        by=by,
        name=place.name,
        country=place.country,
        timezone=place.timezone,
        lead=lead,
    )
    audit.record(by=by, action="add", of=lead)
    return clinic, password


def _server() -> User:
    account = User.objects.filter(username=SERVER, is_superuser=True).first()
    if account is None:
        account = User(username=SERVER, is_superuser=True)
        account.set_unusable_password()
        account.full_clean(exclude=["password"])
        account.save(force_insert=True)
    return account


@transaction.atomic
def change(
    *, by: User, clinic: Clinic, name: str, country: str, timezone: str, signature: str = ""
) -> Clinic:
    """Correct the clinic's particulars; the country decides which substances are lawful.

    ``signature`` is what whoever signs a session has to prove; empty, it stays as it is.
    """
    permission.require(by, "clinic.manage", clinic)
    clinic.name, clinic.country, clinic.timezone = name.strip(), country.strip().upper(), timezone
    clinic.signature = signature or clinic.signature
    _check(clinic)
    clinic.save(update_fields=["name", "country", "timezone", "signature"])
    said = {"country": clinic.country, "signature": clinic.signature}
    audit.record(by=by, action="change", of=clinic, details=said)
    return clinic


def closing_days(clinic: Clinic) -> ClosingDays:
    """When the clinic is shut."""
    return ClosingDays(
        weekdays=tuple(clinic.closing_weekdays),
        dates=tuple(date.fromisoformat(text) for text in clinic.closing_dates),
    )


@transaction.atomic
def set_closing_days(
    *, by: User, clinic: Clinic, weekdays: Iterable[int], dates: Iterable[date]
) -> ClosingDays:
    """Replace the closing days; plans already approved keep their dates."""
    permission.require(by, "clinic.manage", clinic)
    shut = sorted(set(weekdays))
    if any(not 1 <= day <= ALL_WEEK for day in shut):
        raise ValidationError({"weekdays": "Weekdays are 1 (Monday) to 7 (Sunday)."})
    if len(shut) == ALL_WEEK:
        raise ValidationError({"weekdays": "A clinic that never opens can give no session."})
    clinic.closing_weekdays = shut
    clinic.closing_dates = [day.isoformat() for day in sorted(set(dates))]
    clinic.save(update_fields=["closing_weekdays", "closing_dates"])
    audit.record(by=by, action="set_closing_days", of=clinic)
    return closing_days(clinic)


def opening_hours(clinic: Clinic) -> OpeningHours:
    """When the clinic is open; empty where nobody has said."""
    return OpeningHours(
        tuple(
            (int(weekday), time.fromisoformat(opens), time.fromisoformat(closes))
            for weekday, opens, closes in clinic.opening_hours
        )
    )


@transaction.atomic
def set_opening_hours(*, by: User, clinic: Clinic, hours: OpeningHours) -> OpeningHours:
    """Replace the opening hours; what is booked already stays booked."""
    permission.require(by, "clinic.manage", clinic)
    for weekday in range(1, ALL_WEEK + 1):
        of_day = sorted((a, b) for day, a, b in hours.hours if day == weekday)
        ordered = [moment for pair in of_day for moment in pair]
        if any(later <= earlier for earlier, later in pairwise(ordered)):
            raise ValidationError({"hours": "Hours end after they begin and do not overlap."})
    if any(not 1 <= weekday <= ALL_WEEK for weekday, _a, _b in hours.hours):
        raise ValidationError({"hours": "Weekdays are 1 (Monday) to 7 (Sunday)."})
    clinic.opening_hours = [
        [weekday, opens.isoformat("minutes"), closes.isoformat("minutes")]
        for weekday, opens, closes in sorted(hours.hours)
    ]
    clinic.save(update_fields=["opening_hours"])
    audit.record(by=by, action="set_opening_hours", of=clinic)
    return opening_hours(clinic)


def _check(clinic: Clinic) -> None:
    clinic.full_clean()
    if clinic.timezone not in available_timezones():
        raise ValidationError({"timezone": "Not a time zone, such as Europe/Istanbul."})
