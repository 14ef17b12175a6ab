"""Adverse event: recorded, followed until it is over, corrected by notes; nothing overwritten.

The last note on a reaction holds. A withdrawn one counts nowhere, and stays.
"""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openmeso.gateways import clock
from openmeso.records.models import (
    AdverseEvent,
    AdverseEventLot,
    AdverseEventNote,
    Patient,
    Session,
    User,
)
from openmeso.services import audit, permission
from openmeso.services.adverse_event_note import check, fields_of, state_of
from openmeso.services.adverse_event_standing import (
    Standing,
    given_days,
    given_of,
    last_notes,
    lots_of,
    notes_of,
    of_patient,
    of_session,
    open_of,
    proposed_due,
    standing_by,
    standing_of,
    suspects,
)
from openmeso.services.patient import visible_to as visible_patients
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.terms.adverse_event import AdverseEventState, NoteKind, Outcome, Reporter

__all__ = [
    "Standing",
    "close",
    "correct",
    "due",
    "follow_up",
    "get",
    "given_days",
    "last_notes",
    "lots_of",
    "notes_of",
    "of_patient",
    "of_session",
    "open_of",
    "proposed_due",
    "record",
    "reopen",
    "standing_of",
    "suspects",
    "visible_to",
    "withdraw",
]

# no clinical limit: a slip of the keyboard must not bury a reaction
MOST_DUE_DAYS = 366


def visible_to(user: permission.Asker) -> QuerySet[AdverseEvent]:
    """Reactions of the patients somebody may open."""
    return AdverseEvent.objects.filter(patient__in=visible_patients(user)).select_related(
        "patient__clinic", "session", "created_by"
    )


@transaction.atomic
def get(*, by: User, pk: UUID, purpose: str) -> AdverseEvent:
    """One reaction, the read noted."""
    permission.require(by, "patient.see")
    event = visible_to(by).filter(pk=pk).first()
    if event is None:
        raise NotFound("No such reaction in your clinic.")
    audit.record(by=by, action="read", of=event, purpose=purpose)
    return event


@transaction.atomic
def due(*, by: User) -> list[Standing]:
    """The clinic's reactions to look at today or before, the gravest first; noted once."""
    clinic = permission.own_clinic(by)
    permission.require(by, "adverse_event.record", clinic)
    today = clock.today()
    notes = last_notes().filter(event__patient__clinic=clinic, next_due_on__lte=today)
    rows = list(notes.select_related("event__patient__clinic"))
    given = given_of(note.event.patient_id for note in rows)
    found = [standing_by(note, given.get(note.event.patient_id, ())) for note in rows]
    audit.record(by=by, action="list_reactions", of=clinic, purpose="care")
    return sorted(found, key=lambda one: (not one.red_flags, -one.state.grade, -one.days_late))


@transaction.atomic
def record(
    *,
    by: User,
    patient: Patient,
    state: AdverseEventState,
    session: Session | None = None,
    reporter: Reporter = Reporter.PRACTITIONER,
    next_due_on: date | None = None,
) -> AdverseEvent:
    """A new reaction with its suspect lots; when to look again is proposed where nobody says."""
    permission.require(by, "adverse_event.record", patient)
    _may_judge(by, patient, state, None)
    if session is not None and session.patient_id != patient.pk:
        raise NotFound("No such session of this patient.")
    event = AdverseEvent(
        patient=patient,
        session=session,
        reporter=reporter.value,
        created_at=clock.now(),
        created_by=by,
    )
    event.full_clean()
    event.save(force_insert=True)
    note = AdverseEventNote(event=event, number=1, kind=NoteKind.RECORDED.value)
    _write(by, note, state, None, next_due_on)
    _suspect(by, event, state)
    audit.record(by=by, action="record", of=event, details=_noted(note))
    return event


@transaction.atomic
def follow_up(
    *,
    by: User,
    event: AdverseEvent,
    state: AdverseEventState,
    next_due_on: date | None = None,
    seen_on: date | None = None,
) -> AdverseEventNote:
    """What was found when it was looked at again; term and onset stay as they were."""
    permission.require(by, "adverse_event.record", event)
    last = _locked(event)
    before = state_of(last)
    state = replace(state, term=before.term, onset_on=before.onset_on)
    _may_judge(by, event.patient, state, before)
    note = _next(last, NoteKind.FOLLOWED_UP)
    _write(by, note, state, seen_on, next_due_on)
    audit.record(by=by, action="follow_up", of=event, details=_noted(note))
    return note


@transaction.atomic
def correct(
    *, by: User, event: AdverseEvent, state: AdverseEventState, reason: str
) -> AdverseEventNote:
    """Another term or onset, or anything that had been written wrongly; the old note stays."""
    permission.require(by, "adverse_event.decide", event)
    last = _locked(event)
    note = _next(last, NoteKind.CORRECTED, _said(reason))
    _write(by, note, state, None, last.next_due_on)
    _suspect(by, event, state)
    audit.record(by=by, action="correct", of=event, details=_noted(note))
    return note


