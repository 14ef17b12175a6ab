"""Recall trace: whom something reached, all of them counted, by name those who are asked for.

What each zone got was counted when its session was signed, and the database does the adding: only
the patients who are shown become objects (benchmarks/recall.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from openmeso.records.models import (
    AdverseEventLot,
    AdverseEventNote,
    Patient,
    RecallNotice,
    Session,
    SessionLot,
    SessionZone,
)
from openmeso.services.adverse_event_standing import last_notes
from openmeso.terms.recall import Channel, ZoneReached


@dataclass(frozen=True, slots=True)
class TracedReaction:
    """A reaction in which it is suspect, as it was seen last."""

    event: UUID
    term: str
    grade: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class TracedSession:
    """What one session gave of it, and the reactions that may come of that."""

    pk: UUID
    given_on: date
    number: int
    practitioner: str
    products: tuple[str, ...]
    given_ml: float
    zones: tuple[ZoneReached, ...]
    reactions: tuple[TracedReaction, ...]

    @property
    def points(self) -> int:
        """How many points it went into."""
        return sum(zone.points for zone in self.zones)


@dataclass(frozen=True, slots=True)
class TracedPatient:
    """A patient it reached, with the sessions (earliest first) and what they were told."""

    patient: Patient
    sessions: tuple[TracedSession, ...]
    notices: tuple[RecallNotice, ...] = ()

    @property
    def told(self) -> bool:
        """Whether anything reached them."""
        return any(one.channel != Channel.NOT_REACHED.value for one in self.notices)

    @property
    def points(self) -> int:
        """Points in all sessions."""
        return sum(session.points for session in self.sessions)


@dataclass(frozen=True, slots=True)
class Trace:
    """Everybody it reached (``reached``), counted; their rows are read when they are asked for.

    A reaction that may come of several sessions counts once; ``untold`` have not been told yet.
    """

    drawn: QuerySet[SessionLot]
    notices: QuerySet[RecallNotice]
    reached: int
    sessions: int
    points: int
    reactions: int
    untold: int

    def part(self, start: int, length: int) -> tuple[TracedPatient, ...]:
        """So many of them by name, after the first ``start``."""
        return self._of(_people(self.drawn)[start : start + length])

    @property
    def patients(self) -> tuple[TracedPatient, ...]:
        """Everybody, by name."""
        return self._of(_people(self.drawn))

    def _of(self, people: QuerySet[Patient]) -> tuple[TracedPatient, ...]:
        drawn, told = self.drawn, self.notices
        if people.query.is_sliced:
            keys = [one.pk for one in people]
            drawn, told = drawn.filter(session__patient__in=keys), told.filter(patient__in=keys)
        sessions = _sessions(drawn)
        notices = defaultdict(list)
        for notice in told:
            notices[notice.patient_id].append(notice)
        return tuple(
            TracedPatient(one, tuple(sessions[one.pk]), tuple(notices[one.pk])) for one in people
        )


def traced(drawn: QuerySet[SessionLot], notices: QuerySet[RecallNotice] | None = None) -> Trace:
    """Whom the lots of some sessions reached, counted in the database."""
    notices = RecallNotice.objects.none() if notices is None else notices
    told = notices.exclude(channel=Channel.NOT_REACHED.value).filter(patient=OuterRef("pk"))
    counts = drawn.order_by().aggregate(
        reached=Count("session__patient", distinct=True), sessions=Count("session", distinct=True)
    )
    return Trace(
        drawn,
        notices,
        **counts,
        points=sum(
            rows.aggregate(points=Sum("points", default=0))["points"] for rows in _zones(drawn)
        ),
        reactions=_standing(drawn).count(),
        untold=_people(drawn).exclude(Exists(told)).count(),
    )


def _people(drawn: QuerySet[SessionLot]) -> QuerySet[Patient]:
    return Patient.objects.filter(pk__in=drawn.order_by().values("session__patient"))


def _zones(drawn: QuerySet[SessionLot]) -> tuple[QuerySet[SessionZone], QuerySet[SessionZone]]:
    """What zones got from the syringes that it went into: without a syringe it went into all.

    Sessions in which it went into all, and the others. Asked with an OR, PostgreSQL thinks it so
    dear that it compiles the question first, which takes longer than answering it.
    """
    rows = drawn.order_by()
    into_all = rows.filter(syringe__isnull=True).values("session")
    into_some = rows.filter(syringe__isnull=False).values("session")
    same_syringe = rows.filter(session=OuterRef("session"), syringe=OuterRef("syringe"))
    return (
        SessionZone.objects.filter(session__in=into_all),
        SessionZone.objects.filter(Exists(same_syringe), session__in=into_some).exclude(
            session__in=into_all
        ),
    )


def _suspect(drawn: QuerySet[SessionLot]) -> QuerySet[AdverseEventLot]:
    return AdverseEventLot.objects.filter(session_lot__in=drawn.order_by().values("pk"))


def _standing(drawn: QuerySet[SessionLot]) -> QuerySet[AdverseEventNote]:
    """The last note of every reaction in which something drawn is suspect."""
    return last_notes().filter(event__in=_suspect(drawn).values("event"))


def _sessions(drawn: QuerySet[SessionLot]) -> Mapping[UUID, list[TracedSession]]:
    """By patient, what each session gave of it, earliest first."""
    vials = defaultdict(list)
    columns = ("session", "product_name", "number", "given_ml")
    for session, *vial in drawn.order_by("product_name", "number").values_list(*columns):
        vials[session].append(vial)
    zones, reactions = _zones_reached(drawn), _reactions(drawn)
    rows = Session.objects.filter(pk__in=drawn.order_by().values("session"))
    found = defaultdict(list)
    for row in rows.order_by("given_on", "number").values(*SESSION):
        key = row["pk"]
        found[row["patient"]].append(_session(row, vials[key], zones[key], reactions[key]))
    return found


SESSION = (
    "pk", "patient", "given_on", "number", "practitioner__first_name", "practitioner__last_name",
)  # fmt: skip


def _zones_reached(drawn: QuerySet[SessionLot]) -> Mapping[UUID, tuple[ZoneReached, ...]]:
    """Points by session and zone, of the syringes that the lots went into."""
    found: defaultdict[UUID, tuple[ZoneReached, ...]] = defaultdict(tuple)
    for rows in _zones(drawn):
        summed = rows.order_by("session", "zone").values("session", "zone")
        summed = summed.annotate(in_points=Sum("points"), in_ml=Sum("volume_ml"))
        for session, *zone in summed.values_list("session", "zone", "in_points", "in_ml"):
            found[session] += (ZoneReached(*zone),)
    return found


def _reactions(drawn: QuerySet[SessionLot]) -> Mapping[UUID, tuple[TracedReaction, ...]]:
    """By session, the reactions in which something it drew is suspect."""
    notes = {
        note.event_id: TracedReaction(note.event_id, note.term, note.grade, note.is_open)
        for note in _standing(drawn)
    }
    found: defaultdict[UUID, dict[UUID, TracedReaction]] = defaultdict(dict)
    rows = _suspect(drawn).order_by("event__created_at")
    for session, event in rows.values_list("session_lot__session", "event"):
        if event in notes:
            found[session][event] = notes[event]
    return defaultdict(tuple, {session: tuple(each.values()) for session, each in found.items()})


def _session(
    row: Mapping[str, Any],
    vials: Iterable[Sequence[Any]],
    zones: tuple[ZoneReached, ...],
    reactions: tuple[TracedReaction, ...],
) -> TracedSession:
    return TracedSession(
        pk=row["pk"],
        given_on=row["given_on"],
        number=row["number"],
        practitioner=f"{row['practitioner__first_name']} {row['practitioner__last_name']}",
        products=tuple(dict.fromkeys(f"{name}, {number}" for name, number, _ in vials)),
        given_ml=sum(given_ml for *_, given_ml in vials),
        zones=zones,
        reactions=reactions,
    )
