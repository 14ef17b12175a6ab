"""Booking: a series looked at as a whole, then booked as a whole, or not at all.

Repeating a booking changes nothing; whatever would clash is listed before a row is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from openmeso.gateways import clock
from openmeso.records.models import Appointment, Clinic, Course, User
from openmeso.records.models.course import LIVE
from openmeso.science.planning.booking import Setting, check, series
from openmeso.services import audit, permission
from openmeso.services import clinic as clinics
from openmeso.services import course as courses
from openmeso.services.practitioner import practitioners
from openmeso.services.refusal import NotFound
from openmeso.terms.course import AppointmentStatus, Busy, CourseStatus, Proposed, Slot


class SeriesConflict(Exception):
    """The series cannot be booked as it stands; ``proposed`` says what is wrong with each."""

    def __init__(self, proposed: tuple[Proposed, ...]) -> None:
        super().__init__("the series has conflicts")
        self.proposed = proposed


@dataclass(frozen=True, slots=True)
class Booked:
    """What a booking changed: how many are new, moved, or stood so already."""

    new: int = 0
    moved: int = 0
    unchanged: int = 0


def visible_to(user: permission.Asker) -> QuerySet[Appointment]:
    """Appointments of the asker's own clinic."""
    clinic = permission.own_clinic(user)
    return Appointment.objects.filter(patient__clinic=clinic).select_related(
        "patient__clinic", "course", "practitioner"
    )


@transaction.atomic
def day_list(*, by: User, first: date, days: int = 1) -> list[Appointment]:
    """What is booked on the days from ``first``, by time; noted once."""
    clinic = permission.own_clinic(by)
    permission.require(by, "patient.see", clinic)
    zone = ZoneInfo(clinic.timezone)
    since = datetime.combine(first, time.min, zone)
    until = datetime.combine(first + timedelta(days=days), time.min, zone)
    found = visible_to(by).filter(starts_at__gte=since, starts_at__lt=until)
    listed = list(found.exclude(status=AppointmentStatus.CANCELLED.value))
    audit.record(by=by, action="list_appointments", of=clinic, purpose="care")
    return listed


def propose(
    course: Course, first_on: date, at: time, practitioner: User | None
) -> tuple[Proposed, ...]:
    """Dates for every session that is left, checked; nothing is written."""
    standing = courses.progress(course)
    setting = _setting(standing, practitioner, moving=standing.left)
    minutes = max(round(standing.plan.minutes.minutes), 1)
    return series(setting, standing.left, first_on, at, minutes)


def look(course: Course, slots: Sequence[Slot], practitioner: User | None) -> tuple[Proposed, ...]:
    """Slots as somebody has changed them, checked as one series; nothing is written."""
    standing = courses.progress(course)
    setting = _setting(standing, practitioner, moving=[slot.number for slot in slots])
    return check(slots, setting)


@transaction.atomic
def book(*, by: User, course: Course, slots: Sequence[Slot], practitioner: User | None) -> Booked:
    """Book the whole series; SeriesConflict where any of it clashes by now, and nothing is booked.

    A session that has an appointment is moved to its slot; booked twice it is booked once.
    """
    permission.require(by, "course.book", course)
    # The clinic's row is the lock: two series at once cannot take the same chair.
    Clinic.objects.select_for_update(of=("self",)).get(pk=course.patient.clinic_id)
    course = (
        Course.objects.select_for_update(of=("self",))
        .select_related("patient__clinic", "plan")
        .get(pk=course.pk)
    )
    _may_be_booked(course, slots, practitioner)
    zone = ZoneInfo(course.patient.clinic.timezone)
    live = {one.number: one for one in Appointment.objects.filter(course=course, status__in=LIVE)}
    open_slots = [
        slot for slot in slots if not _stands(live.get(slot.number), slot, zone, practitioner)
    ]
    proposed = look(course, slots, practitioner)
    if any(one.conflicts for one in proposed if one.slot in open_slots):
        raise SeriesConflict(proposed)
    moved = 0
    for slot in open_slots:
        held = live.get(slot.number)
        if held is not None:
            moved += 1
            _end(by, held, AppointmentStatus.CANCELLED, _("Moved"))
        _add(by, course, slot, zone, practitioner)
    done = Booked(len(open_slots) - moved, moved, len(slots) - len(open_slots))
    audit.record(
        by=by, action="book", of=course,
        details={"numbers": [slot.number for slot in open_slots], "moved": moved},
    )  # fmt: skip
    return done


def find(user: permission.Asker, pk: UUID) -> Appointment:
    """One appointment of the asker's clinic."""
    permission.require(user, "patient.see")
    found = visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("No such appointment in your clinic.")
    return found


