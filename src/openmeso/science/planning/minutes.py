"""How long a session will take."""

import math
from collections.abc import Sequence
from statistics import median

from openmeso.terms.provenance import Quantity
from openmeso.terms.schedule import RecordedLength, SessionMinutes
from openmeso.terms.technique import Technique

PRIOR_SESSIONS = 5  # the technique's figures weigh as much as so many sessions of the clinic's
_SECONDS = 60.0
_NORMAL_SD_PER_MAD = 1.4826


def session_minutes(
    technique: Technique, points: int, recorded: Sequence[RecordedLength] = ()
) -> SessionMinutes:
    """Expected minutes of a session with ``points``, and the range to expect.

    Before anything is recorded: fixed minutes + points x seconds per point, at the middle, low
    and high of the technique's figures. The clinic's own sessions with the technique then
    correct it. Each gives a ratio of recorded to expected minutes; the median of their
    logarithms (so that one forgotten stopwatch does not count) is shrunk towards none by
    n / (n + 5), and the range moves from the technique's to the sessions' own spread (median
    absolute deviation, as a standard deviation) with the same weight.
    """
    expected = _minutes(technique, points)
    own = [
        math.log(one.minutes / _minutes(technique, one.points))
        for one in recorded
        if one.technique == technique.id and one.points > 0 and one.minutes > 0
    ]
    weight = len(own) / (len(own) + PRIOR_SESSIONS)
    middle = median(own) if own else 0.0
    spread = _NORMAL_SD_PER_MAD * median(abs(one - middle) for one in own) if own else 0.0
    factor = math.exp(weight * middle)
    low, high = (
        factor * expected * math.exp((1 - weight) * math.log(bound / expected) + side * spread)
        for bound, side in (
            (_bound(technique, points, upper=False), -weight),
            (_bound(technique, points, upper=True), weight),
        )
    )
    published = technique.session_minutes
    return SessionMinutes(
        minutes=factor * expected,
        low=low,
        high=high,
        recorded=len(own),
        published_low=published.lower if published else low,
        published_high=published.upper if published else high,
        basis=_basis(technique, points, len(own), factor),
        facts=_facts(technique),
    )


def _minutes(technique: Technique, points: int) -> float:
    return technique.fixed_minutes.middle + points * technique.seconds_per_point.middle / _SECONDS


def _bound(technique: Technique, points: int, *, upper: bool) -> float:
    fixed, each = technique.fixed_minutes, technique.seconds_per_point
    if upper:
        return fixed.upper + points * each.upper / _SECONDS
    return fixed.lower + points * each.lower / _SECONDS


def _basis(technique: Technique, points: int, recorded: int, factor: float) -> str:
    fixed, each = technique.fixed_minutes, technique.seconds_per_point
    text = f"{points} points at {_range(each)} each and {_range(fixed)} beside them"
    if fixed.is_assumption or each.is_assumption:
        text += " (assumption)"
    if recorded:
        own = "session" if recorded == 1 else "sessions"
        text += f"; times {factor:.2f} from {recorded} recorded {own} of the clinic"
    return text + "."


def _range(quantity: Quantity) -> str:
    if quantity.lower == quantity.upper:
        return f"{quantity.lower:g} {quantity.unit}"
    return f"{quantity.lower:g}–{quantity.upper:g} {quantity.unit}"


def _facts(technique: Technique) -> tuple[str, ...]:
    given = (technique.seconds_per_point, technique.fixed_minutes, technique.session_minutes)
    return tuple(dict.fromkeys(fact for one in given if one is not None for fact in one.facts))
