"""Event rate: how often reactions were recorded in a clinic, out of how many sessions and patients."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from openmeso.records.models import AdverseEventNote, Clinic, Session, User
from openmeso.records.models.session import SessionStatus
from openmeso.science.planning.event_rate import proportion
from openmeso.services import audit, permission
from openmeso.services.adverse_event_note import state_of
from openmeso.services.adverse_event_standing import last_notes, term_of
from openmeso.terms.adverse_event import SEVERE_GRADE, Proportion, TermRate


@dataclass(frozen=True, slots=True)
class Period:
    """Days from and to which sessions count, both included; None is as far as records go.

    ``product`` keeps the sessions in which it was given; empty, all of them.
    """

    first_on: date | None = None
    last_on: date | None = None
    product: str = ""


@dataclass(frozen=True, slots=True)
class Rates:
    """Every term that was recorded, the most frequent first, and what it is counted out of.

    ``without_session`` reactions name no session: they count among the patients alone.
    """

    terms: tuple[TermRate, ...]
    sessions: int
    patients: int
    any_of_sessions: Proportion
    any_of_patients: Proportion
    without_session: int


@dataclass(slots=True)
class _Counted:
    sessions: set[UUID]
    patients: set[UUID]
    severe: int = 0
    serious: int = 0


@transaction.atomic
def of_clinic(*, by: User, period: Period) -> Rates:
    """The clinic's rates over a period; the look is noted once.

    A reaction counts where its session does. One without a session counts where its patient was
    given a session of the period and its onset lies within it.
    """
    clinic = permission.own_clinic(by)
    permission.require(by, "patient.see", clinic)
    given = dict(_sessions(clinic, period).values_list("pk", "patient"))
    counted: defaultdict[str, _Counted] = defaultdict(lambda: _Counted(set(), set()))
    without_session = 0
    for note in _notes(clinic, period):
        one, state = counted[note.term], state_of(note)
        one.patients.add(note.event.patient_id)
        if note.event.session_id:
            one.sessions.add(note.event.session_id)
        without_session += note.event.session_id is None
        one.severe += state.grade >= SEVERE_GRADE
        one.serious += state.is_serious
    audit.record(by=by, action="list_reactions", of=clinic, purpose="quality")
    return _rates(counted, len(given), len(set(given.values())), without_session)


def _rates(
    counted: dict[str, _Counted], sessions: int, patients: int, without_session: int
) -> Rates:
    terms = [
        TermRate(
            term=term_of(key),
            sessions=proportion(len(one.sessions), sessions),
            patients=proportion(len(one.patients), patients),
            severe=one.severe,
            serious=one.serious,
        )
        for key, one in counted.items()
    ]
    hit_sessions = set().union(*(one.sessions for one in counted.values()))
    hit_patients = set().union(*(one.patients for one in counted.values()))
    return Rates(
        terms=tuple(sorted(terms, key=lambda one: (-one.patients.events, one.term.term))),
        sessions=sessions,
        patients=patients,
        any_of_sessions=proportion(len(hit_sessions), sessions),
        any_of_patients=proportion(len(hit_patients), patients),
        without_session=without_session,
    )


def _sessions(clinic: Clinic, period: Period) -> QuerySet[Session]:
    rows = Session.objects.filter(
        _within(period, "given_on"), patient__clinic=clinic, status=SessionStatus.SIGNED.value
    )
    if period.product:
        rows = rows.filter(lots__product=period.product)
    return rows.order_by().distinct()


def _notes(clinic: Clinic, period: Period) -> QuerySet[AdverseEventNote]:
    sessions = _sessions(clinic, period)
    at_one = Q(event__session__in=sessions.values("pk"))
    apart = _within(period, "onset_on") & Q(
        event__session__isnull=True, event__patient__in=sessions.values("patient")
    )
    rows = last_notes().filter(at_one | apart, event__patient__clinic=clinic)
    return rows.select_related("event")


def _within(period: Period, field: str) -> Q:
    ends = {"gte": period.first_on, "lte": period.last_on}
    return Q(**{f"{field}__{end}": on for end, on in ends.items() if on})
