"""Courses stopped in any week, read off those stopped in a few: what answers while one explores.

What follows a stop depends smoothly on how long the effect had lasted. Polynomials through the
courses of some stops therefore stand for all of them; a test holds them beside the exact course.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from openmeso.science.forecast.library import Library, under_effect
from openmeso.science.forecast.library_course import (
    READINGS,
    Array,
    Batch,
    Single,
    Stretch,
    by_stage,
    chunks,
    rates,
    shed_factor,
)
from openmeso.terms.forecast import LAST_WEEK

FOLLOWED = ("thick", "shed")
"""The readings behind a gain and the milestones; others are computed exactly or not at all."""
PLACES = [READINGS.index(name) for name in FOLLOWED]
STOP_WEEKS = (1, 2, 3, 5, 8, 12, 17, 23, 30, 38, 45, 51)
NEAR = 6
"""Stops that a polynomial goes through, in the square root of the week."""


@dataclass(frozen=True, slots=True, eq=False)
class Stopped:
    """An effect that lasts, as (reading, week, draw), and what follows each of the stops.

    ``after`` is (stop, reading, week since the stop, draw), filled as far as it is looked at.
    """

    on: Single
    after: Single

    def until(self, stop: Array) -> Single:
        """Readings (reading, week, draw) when the effect ends at each draw's ``stop`` [week]."""
        out = np.array(self.on)
        weeks = np.ceil(np.clip(stop, STOP_WEEKS[0], LAST_WEEK + 1)).astype(int)
        for week in np.unique(weeks[weeks <= LAST_WEEK]).tolist():
            first, weights = _near(week)
            here = np.flatnonzero(weeks == week)
            left = LAST_WEEK - week + 1
            known = self.after[first : first + NEAR, :, :left, here[0] : here[-1] + 1]
            found = np.tensordot(weights, known, 1)
            out[:, week:, here] = found[..., here - here[0]]
        return out


@cache
def _near(week: int) -> tuple[int, Single]:
    """The first stop that a polynomial for ``week`` goes through, and the weights of them."""
    place = int(np.searchsorted(STOP_WEEKS, week)) - NEAR // 2
    first = min(max(place, 0), len(STOP_WEEKS) - NEAR)
    at = np.sqrt(np.array(STOP_WEEKS[first : first + NEAR], float))
    away = at[:, None] - at + np.eye(NEAR)
    upper = np.where(np.eye(NEAR, dtype=bool), 1.0, np.sqrt(week) - at)
    return first, (upper / away).prod(axis=1).astype(np.float32)


def _looked_at(place: int) -> int:
    """Weeks after a stop that any course read off it still has."""
    every = range(STOP_WEEKS[0], LAST_WEEK + 1)
    users = [week for week in every if 0 <= place - _near(week)[0] < NEAR]
    return LAST_WEEK - min(users)


def stopped(library: Library, course_name: str) -> tuple[Stopped, ...]:
    """The courses of a drug at each of ``NODES``, stopped anywhere; some seconds."""
    every = under_effect(
        library.batch, library.shared, library.structure, course_name, library.source
    )
    return tuple(_stopped(library.batch, on, library.start) for on in every)


def _stopped(before: Batch, on: Batch, start: Array) -> Stopped:
    weeks, kept = LAST_WEEK + 1, len(FOLLOWED)
    lasting = np.zeros((weeks, kept, on.size), np.float32)
    after = np.zeros((len(STOP_WEEKS), weeks, kept, on.size), np.float32)
    drugged, plain, state = rates(on), rates(before), by_stage(start)
    fastest = np.maximum(drugged, plain).max(axis=(0, 1))
    for part in chunks(fastest, np.zeros(on.size, np.int64)):
        treated = Stretch(on.part(part), drugged[:, :, part], FOLLOWED)
        untreated = Stretch(before.part(part), plain[:, :, part], FOLLOWED)
        now = np.ascontiguousarray(state[:, :, part])
        made, left = np.empty((weeks, kept, len(part)), np.float32), 0
        for place, stop in enumerate(STOP_WEEKS):
            treated.go(now, made[left : stop + 1])
            since = np.empty((_looked_at(place) + 1, kept, len(part)), np.float32)
            untreated.go(now.copy(), since)
            after[place, : len(since), :, part] = since.transpose(2, 0, 1)
            left = stop
        treated.go(now, made[left:])
        lasting[:, :, part] = made
    shed = FOLLOWED.index("shed")
    lasting[:, shed] *= shed_factor(on)
    after[:, :, shed] *= shed_factor(before)
    return Stopped(
        np.ascontiguousarray(lasting.transpose(1, 0, 2)),
        np.ascontiguousarray(after.transpose(0, 2, 1, 3)),
    )
