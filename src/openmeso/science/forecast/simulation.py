"""Simulation: what a plan does to every virtual patient, exactly or read off what was kept."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openmeso.science.forecast.library import Library
from openmeso.science.forecast.library_course import Array, Single
from openmeso.science.forecast.library_stop import FOLLOWED, PLACES, Stopped
from openmeso.science.forecast.patient_effect import (
    Drive,
    drives,
    exposures,
    net_effect,
    stop_weeks,
    treated,
)
from openmeso.science.forecast.patient_outcome import densities, outcomes
from openmeso.terms.forecast import Exposure
from openmeso.terms.plan import Plan
from openmeso.terms.reach import Reach


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """Outcomes of every virtual patient with the plan (``on``) and without, by (week, draw)."""

    plan: Plan
    exposed: tuple[Exposure, ...]
    on: Mapping[str, Single]
    off: Mapping[str, Single]


def simulate(plan: Plan, reach: Reach | None, library: Library) -> Simulation:
    """Every outcome, exactly. Without ``reach`` a labelled default stands in for exposures."""
    exposed = exposures(plan, reach, library.source.priors)
    readings = treated(drives(plan, exposed, library), stop_weeks(plan, library), library)
    on, off = outcomes(readings, library).value, outcomes(library.untreated, library).value
    return Simulation(plan, exposed, on, off)


def glimpse(
    plan: Plan, reach: Reach | None, library: Library, kept: Mapping[str, tuple[Stopped, ...]]
) -> Simulation:
    """Count and shedding alone, of all draws, by courses read off ``kept`` ones.

    ``kept`` holds :func:`library_stop.stopped` by course. Against :func:`simulate` a draw's count
    errs by the polynomials alone; exposures and effects are the same.
    """
    exposed = exposures(plan, reach, library.source.priors)
    stop = stop_weeks(plan, library)
    base = library.untreated[PLACES]
    total = base.copy()
    for one in drives(plan, exposed, library):
        total += _net(one, kept[one.course], stop, base)
    total[:, 0] = base[:, 0]
    np.clip(total, 0.0, None, out=total)
    return Simulation(plan, exposed, _densities(total, library), _densities(base, library))


def _net(one: Drive, kept: tuple[Stopped, ...], stop: Array, base: Single) -> Single:
    first, second = (each.until(stop) for each in kept)
    return net_effect(one, first, second, base)


def _densities(readings: Single, library: Library) -> dict[str, Single]:
    return densities(dict(zip(FOLLOWED, readings, strict=True)), library)
