"""Clinic: its particulars and closing days."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction

from openmeso.gateways import clock
from openmeso.records.models import Clinic, User
from openmeso.services import audit, membership, permission
from openmeso.services.member import membership_of
from openmeso.services.permission import own_clinic
from openmeso.services.refusal import NotAllowed
from openmeso.terms.practitioner import Role
from openmeso.terms.schedule import ClosingDays

__all__ = ["change", "closing_days", "found", "membership_of", "own_clinic", "set_closing_days"]

ALL_WEEK = 7


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
def change(*, by: User, clinic: Clinic, name: str, country: str, timezone: str) -> Clinic:
    """Correct the clinic's particulars; the country decides which substances are lawful."""
    permission.require(by, "clinic.manage", clinic)
    clinic.name, clinic.country, clinic.timezone = name.strip(), country.strip().upper(), timezone
    _check(clinic)
    clinic.save(update_fields=["name", "country", "timezone"])
    audit.record(by=by, action="change", of=clinic, details={"country": clinic.country})
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


def _check(clinic: Clinic) -> None:
    clinic.full_clean()
    if clinic.timezone not in available_timezones():
        raise ValidationError({"timezone": "Not a time zone, such as Europe/Istanbul."})
