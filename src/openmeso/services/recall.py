"""Recall: from a lot, a product or a hand to the patients, sessions, zones and reactions.

Signed sessions alone count. What each zone got was counted when its session was signed, so a
million points are asked in well under a second (benchmarks/recall.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openmeso.gateways import clock
from openmeso.records.models import (
    AdverseEventLot,
    Clinic,
    Lot,
    Patient,
    RecallNotice,
    Session,
    SessionLot,
    SessionZone,
    User,
)
from openmeso.records.models.session import SessionStatus
from openmeso.services import audit, permission
from openmeso.services.adverse_event_standing import last_notes
from openmeso.services.refusal import NotFound
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
    """Everybody it reached, by name."""

    patients: tuple[TracedPatient, ...]

    @property
    def sessions(self) -> int:
        """How many sessions."""
        return sum(len(one.sessions) for one in self.patients)

    @property
    def points(self) -> int:
        """How many points."""
        return sum(one.points for one in self.patients)

    @property
    def reactions(self) -> int:
        """How many reactions; one that may come of several sessions counts once."""
        sessions = (each for one in self.patients for each in one.sessions)
        return len({reaction.event for each in sessions for reaction in each.reactions})

    @property
    def untold(self) -> int:
        """How many have not been reached yet."""
        return sum(not one.told for one in self.patients)


@transaction.atomic
def trace_lot(*, by: User, lot: Lot) -> Trace:
    """Everybody who was given a lot; noted once."""
    permission.require(by, "recall.trace", lot)
    trace = _traced(of_lot(lot), notices_of(lot))
    audit.record(by=by, action="trace_lot", of=lot, purpose="recall", details=_counted(trace))
    return trace


@transaction.atomic
def trace_product(*, by: User, product: str) -> Trace:
    """Everybody in the clinic who was given a product, of any lot; noted once."""
    clinic = permission.own_clinic(by)
    permission.require(by, "recall.trace", clinic)
    trace = _traced(_signed(clinic).filter(product=product))
    audit.record(
        by=by, action="trace_product", of=clinic, purpose="recall",
        details={"product": product, **_counted(trace)},
    )  # fmt: skip
    return trace


@transaction.atomic
def trace_practitioner(*, by: User, practitioner: User) -> Trace:
    """Everybody in the clinic whom somebody has injected; noted once."""
    clinic = permission.own_clinic(by)
    permission.require(by, "recall.trace", clinic)
    trace = _traced(_signed(clinic).filter(session__practitioner=practitioner))
    audit.record(
        by=by, action="trace_practitioner", of=clinic, purpose="recall",
        details={"practitioner": practitioner.pk, **_counted(trace)},
    )  # fmt: skip
    return trace


def reached(lot: Lot, pk: UUID) -> Patient:
    """A patient whom the lot reached; NotFound for anybody else."""
    patient = (
        Patient.objects.filter(pk=pk, sessions__in=of_lot(lot).values("session"))
        .select_related("clinic")
        .first()
    )
    if patient is None:
        raise NotFound("This lot reached no such patient.")
    return patient


@transaction.atomic
def tell(*, by: User, lot: Lot, patient: Patient, channel: Channel, note: str = "") -> RecallNotice:
    """Write down that a patient was told of a lot, or could not be reached."""
    permission.require(by, "recall.trace", lot)
    reached(lot, patient.pk)
    note = " ".join(note.split())
    if channel is Channel.NOT_REACHED and not note:
        raise ValidationError({"note": _("Say how it was tried.")})
    notice = RecallNotice(
        lot=lot,
        patient=patient,
        channel=channel.value,
        note=note,
        created_at=clock.now(),
        created_by=by,
    )
    notice.full_clean()
    notice.save(force_insert=True)
    audit.record(
        by=by, action="tell", of=notice, purpose="recall",
        details={"lot": lot.pk, "channel": channel.value},
    )  # fmt: skip
    return notice


@transaction.atomic
def export(*, by: User, lot: Lot) -> Trace:
    """The same list, to be taken out as a file; that it was is noted."""
    permission.require(by, "recall.trace", lot)
    trace = _traced(of_lot(lot), notices_of(lot))
    audit.record(by=by, action="export_recall", of=lot, purpose="recall", details=_counted(trace))
    return trace


def of_lot(lot: Lot) -> QuerySet[SessionLot]:
    """What signed sessions drew of a lot."""
    return _signed(lot.clinic).filter(lot=lot)


def notices_of(lot: Lot) -> QuerySet[RecallNotice]:
    """Who was told of the lot, earliest first."""
    return RecallNotice.objects.filter(lot=lot).select_related("created_by")


def _signed(clinic: Clinic) -> QuerySet[SessionLot]:
    return SessionLot.objects.filter(
        session__patient__clinic=clinic, session__status=SessionStatus.SIGNED.value
    )


def _traced(drawn: QuerySet[SessionLot], notices: Iterable[RecallNotice] = ()) -> Trace:
    vials = defaultdict(list)
    columns = ("session", "syringe", "product_name", "number", "given_ml")
    for row in drawn.order_by("product_name", "number").values_list(*columns):
        vials[row[0]].append(_Vial(*row[1:]))
    zones, reactions = _zones(drawn, vials), _reactions(drawn)
    sessions = defaultdict(list)
    for row in _sessions(drawn):
        sessions[row["patient"]].append(
            _session(row, vials[row["pk"]], zones[row["pk"]], reactions[row["pk"]])
        )
    told = defaultdict(list)
    for notice in notices:
        told[notice.patient_id].append(notice)
    return Trace(
        tuple(
            TracedPatient(patient, tuple(sessions[patient.pk]), tuple(told[patient.pk]))
            for patient in Patient.objects.filter(pk__in=drawn.values("session__patient"))
        )
    )


@dataclass(frozen=True, slots=True)
class _Vial:
    """One row of a session's lots; without a syringe it went into all of them."""

    syringe: int | None
    product_name: str
    number: str
    given_ml: float


