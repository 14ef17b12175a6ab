"""Comparison: two decoded pictures and their hairs handed to the science, and what became of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openmeso.gateways.picture import Picture
from openmeso.terms.comparison import Comparison
from openmeso.terms.phototrichogram import Phototrichogram
from openmeso.terms.trichoscopy import HairField, MeasureSetting

if TYPE_CHECKING:
    from openmeso.science.trichoscopy.spot import View


@dataclass(frozen=True, slots=True)
class MeasuredPicture:
    """A picture with the hairs that hold, and how it was measured."""

    shown: Picture
    field: HairField
    setting: MeasureSetting


def compare_visits(before: MeasuredPicture, after: MeasuredPicture) -> Comparison:
    """What became of every hair; raises NoComparison with why and what to do."""
    from openmeso.science.trichoscopy.comparison import compare
    from openmeso.science.trichoscopy.registration import register

    registration = register(before.field, after.field)
    return compare(_view(before), _view(after), registration, after.setting)


def read_phototrichogram(
    before: MeasuredPicture, after: MeasuredPicture, days: float
) -> Phototrichogram:
    """Which hairs grew in the days between; raises NoComparison with why and what to do."""
    from openmeso.science.trichoscopy.phototrichogram import phototrichogram
    from openmeso.science.trichoscopy.registration import register

    registration = register(before.field, after.field)
    return phototrichogram(_view(before), _view(after), registration, days, after.setting)


def _view(one: MeasuredPicture) -> "View":
    # NumPy and OpenCV are slow to import: only who compares waits for them.
    import numpy as np

    from openmeso.science.trichoscopy.quality import judge_quality
    from openmeso.science.trichoscopy.spot import View

    image = np.asarray(one.shown.image)
    mask = judge_quality(image, one.field.scale, one.setting).mask
    return View(image, one.field, mask if mask.any() else None)
