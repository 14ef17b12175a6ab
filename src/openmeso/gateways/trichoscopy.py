"""Trichoscopy: a decoded picture handed to the science, and its hairs as terms."""

from importlib import import_module
from importlib.util import find_spec

from openmeso.gateways.picture import Picture
from openmeso.terms.trichoscopy import HairField, MeasureSetting, Scale

READER = "openmeso.science.trichoscopy.measure"


def can_read() -> bool:
    """Whether this OpenMeso holds the reader of hairs; pages offer no picture without it."""
    return find_spec(READER) is not None


def read_field(shown: Picture, *, scale: Scale | None, setting: MeasureSetting) -> HairField:
    """Every hair of the picture, its numbers and what is wrong with it."""
    import numpy as np

    found = import_module(READER).measure_field(np.asarray(shown.image), scale, setting, None)
    if not isinstance(found, HairField):
        raise TypeError(f"{READER} gave {type(found).__name__}")
    return found
