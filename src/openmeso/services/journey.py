"""Journey: everything that happened to a patient, and what is still to come, for one time axis.

Only read, by whoever has opened the patient already; as many queries for sixty sessions as for one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count

from openmeso.gateways import clock
from openmeso.records.models import (
    Appointment,
    Comparison,
    Consent,
    Course,
    Measurement,
    Patient,
    Plan,
    Session,
    StoredFile,
)
from openmeso.records.models.plan import PlanStatus
from openmeso.records.models.session import SessionStatus
from openmeso.science.planning.booking import next_session
from openmeso.services import adverse_event as events
from openmeso.services import comparison as comparisons
from openmeso.services import consent as consents
from openmeso.services import course as courses
from openmeso.services import document as documents
from openmeso.services import measurement as measurements
from openmeso.services import photo as photos
from openmeso.services.adverse_event_standing import Standing
from openmeso.terms.course import AGREED, AppointmentStatus, CourseStatus
from openmeso.terms.journey import Dose, Given, Met, Planned, Upcoming

LIVE = (AppointmentStatus.BOOKED.value, AppointmentStatus.KEPT.value)


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course and how far it has come; ``sessions`` are those planned."""

    course: Course
    given: int
    sessions: int


@dataclass(frozen=True)
class Journey:
    """All of it; sessions earliest first, the rest as its own service lists it."""

    patient: UUID
    today: date
    sessions: tuple[Given, ...]
    appointments: tuple[Met, ...]
    planned: tuple[Planned, ...]
    courses: tuple[CourseLine, ...]
    reactions: tuple[Standing, ...]
    measurements: tuple[Measurement, ...]
    comparisons: tuple[Comparison, ...]
    photos: tuple[tuple[date, int], ...]
    consents: tuple[Consent, ...]
    documents: tuple[StoredFile, ...]

    @cached_property
    def doses(self) -> tuple[Dose, ...]:
        """What all signed sessions gave of each ingredient."""
        sums: defaultdict[tuple[str, str], float] = defaultdict(float)
        for session in self.sessions:
            for dose in session.doses:
                sums[dose.ingredient, dose.unit] += dose.amount
        return tuple(Dose(name, amount, unit) for (name, unit), amount in sums.items())

    @property
    def plan(self) -> UUID | None:
        """The plan whose forecast belongs on the axis: the newest course's, or one yet to begin."""
        held = [line.course.plan_id for line in self.courses] + [one.plan for one in self.planned]
        return held[0] if held else None

    @cached_property
    def signed(self) -> tuple[Given, ...]:
        """The sessions that were given."""
        return tuple(one for one in self.sessions if one.status == SessionStatus.SIGNED.value)

    @cached_property
    def upcoming(self) -> tuple[Upcoming, ...]:
        """The next session of every plan under way, those that are due first.

        It falls on the day of its appointment, or as planned where none was agreed. A course that is
        paused or has ended has none.
        """
        drafts = {
            (one.plan, one.number): one.pk
            for one in self.sessions
            if one.status == SessionStatus.DRAFT.value
        }
        halted = {
            line.course.plan_id
            for line in self.courses
            if line.course.status != CourseStatus.RUNNING.value
        }
        planned, agreed = (
            _by_plan(self.planned),
            _by_plan(one for one in self.appointments if one.status in AGREED),
        )
        signed = _by_plan(self.signed)
        found = []
        for plan in (planned.keys() | agreed.keys()) - halted:
            each = next_session(
                planned.get(plan, {}), agreed.get(plan, {}), signed.get(plan, {}).keys()
            )
            if each:
                found.append(Upcoming(plan, *each, drafts.get((plan, each[0]))))
        return tuple(sorted(found, key=lambda one: (one.session is None, one.on, str(one.plan))))


def _by_plan(rows: Iterable[Planned | Met | Given]) -> dict[UUID, dict[int, date]]:
    """The day of each session by its number, the last row of a number holding."""
    days: dict[UUID, dict[int, date]] = {}
    for one in rows:
        days.setdefault(one.plan, {})[one.number] = one.on
    return days


def of_patient(patient: Patient) -> Journey:
    """The journey of a patient whose reading is noted already."""
    given = _sessions(patient)
    signed = {(one.plan, one.number) for one in given if one.status == SessionStatus.SIGNED.value}
    met = _appointments(patient, signed)
    visits = _visits(patient)
    running = {course.plan_id: course for course in courses.of_patient(patient)}
    live = {(one.plan, one.number) for one in met if one.status in LIVE}
    return Journey(
        patient=patient.pk,
        today=clock.today(),
        sessions=given,
        appointments=met,
        planned=tuple(
            one
            for plan, row in visits.items()
            if plan not in running or running[plan].status in {"running", "paused"}
            for one in row
            if (one.plan, one.number) not in signed | live
        ),
        courses=tuple(
            CourseLine(course, sum(pk == plan for pk, _ in signed), len(visits.get(plan, ())))
            for plan, course in running.items()
        ),
        reactions=tuple(events.of_patient(patient)),
        measurements=tuple(measurements.of_patient(patient)),
        comparisons=tuple(comparisons.of_patient(patient)),
        photos=tuple(
            photos.of_patient(patient)
            .order_by("taken_on")
            .values_list("taken_on")
            .annotate(Count("pk"))
        ),
        consents=tuple(
            consents.of_patient(patient).filter(signed_at__isnull=False).defer("text", "course")
        ),
        documents=tuple(documents.of_patient(patient)),
    )


def _sessions(patient: Patient) -> tuple[Given, ...]:
    rows = Session.objects.filter(patient=patient).order_by("planned_on", "number", "created_at")
    columns = (
        *("pk", "plan", "number", "status", "planned_on", "given_on"),
        *("points_given", "volume_ml", "pain", "result__doses"),
    )
    return tuple(_given(row) for row in rows.values(*columns))


def _given(row: Mapping[str, Any]) -> Given:
    return Given(
        pk=row["pk"],
        plan=row["plan"],
        number=row["number"],
        status=row["status"],
        on=row["given_on"] or row["planned_on"],
        points=row["points_given"],
        volume_ml=row["volume_ml"],
        pain=row["pain"],
        doses=tuple(Dose(*dose) for dose in row["result__doses"] or ()),
    )


def _appointments(patient: Patient, signed: set[tuple[UUID, int]]) -> tuple[Met, ...]:
    """Booked, missed and cancelled; kept ones are their session, and passed ones are missed."""
    zone, now = ZoneInfo(patient.clinic.timezone), clock.now()
    rows = Appointment.objects.filter(patient=patient).order_by("starts_at")
    columns = ("course", "course__plan", "number", "status", "starts_at", "ends_at")
    return tuple(
        Met(course, plan, number, _became(status, ends_at, now), starts_at.astimezone(zone).date())
        for course, plan, number, status, starts_at, ends_at in rows.values_list(*columns)
        if (plan, number) not in signed or status not in LIVE
    )


def _became(status: str, ends_at: datetime, now: datetime) -> str:
    if status == AppointmentStatus.BOOKED.value and ends_at < now:
        return AppointmentStatus.MISSED.value
    return status


def _visits(patient: Patient) -> dict[UUID, tuple[Planned, ...]]:
    """The days on which approved plans foresee their sessions, without reading their grids."""
    rows = Plan.objects.filter(patient=patient, status=PlanStatus.APPROVED.value)
    return {
        plan: tuple(
            Planned(plan, each["session_number"], date.fromisoformat(each["on"]))
            for each in visits or ()
            if each.get("session_number") is not None
        )
        for plan, visits in rows.values_list("pk", "result__visits")
    }
