"""Gain: the change of hairs against the same patient's own start, which no count has to find.

A forecast of a count is as wide as patients differ before anything is done; their change is not.
"""

from collections.abc import Sequence

import numpy as np

from openmeso.science.forecast.doubt import band, shares
from openmeso.science.forecast.library import STRUCTURES, Library
from openmeso.science.forecast.library_course import Array, Single
from openmeso.science.forecast.patient_effect import drives, stop_weeks, treated
from openmeso.science.forecast.patient_outcome import LABELS, outcomes
from openmeso.terms.forecast import Exposure, OutcomeCourse, StructureMedian
from openmeso.terms.plan import Plan

OF = "count"
NAME = "gain"


def gain(plan: Plan, exposed: Sequence[Exposure], library: Library) -> OutcomeCourse:
    """Change of the hairs above 40 µm against week 0 [hairs/cm²], without the error of counts.

    ``exposed`` are the forecast's own exposures. No measurement is taken in.
    """
    readings = treated(drives(plan, exposed, library), stop_weeks(plan, library), library)
    on, off = _change(readings, library), _change(library.untreated, library)
    even: Array = np.full(library.size, 1 / library.size)
    label, unit = LABELS[OF]
    return OutcomeCourse(
        name=NAME,
        label=f"{label}, change from the start",
        unit=unit,
        treated=band(on),
        untreated=band(off),
        doubt=shares(on, np.zeros_like(on, dtype=float), even, library),
        structures=_structures(on, off, library),
    )


def _change(readings: Single, library: Library) -> Single:
    count = outcomes(readings, library).value[OF]
    found: Single = count - count[0]
    return found


def _structures(on: Single, off: Single, library: Library) -> tuple[StructureMedian, ...]:
    priors, found = library.source.priors, []
    for place, (delivery, regrowth) in enumerate(STRUCTURES):
        here = library.structure == place
        words = f"{priors.delivery[delivery].words}; {priors.regrowth[regrowth].words}"
        treated_, untreated = (
            tuple(map(float, np.median(each[:, here], axis=1))) for each in (on, off)
        )
        name = f"{delivery}, {regrowth}"
        found.append(StructureMedian(name, words, float(here.mean()), treated_, untreated))
    return tuple(found)
