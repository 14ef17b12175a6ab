"""Gain: the change of hairs against the same patient's own start, which no count has to find.

A forecast of a count is as wide as patients differ before anything is done; their change is not.
"""

import numpy as np

from openmeso.science.forecast.doubt import band, shares, structures
from openmeso.science.forecast.library import Library
from openmeso.science.forecast.library_course import Array
from openmeso.science.forecast.patient_outcome import LABELS
from openmeso.science.forecast.simulation import Simulation
from openmeso.terms.forecast import OutcomeCourse

OF = "count"
NAME = "gain"


def gain(simulation: Simulation, library: Library) -> OutcomeCourse:
    """Change of the hairs above 40 µm against week 0 [hairs/cm²], without the error of counts.

    No measurement is taken in.
    """
    on, off = (values[OF] - values[OF][0] for values in (simulation.on, simulation.off))
    even: Array = np.full(library.size, 1 / library.size)
    label, unit = LABELS[OF]
    return OutcomeCourse(
        name=NAME,
        label=f"{label}, change from the start",
        unit=unit,
        treated=band(on),
        untreated=band(off),
        doubt=shares(on, np.zeros_like(on, dtype=float), even, library),
        structures=structures(on, off, even, library),
    )
