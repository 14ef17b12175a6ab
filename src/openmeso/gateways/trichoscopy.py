"""Trichoscopy: a decoded picture handed to the science, and its hairs as terms."""

from openmeso.gateways.picture import Picture
from openmeso.terms.trichoscopy import HairField, MeasureSetting, Scale


def read_field(shown: Picture, *, scale: Scale | None, setting: MeasureSetting) -> HairField:
    """Every hair of the picture, its numbers and what is wrong with it."""
    # Numba is slow to import: only who measures waits for it.
    import numpy as np

    from openmeso.science.trichoscopy.measure import measure_field

    return measure_field(np.asarray(shown.image), scale, setting, None)