def _sessions(drawn: QuerySet[SessionLot]) -> Iterable[Mapping[str, Any]]:
    return (
        Session.objects.filter(pk__in=drawn.values("session"))
        .order_by("given_on", "number")
        .values(
            "pk",
            "patient",
            "given_on",
            "number",
            "practitioner__first_name",
            "practitioner__last_name",
        )
    )


def _zones(
    drawn: QuerySet[SessionLot], vials: Mapping[UUID, list[_Vial]]
) -> Mapping[UUID, tuple[ZoneReached, ...]]:
    """Points by session and zone, of the syringes that the lots went into."""
    rows = SessionZone.objects.filter(session__in=drawn.values("session")).order_by()
    columns = ("session", "zone", "syringe", "points", "volume_ml")
    syringes = {session: {vial.syringe for vial in held} for session, held in vials.items()}
    sums: defaultdict[UUID, dict[str, ZoneReached]] = defaultdict(dict)
    for session, zone, syringe, points, volume_ml in rows.values_list(*columns):
        held = syringes[session]
        if None in held or syringe in held:
            zones = sums[session]
            before = zones.get(zone)
            if before:
                points, volume_ml = before.points + points, before.volume_ml + volume_ml
            zones[zone] = ZoneReached(zone, points, volume_ml)
    return defaultdict(tuple, {session: tuple(zones.values()) for session, zones in sums.items()})


def _reactions(drawn: QuerySet[SessionLot]) -> Mapping[UUID, tuple[TracedReaction, ...]]:
    """By session, the reactions in which something it drew is suspect."""
    suspect = AdverseEventLot.objects.filter(session_lot__in=drawn.values("pk"))
    notes = {
        note.event_id: TracedReaction(note.event_id, note.term, note.grade, note.is_open)
        for note in last_notes().filter(event__in=suspect.values("event"))
    }
    found: defaultdict[UUID, dict[UUID, TracedReaction]] = defaultdict(dict)
    rows = suspect.order_by("event__created_at").values_list("session_lot__session", "event")
    for session, event in rows:
        if event in notes:
            found[session][event] = notes[event]
    return defaultdict(tuple, {session: tuple(each.values()) for session, each in found.items()})


def _session(
    row: Mapping[str, Any],
    vials: list[_Vial],
    zones: tuple[ZoneReached, ...],
    reactions: tuple[TracedReaction, ...],
) -> TracedSession:
    return TracedSession(
        pk=row["pk"],
        given_on=row["given_on"],
        number=row["number"],
        practitioner=f"{row['practitioner__first_name']} {row['practitioner__last_name']}",
        products=tuple(dict.fromkeys(f"{one.product_name}, {one.number}" for one in vials)),
        given_ml=sum(one.given_ml for one in vials),
        zones=zones,
        reactions=reactions,
    )


def _counted(trace: Trace) -> dict[str, object]:
    return {"patients": len(trace.patients), "sessions": trace.sessions}
