"""Today: whose session is due, overdue or begun."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from openmeso.gateways import clock
from openmeso.records.models import Appointment, Clinic, Patient, Plan, Session, User
from openmeso.records.models.plan import PlanStatus
from openmeso.records.models.session import SessionStatus
from openmeso.science.planning.booking import next_session
from openmeso.services import audit, permission
from openmeso.terms.course import AGREED, CourseStatus

MOST = 60
HALTED = (CourseStatus.PAUSED.value, CourseStatus.STOPPED.value)

# An approved plan never changes: its dates are read from the database once.
_dates: dict[UUID, tuple[tuple[int, date], ...]] = {}
_MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Due:
    """A session to be given; ``session`` where its draft is begun.

    ``starts_at`` is its appointment on the clinic's own clock, None where none is booked.
    """

    patient: Patient
    plan: UUID
    title: str
    number: int
    on: date
    days_late: int
    session: Session | None = None
    starts_at: datetime | None = None

    @property
    def at(self) -> time | None:
        """The hour of its appointment."""
        return self.starts_at.time() if self.starts_at else None


@transaction.atomic
def due(*, by: User) -> list[Due]:
    """The clinic's sessions of today, those overdue and those begun; the look is noted once.

    A session is due on the day of its appointment, or as planned where none was agreed. Courses
    that are paused or stopped have none.
    """
    clinic = permission.own_clinic(by)
    permission.require(by, "session.give", clinic)
    today = clock.today()
    booked = _booked(clinic)
    plans = list(
        Plan.objects.filter(
            Q(start_on__lte=today) | Q(pk__in=list(booked)),
            patient__clinic=clinic,
            status=PlanStatus.APPROVED.value,
        )
        .exclude(course__status__in=HALTED)
        .select_related("patient__clinic")
        .defer("result", "choice")
    )
    _read_dates([plan.pk for plan in plans if plan.pk not in _dates])
    held = _sessions([plan.pk for plan in plans])
    each = (_next(plan, held.get(plan.pk, {}), booked.get(plan.pk, {}), today) for plan in plans)
    audit.record(by=by, action="list_today", of=clinic, purpose="care")
    return sorted(filter(None, each), key=_order)[:MOST]


def _order(due: Due) -> tuple[bool, int, datetime, str]:
    """Those begun, then today's by the hour, then the overdue."""
    late = datetime.max.replace(tzinfo=UTC)
    return due.session is None, due.days_late, due.starts_at or late, str(due.plan)


def _next(
    plan: Plan, held: dict[int, Session], booked: dict[int, datetime], today: date
) -> Due | None:
    """The plan's first session that is not signed, where it is due or begun."""
    signed = {n for n, one in held.items() if one.status == SessionStatus.SIGNED.value}
    agreed = {number: starts_at.date() for number, starts_at in booked.items()}
    found = next_session(dict(_dates[plan.pk]), agreed, signed)
    if found is None:
        return None
    number, on = found
    session = held.get(number)
    if session is None and on > today:
        return None
    return Due(
        patient=plan.patient,
        plan=plan.pk,
        title=plan.title,
        number=number,
        on=on,
        days_late=max((today - on).days, 0),
        session=session,
        starts_at=booked.get(number),
    )


def _booked(clinic: Clinic) -> dict[UUID, dict[int, datetime]]:
    """When the clinic's sessions were last agreed, on its own clock, by plan and number."""
    zone = ZoneInfo(clinic.timezone)
    rows = Appointment.objects.filter(patient__clinic=clinic, status__in=AGREED).values_list(
        "course__plan", "number", "starts_at"
    )
    booked: dict[UUID, dict[int, datetime]] = {}
    for plan, number, starts_at in rows.order_by("starts_at"):
        booked.setdefault(plan, {})[number] = starts_at.astimezone(zone)
    return booked


def _sessions(plans: list[UUID]) -> dict[UUID, dict[int, Session]]:
    rows = (
        Session.objects.filter(plan__in=plans)
        .exclude(status=SessionStatus.ABANDONED.value)
        .only("pk", "plan_id", "number", "status")
    )
    held: dict[UUID, dict[int, Session]] = {}
    for row in rows:
        held.setdefault(row.plan_id, {})[row.number] = row
    return held


def _read_dates(plans: list[UUID]) -> None:
    if len(_dates) > _MOST_KEPT:
        _dates.clear()
    rows = Plan.objects.filter(pk__in=plans).values_list("pk", "result__visits")
    for pk, visits in rows:
        _dates[pk] = tuple(
            (visit["session_number"], date.fromisoformat(visit["on"]))
            for visit in visits
            if visit["session_number"] is not None
        )
