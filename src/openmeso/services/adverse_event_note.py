"""What a note on a reaction holds, to and from the database, and what no honest one can say."""

from collections.abc import Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from openmeso.records.models import AdverseEventNote
from openmeso.services.knowledge import knowledge
from openmeso.terms.adverse_event import (
    FATAL_GRADE,
    AdverseEventState,
    Causality,
    Outcome,
    Seriousness,
    Trend,
)

EARLIEST_YEAR = 1900


def state_of(note: AdverseEventNote) -> AdverseEventState:
    """What was known when the note was written."""
    return AdverseEventState(
        term=note.term,
        grade=note.grade,
        onset_on=note.onset_on,
        outcome=Outcome(note.outcome),
        trend=Trend(note.trend) if note.trend else None,
        ended_on=note.ended_on,
        treatment=note.treatment,
        causality=Causality(note.causality) if note.causality else None,
        seriousness=note.seriousness,
        description=note.description,
    )


def fields_of(state: AdverseEventState) -> dict[str, object]:
    """The columns of a note that hold the state."""
    return {
        "term": state.term,
        "grade": state.grade,
        "onset_on": state.onset_on,
        "outcome": state.outcome.value,
        "trend": state.trend.value if state.trend else "",
        "ended_on": state.ended_on,
        "treatment": " ".join(state.treatment.split()),
        "causality": state.causality.value if state.causality else "",
        "description": state.description.strip(),
        **{one.value: one in state.seriousness for one in Seriousness},
    }


def check(state: AdverseEventState, seen_on: date, today: date) -> None:
    """Raise ValidationError, by field, for what cannot be."""
    faults = dict(_faults(state, seen_on, today))
    if faults:
        raise ValidationError(faults)


def _faults(state: AdverseEventState, seen_on: date, today: date) -> Iterator[tuple[str, str]]:
    term = knowledge().adverse_events.get(state.term)
    if term is None:
        yield "term", _("Choose a term of the list.")
    elif not term.wording(state.grade):
        said = {"term": term.term, "grades": ", ".join(map(str, term.worded_grades))}
        yield "grade", _("%(term)s has no such grade; it has %(grades)s.") % said
    if seen_on > today:
        yield "seen_on", _("Nobody has looked at it in the future.")
    if state.onset_on > seen_on:
        yield "onset_on", _("It cannot have begun after it was seen.")
    if state.onset_on.year < EARLIEST_YEAR:
        yield "onset_on", _("Please look at the year again.")
    yield from _end_faults(state, seen_on)


def _end_faults(state: AdverseEventState, seen_on: date) -> Iterator[tuple[str, str]]:
    if state.ended_on is not None:
        if not state.outcome.is_over:
            yield "ended_on", _("It has no end while it lasts: choose the outcome first.")
        elif not state.onset_on <= state.ended_on <= seen_on:
            yield "ended_on", _("The end lies between the onset and the day it was seen.")
    is_fatal = state.outcome is Outcome.FATAL
    if is_fatal != (state.grade == FATAL_GRADE):
        yield "outcome", _("Grade 5 and a fatal outcome belong together.")
    elif is_fatal != (Seriousness.DEATH in state.seriousness):
        yield "seriousness", _("A fatal outcome and the criterion death belong together.")