@transaction.atomic
def cancel(*, by: User, appointment: Appointment, reason: str) -> Appointment:
    """Call an appointment off, for a reason; the session stays to be given."""
    permission.require(by, "course.book", appointment)
    appointment = _ended(by, appointment, AppointmentStatus.CANCELLED, reason)
    audit.record(by=by, action="cancel", of=appointment)
    return appointment


@transaction.atomic
def miss(*, by: User, appointment: Appointment, reason: str) -> Appointment:
    """Write down that the patient did not come; the session stays to be given."""
    permission.require(by, "course.book", appointment)
    if appointment.starts_at > clock.now():
        raise ValidationError(_("It has not begun yet; cancel it instead."))
    appointment = _ended(by, appointment, AppointmentStatus.MISSED, reason)
    audit.record(by=by, action="miss", of=appointment)
    return appointment


def _setting(
    standing: courses.Progress, practitioner: User | None, moving: Sequence[int]
) -> Setting:
    """What the series is checked against: all that is given or booked, but what is being moved."""
    clinic = standing.course.patient.clinic
    zone = ZoneInfo(clinic.timezone)
    own = [one for one in standing.booked if one.number not in moving]
    held = dict(standing.given) | {one.number: one.starts_at.astimezone(zone).date() for one in own}
    return Setting(
        phases=standing.plan.choice.phases,
        hours=clinics.opening_hours(clinic),
        closing=clinics.closing_days(clinic),
        busy=tuple(_busy(standing, practitioner, moving, zone)),
        held=tuple(sorted(held.items())),
        now=clock.now().astimezone(zone).replace(tzinfo=None),
    )


def _busy(
    standing: courses.Progress, practitioner: User | None, moving: Sequence[int], zone: ZoneInfo
) -> list[Busy]:
    course = standing.course
    taken = Appointment.objects.filter(
        status=AppointmentStatus.BOOKED.value, ends_at__gt=clock.now()
    ).exclude(course=course, number__in=moving)
    mine = Q(patient=course.patient)
    if practitioner is not None:
        mine |= Q(practitioner=practitioner)
    return [
        Busy(
            one.starts_at.astimezone(zone).replace(tzinfo=None),
            one.ends_at.astimezone(zone).replace(tzinfo=None),
            "patient" if one.patient_id == course.patient_id else "practitioner",
        )
        for one in taken.filter(mine)
    ]


def _may_be_booked(course: Course, slots: Sequence[Slot], practitioner: User | None) -> None:
    if course.status != CourseStatus.RUNNING.value:
        raise ValidationError(_("Only a running course is booked; resume it first."))
    numbers = [slot.number for slot in slots]
    left = set(courses.progress(course).left)
    if not numbers or len(set(numbers)) != len(numbers) or not set(numbers) <= left:
        raise ValidationError(_("Book each session that is left once."))
    clinic = course.patient.clinic
    if practitioner and not practitioners(clinic).filter(pk=practitioner.pk).exists():
        raise ValidationError({"practitioner": _("Not a practitioner of this clinic.")})


def _stands(
    held: Appointment | None, slot: Slot, zone: ZoneInfo, practitioner: User | None
) -> bool:
    return (
        held is not None
        and held.starts_at == slot.starts.replace(tzinfo=zone)
        and held.ends_at == slot.ends.replace(tzinfo=zone)
        and held.practitioner_id == (practitioner.pk if practitioner else None)
    )


def _add(by: User, course: Course, slot: Slot, zone: ZoneInfo, practitioner: User | None) -> None:
    appointment = Appointment(
        course=course,
        patient=course.patient,
        number=slot.number,
        starts_at=slot.starts.replace(tzinfo=zone),
        ends_at=slot.ends.replace(tzinfo=zone),
        practitioner=practitioner,
        changed_at=clock.now(),
        changed_by=by,
        created_at=clock.now(),
        created_by=by,
    )
    appointment.full_clean()
    appointment.save(force_insert=True)


def _ended(
    by: User, appointment: Appointment, status: AppointmentStatus, reason: str
) -> Appointment:
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("patient__clinic", "course")
        .get(pk=appointment.pk)
    )
    said = " ".join(reason.split())
    if appointment.status != AppointmentStatus.BOOKED.value:
        raise ValidationError(_("Only a booked appointment is changed."))
    if not said:
        raise ValidationError({"reason": _("Give the reason.")})
    return _end(by, appointment, status, said)


def _end(by: User, appointment: Appointment, status: AppointmentStatus, said: str) -> Appointment:
    appointment.status, appointment.reason = status.value, said
    appointment.changed_at, appointment.changed_by = clock.now(), by
    appointment.save(update_fields=["status", "reason", "changed_at", "changed_by"])
    return appointment
