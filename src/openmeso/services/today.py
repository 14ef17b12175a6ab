"""Today: whose session is due, overdue or begun."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from openmeso.gateways import clock
from openmeso.records.models import Patient, Plan, Session, User
from openmeso.records.models.plan import PlanStatus
from openmeso.records.models.session import SessionStatus
from openmeso.services import audit, permission

MOST = 60

# An approved plan never changes: its dates are read from the database once.
_dates: dict[UUID, tuple[tuple[int, date], ...]] = {}
_MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Due:
    """A session to be given; ``session`` where its draft is begun."""

    patient: Patient
    plan: UUID
    title: str
    number: int
    on: date
    days_late: int
    session: Session | None = None


@transaction.atomic
def due(*, by: User) -> list[Due]:
    """The clinic's sessions of today, those overdue and those begun; the look is noted once."""
    clinic = permission.own_clinic(by)
    permission.require(by, "session.give", clinic)
    today = clock.today()
    plans = list(
        Plan.objects.filter(
            patient__clinic=clinic, status=PlanStatus.APPROVED.value, start_on__lte=today
        )
        .select_related("patient__clinic")
        .defer("result", "choice")
    )
    _read_dates([plan.pk for plan in plans if plan.pk not in _dates])
    held = _sessions([plan.pk for plan in plans])
    found = [each for plan in plans if (each := _next(plan, held.get(plan.pk, {}), today))]
    audit.record(by=by, action="list_today", of=clinic, purpose="care")
    return sorted(found, key=lambda each: (each.session is None, each.days_late, str(each.plan)))[
        :MOST
    ]


def _next(plan: Plan, held: dict[int, Session], today: date) -> Due | None:
    """The plan's first session that is not signed, where it is due or begun."""
    for number, on in _dates[plan.pk]:
        session = held.get(number)
        if session and session.status == SessionStatus.SIGNED.value:
            continue
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
        )
    return None


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
