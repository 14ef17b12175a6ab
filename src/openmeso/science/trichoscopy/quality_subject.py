"""What the picture is of: skin seen close is one surface, evenly coloured but for what lies on it."""

import math
from dataclasses import dataclass

import numpy as np

from openmeso.science.trichoscopy.foreign_mark import Image, Mask
from openmeso.science.trichoscopy.quality_light import LINEAR, Plane

PARTS = 12  # a side, in each of which the lighter half is skin, or the darker where hair is light
LEAST_PARTS = 24
FULL, EMPTY = 7, 1  # of the parts across that are dark in a line of letters, and between two lines
# an assumption: a shaded border, redness, and the colour of the light make skin differ by less
LIGHTNESS, RED = 1.8, 0.75
SPREAD = (0.1, 0.9)  # quantiles over the parts


@dataclass(frozen=True, slots=True)
class Variety:
    """How far parts of a picture differ, in logarithms of light; None where too little is seen.

    ``lightness`` of red, green and blue together, and ``red`` over green, from the tenth to the
    ninetieth of a hundred parts, in that half of each that differs less; ``is_grey`` where no pixel has a colour. Blue is not looked at:
    lamps of two colours light skin from two sides.
    """

    lightness: float | None
    red: float | None
    is_grey: bool

    @property
    def of_skin(self) -> float:
        """Both beside the most that light on one surface does, as one distance; 0 where unknown."""
        return math.hypot((self.lightness or 0.0) / LIGHTNESS, (self.red or 0.0) / RED)


def read_variety(small: Image, out: Mask) -> Variety:
    """Variety of a shrunk picture (h, w, 3), ``out`` (h, w) left aside."""
    is_grey = bool((small.max(axis=-1) - small.min(axis=-1)).max(initial=0) <= 2)
    height, width = out.shape
    parts = [
        np.s_[row * height // PARTS : (row + 1) * height // PARTS, begin:end]
        for row in range(PARTS)
        for begin, end in ((at * width // PARTS, (at + 1) * width // PARTS) for at in range(PARTS))
    ]
    seen = [_halves(small[one][~out[one]]) for one in parts if np.count_nonzero(~out[one]) >= 6]
    if len(seen) < LEAST_PARTS:
        return Variety(None, None, is_grey)
    both = np.array(seen, np.float32) + np.float32(1e-3)
    told = (_spread(both[:, 0], is_grey), _spread(both[:, 1], is_grey))
    return min(told, key=lambda one: one.of_skin)


def _spread(light: Plane, is_grey: bool) -> Variety:
    """Of one half of each part (n, 3)."""
    told = np.log(np.stack([light.sum(axis=1), light[:, 0] / light[:, 1]]))
    low, high = np.quantile(told, SPREAD, axis=1)
    return Variety(float(high[0] - low[0]), float(high[1] - low[1]), is_grey)


def _halves(levels: Image) -> tuple[Plane, Plane]:
    """Mean light (red, green, blue) of the lighter and of the darker half of some pixels (n, 3)."""
    light = LINEAR[levels]
    grey = light.sum(axis=-1)
    middle = np.median(grey)
    return (
        np.asarray(light[grey >= middle].mean(axis=0), np.float32),
        np.asarray(light[grey <= middle].mean(axis=0), np.float32),
    )


def text_lines(dark: Mask) -> int:
    """How often a band dark across the picture follows an empty one: lines of a page (h, w)."""
    return max(_bands(dark), _bands(dark.T))


def _bands(dark: Mask) -> int:
    if min(dark.shape) < PARTS:
        return 0
    begins = np.linspace(0, dark.shape[1], PARTS + 1).astype(int)[:-1]
    across = np.logical_or.reduceat(dark, begins, axis=1).sum(axis=1)
    told = across[(across >= FULL) | (across <= EMPTY)] >= FULL
    return int(np.count_nonzero(told[1:] & ~told[:-1]))
