"""How reactions stand: the last note of each, with its red flags and suspect lots; only read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from openmeso.gateways import clock
from openmeso.gateways.prepared import Prepared
from openmeso.records.models import (
    AdverseEvent,
    AdverseEventNote,
    Patient,
    Session,
    SessionLot,
)
from openmeso.records.models.session import SessionStatus
from openmeso.science.planning import adverse_event as science
from openmeso.services.adverse_event_note import state_of
from openmeso.services.knowledge import knowledge
from openmeso.terms.adverse_event import (
    AdverseEventState,
    AdverseEventTerm,
    NoteKind,
    RedFlag,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A reaction as it stands: its last note, in words and with what it calls for."""

    event: AdverseEvent
    note: AdverseEventNote
    state: AdverseEventState
    term: AdverseEventTerm
    red_flags: tuple[RedFlag, ...]
    days_late: int

    @property
    def is_open(self) -> bool:
        """Whether it is still to be followed up."""
        return self.note.is_open

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was recorded in error."""
        return self.note.kind == NoteKind.WITHDRAWN.value

    @property
    def wording(self) -> str:
        """What its grade means."""
        return self.term.wording(self.state.grade)


def last_notes() -> QuerySet[AdverseEventNote]:
    """The note that holds, of every reaction that was not withdrawn."""
    newest = AdverseEventNote.objects.filter(event=OuterRef("event")).order_by("-number")
    return AdverseEventNote.objects.filter(pk=Subquery(newest.values("pk")[:1])).exclude(
        kind=NoteKind.WITHDRAWN.value
    )


def of_patient(patient: Patient) -> list[Standing]:
    """The patient's reactions, the open ones first and then the latest; withdrawn ones left out."""
    days = given_days(patient)
    found = [standing_by(note, days) for note in _LAST.all(patient=patient.pk)]
    return sorted(found, key=lambda one: (not one.is_open, -one.state.onset_on.toordinal()))


def open_of(patient: Patient) -> list[Standing]:
    """Those still to be followed up, the gravest first."""
    rows = _OPEN.all(patient=patient.pk)
    days = given_days(patient) if rows else ()
    found = [standing_by(note, days) for note in rows]
    return sorted(found, key=lambda one: (not one.red_flags, -one.state.grade))


# every page about a patient asks for them
_LAST = Prepared(
    lambda patient: (
        last_notes()
        .filter(event__patient=patient)
        .select_related("event__session")
        .defer("event__session__entry", "event__session__result")
    ),
    patient=UUID,
)
_OPEN = Prepared(
    lambda patient: (
        last_notes()
        .filter(event__patient=patient, next_due_on__isnull=False)
        .select_related("event")
    ),
    patient=UUID,
)


def of_session(session: Session) -> list[Standing]:
    """Reactions seen at a session, withdrawn ones left out."""
    notes = last_notes().filter(event__session=session).select_related("event__session")
    rows = list(notes.order_by("event__created_at"))
    days = given_days(session.patient) if rows else ()
    return [standing_by(note, days) for note in rows]


def standing_of(event: AdverseEvent) -> Standing:
    """How one reaction stands, a withdrawn one too."""
    note = event.notes.order_by("-number").select_related("event__session")[0]
    return standing_by(note, given_days(event.patient))


def notes_of(event: AdverseEvent) -> QuerySet[AdverseEventNote]:
    """Everything ever said of it, earliest first."""
    return event.notes.select_related("created_by").order_by("number")


def lots_of(event: AdverseEvent) -> QuerySet[SessionLot]:
    """The suspect lots, latest session first."""
    return (
        SessionLot.objects.filter(adverse_events__event=event)
        .select_related("session")
        .order_by("-session__given_on", "product_name", "number")
    )


def given_days(patient: Patient) -> tuple[date, ...]:
    """The days on which the patient was given a signed session, earliest first."""
    signed = _SIGNED.all(patient=patient.pk)
    return tuple(each.given_on for each in signed if each.given_on is not None)


_SIGNED = Prepared(
    lambda patient: (
        Session.objects.filter(patient=patient, status=SessionStatus.SIGNED.value)
        .order_by("given_on")
        .only("given_on")
    ),
    patient=UUID,
)


def given_of(patients: Iterable[UUID]) -> dict[UUID, tuple[date, ...]]:
    """The same for several patients, by their id."""
    rows = Session.objects.filter(
        patient__in=set(patients), status=SessionStatus.SIGNED.value
    ).order_by("given_on")
    found: dict[UUID, tuple[date, ...]] = {}
    for patient, on in rows.values_list("patient", "given_on"):
        if on is not None:
            found[patient] = (*found.get(patient, ()), on)
    return found


def standing_by(note: AdverseEventNote, given: tuple[date, ...]) -> Standing:
    """A note's reaction as it stands, after sessions given on those days."""
    state = state_of(note)
    flags = science.red_flags_of(state, given, knowledge().red_flags.values())
    late = (clock.today() - note.next_due_on).days if note.next_due_on else 0
    return Standing(note.event, note, state, term_of(state.term), flags, max(late, 0))


def term_of(key: str) -> AdverseEventTerm:
    """A term the knowledge has dropped since is still shown by its key."""
    known = knowledge().adverse_events.get(key)
    return known or AdverseEventTerm(key, key.replace("_", " ").capitalize(), "", ("",) * 5)


def proposed_due(patient: Patient, state: AdverseEventState) -> date:
    """When to look again, where nobody says: at once when it is over and only to be closed."""
    today = clock.today()
    if state.outcome.is_over:
        return today
    flags = science.red_flags_of(state, given_days(patient), knowledge().red_flags.values())
    return science.next_due(state, today, is_flagged=bool(flags))


def suspects(patient: Patient, state: AdverseEventState) -> list[SessionLot]:
    """The lots of the patient's signed sessions within the window of the reaction's term."""
    window = science.window_of(state.term, knowledge().reaction_windows)
    rows = SessionLot.objects.filter(
        session__patient=patient,
        session__status=SessionStatus.SIGNED.value,
        session__given_on__lte=state.onset_on,
    ).select_related("session")
    return [
        row
        for row in rows.order_by("session__given_on", "product_name")
        if window
        and row.session.given_on
        and science.is_plausible(row.session.given_on, state.onset_on, window)
    ]