@transaction.atomic
def close(
    *,
    by: User,
    event: AdverseEvent,
    outcome: Outcome,
    ended_on: date | None = None,
    text: str = "",
) -> AdverseEventNote:
    """Nothing more is to be followed up: it is over, or what became of it stays unknown."""
    permission.require(by, "adverse_event.decide", event)
    last = _locked(event)
    if not (outcome.is_over or outcome is Outcome.UNKNOWN):
        raise ValidationError({"outcome": _("A reaction that lasts is followed, not closed.")})
    if outcome is Outcome.UNKNOWN and not text.strip():
        raise ValidationError(
            {"description": _("Say how it was tried to learn what became of it.")}
        )
    state = state_of(last)
    if outcome is Outcome.FATAL and state.outcome is not Outcome.FATAL:
        raise ValidationError({"outcome": _("Write down a fatal outcome as a follow-up first.")})
    over = outcome.is_over
    state = replace(
        state,
        outcome=outcome,
        ended_on=(ended_on or state.ended_on or clock.today()) if over else None,
        description=text,
    )
    note = _next(last, NoteKind.CLOSED)
    _write(by, note, state, None, None)
    audit.record(by=by, action="close", of=event, details=_noted(note))
    return note


@transaction.atomic
def reopen(*, by: User, event: AdverseEvent, text: str) -> AdverseEventNote:
    """It came back, or was closed too soon."""
    permission.require(by, "adverse_event.record", event)
    last = _locked(event, ended=True)
    state = replace(
        state_of(last), outcome=Outcome.NOT_RESOLVED, ended_on=None, trend=None,
        description=_said(text),
    )  # fmt: skip
    note = _next(last, NoteKind.REOPENED)
    _write(by, note, state, None, clock.today())
    audit.record(by=by, action="reopen", of=event, details=_noted(note))
    return note


@transaction.atomic
def withdraw(*, by: User, event: AdverseEvent, reason: str) -> AdverseEventNote:
    """Recorded in error: it counts nowhere from now on, and stays readable with its reason."""
    permission.require(by, "adverse_event.decide", event)
    last = _locked(event)
    note = _next(last, NoteKind.WITHDRAWN, _said(reason))
    _write(by, note, state_of(last), None, None)
    audit.record(by=by, action="withdraw", of=event, details=_noted(note))
    return note


def _locked(event: AdverseEvent, *, ended: bool = False) -> AdverseEventNote:
    """The last note, the reaction's row locked: notes follow each other one by one."""
    AdverseEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    last = AdverseEventNote.objects.filter(event=event).order_by("-number")[0]
    if NoteKind(last.kind).ends is not ended:
        said = _("It is open: nothing to reopen.") if ended else _("It is closed: reopen it first.")
        raise ValidationError(said)
    return last


def _next(last: AdverseEventNote, kind: NoteKind, reason: str = "") -> AdverseEventNote:
    return AdverseEventNote(
        event=last.event, number=last.number + 1, kind=kind.value, reason=reason
    )


def _write(
    by: User,
    note: AdverseEventNote,
    state: AdverseEventState,
    seen_on: date | None,
    next_due_on: date | None,
) -> None:
    today = clock.today()
    note.seen_on = seen_on or today
    check(state, note.seen_on, today)
    if next_due_on and next_due_on > today + timedelta(days=MOST_DUE_DAYS):
        raise ValidationError({"next_due_on": _("Look again within a year.")})
    for name, value in fields_of(state).items():
        setattr(note, name, value)
    if not NoteKind(note.kind).ends:
        note.next_due_on = max(next_due_on or proposed_due(note.event.patient, state), note.seen_on)
    note.created_at, note.created_by = clock.now(), by
    note.full_clean(validate_constraints=False)  # the lock has settled the number
    note.save(force_insert=True)


def _suspect(by: User, event: AdverseEvent, state: AdverseEventState) -> None:
    held = set(event.lots.values_list("session_lot", flat=True))
    AdverseEventLot.objects.bulk_create(
        AdverseEventLot(event=event, session_lot=row, created_at=clock.now(), created_by=by)
        for row in suspects(event.patient, state)
        if row.pk not in held
    )


def _may_judge(
    by: User, patient: Patient, state: AdverseEventState, before: AdverseEventState | None
) -> None:
    """Causality and seriousness are judged by those who decide; everybody at the chair describes."""
    held = (before.causality, before.seriousness) if before else (None, ())
    if (state.causality, state.seriousness) != held and not permission.may(
        by, "adverse_event.decide", patient
    ):
        raise NotAllowed("Only a practitioner or lead judges causality and seriousness.")


def _said(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise ValidationError({"reason": _("Give the reason.")})
    return said


def _noted(note: AdverseEventNote) -> dict[str, object]:
    """What the trail keeps: which note, never what it says."""
    return {"note": note.number}
