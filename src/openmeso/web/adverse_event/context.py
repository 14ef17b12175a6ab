"""What pages show of reactions: those of a patient, the quick ones, and one with its history."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from openmeso.gateways import clock
from openmeso.services import adverse_event as events
from openmeso.services import permission
from openmeso.services.adverse_event_note import state_of
from openmeso.services.knowledge import knowledge
from openmeso.terms.adverse_event import AdverseEventState, AdverseEventTerm
from openmeso.web.adverse_event_words import KINDS, OUTCOMES, SERIOUSNESS, TRENDS, short

if TYPE_CHECKING:
    from openmeso.records.models import AdverseEvent, AdverseEventNote, User


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One note in words."""

    note: "AdverseEventNote"
    kind: object
    term: str
    state: AdverseEventState
    outcome: object
    trend: object
    causality: str
    seriousness: tuple[object, ...]


def other_terms() -> list[AdverseEventTerm]:
    """All the others, by name."""
    others = [one for one in knowledge().adverse_events.values() if not one.expected]
    return sorted(others, key=lambda one: one.term)


def event_context(event: "AdverseEvent", user: "User") -> dict[str, object]:
    """One reaction with everything said of it, and what may be done with it."""
    standing = events.standing_of(event)
    return {
        "event": event,
        "standing": standing,
        "now": note_line(standing.note),
        "notes": [note_line(note) for note in reversed(events.notes_of(event))],
        "lots": events.lots_of(event),
        "may_follow": permission.may(user, "adverse_event.record", event),
        "may_decide": permission.may(user, "adverse_event.decide", event),
    }


def note_line(note: "AdverseEventNote") -> NoteLine:
    """A note in words."""
    state, known = state_of(note), knowledge().adverse_events
    return NoteLine(
        note=note,
        kind=KINDS[note.kind],
        term=known[state.term].term if state.term in known else state.term,
        state=state,
        outcome=OUTCOMES[state.outcome],
        trend=TRENDS[state.trend] if state.trend else "",
        causality=short(state.causality),
        seriousness=tuple(SERIOUSNESS[one] for one in state.seriousness),
    )


def blank_state(term: AdverseEventTerm, on: date | None = None) -> AdverseEventState:
    """A reaction nothing is known of yet but its term: the mildest grade, begun today."""
    return AdverseEventState(term=term.id, grade=term.mildest, onset_on=on or clock.today())


def flags_of_term(term: AdverseEventTerm) -> list[object]:
    """Every red flag the term may raise, whatever its grade and day."""
    return [one for one in knowledge().red_flags.values() if term.id in one.terms]
