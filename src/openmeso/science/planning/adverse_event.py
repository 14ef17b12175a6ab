"""Adverse event: which sessions it may come of, which red flags it raises, when to look again."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from openmeso.terms.adverse_event import (
    SEVERE_GRADE,
    AdverseEventState,
    ReactionWindow,
    RedFlag,
)

# Assumption: no source says how soon a reaction is looked at again [days].
FOLLOW_UP_DAYS = {1: 7, 2: 3}
FOLLOW_UP_SOON_DAYS = 1  # severe, serious, or under a red flag


def window_of(term: str, windows: Mapping[str, ReactionWindow]) -> ReactionWindow | None:
    """The window a term falls into: the one that names it, else the one that names none."""
    named = next((one for one in windows.values() if term in one.terms), None)
    return named or next((one for one in windows.values() if not one.terms), None)


def is_plausible(given_on: date, onset_on: date, window: ReactionWindow) -> bool:
    """Whether a reaction that began on ``onset_on`` may come of a session given on a day."""
    return window.from_days <= (onset_on - given_on).days <= window.to_days


def red_flags_of(
    state: AdverseEventState, given: Iterable[date], flags: Iterable[RedFlag]
) -> tuple[RedFlag, ...]:
    """The signs that a reaction raises, after sessions given on those days.

    A flag that wants some days since a session is raised by any session so long before the onset,
    and where no session is known: better one too many.
    """
    days = max(((state.onset_on - on).days for on in given if on <= state.onset_on), default=None)
    return tuple(
        one
        for one in flags
        if state.term in one.terms
        and state.grade >= one.least_grade
        and (days is None or days >= one.from_days)
    )


def next_due(state: AdverseEventState, on: date, *, is_flagged: bool = False) -> date:
    """When to look again at a reaction that was looked at ``on`` a day."""
    soon = is_flagged or state.is_serious or state.grade >= SEVERE_GRADE
    days = FOLLOW_UP_SOON_DAYS if soon else FOLLOW_UP_DAYS[state.grade]
    return on + timedelta(days=days)


def asked_now(
    given: Iterable[date], on: date, windows: Iterable[ReactionWindow]
) -> tuple[ReactionWindow, ...]:
    """The late reactions to ask for on a day, after sessions given on those days."""
    days = [(on - each).days for each in given]
    return tuple(
        one
        for one in windows
        if one.question and any(one.ask_from_days <= each <= one.to_days for each in days)
    )
