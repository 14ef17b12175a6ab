"""Checks of the course in time: intervals, length, the minutes of a session."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from openmeso.science.formulary.check_context import CheckContext
from openmeso.science.formulary.check_rule import (
    SELECTORS,
    Kind,
    found,
    named,
    number,
    selected,
    texts,
)
from openmeso.terms.check import CheckRule, Finding


def interval_below(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That two sessions lie closer than ``min_days``.

    With ``ingredients`` or ``classes`` the rule is about formulas that hold one of them.
    """
    present = selected(context, rule)
    if any(name in rule.params for name in SELECTORS) and not present:
        return
    gaps = [(after - before).days for before, after in pairwise(context.session_dates)]
    least = number(rule, "min_days")
    if gaps and min(gaps) < least:
        places = {"days": min(gaps), "least": f"{least:g}", "ingredients": named(present)}
        yield found(rule, "", places)


def course_below(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That the course has fewer than ``min_sessions``, in the groups it is about."""
    sessions = len(context.session_dates)
    group = context.indication.group if context.indication else ""
    if group in texts(rule, "groups") and sessions < number(rule, "min_sessions"):
        least = f"{number(rule, 'min_sessions'):g}"
        yield found(rule, "", {"sessions": sessions, "least": least})


def session_minutes_above(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That a session is expected to take longer than ``max_minutes``."""
    minutes = context.minutes
    if minutes is not None and minutes.minutes > number(rule, "max_minutes"):
        places = {
            "minutes": f"{minutes.minutes:.0f}",
            "limit": f"{number(rule, 'max_minutes'):g}",
            "points": context.grid.points,
        }
        yield found(rule, "", places, minutes.facts)


TIMING_KINDS: Mapping[str, Kind] = {
    "interval_below": Kind(interval_below, ("min_days",), SELECTORS),
    "course_below": Kind(course_below, ("min_sessions", "groups")),
    "session_minutes_above": Kind(session_minutes_above, ("max_minutes",)),
}
