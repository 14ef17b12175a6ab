"""How far a shaft reaches along a path that another picture tells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.remeasure import (
    Absorbed,
    Freedom,
    Shaft,
    contrast_across,
    middle_of,
    straightened,
    ways_of,
)

Floats = NDArray[np.float64]

STUMP_UM = 110.0
"""The stretch from the root by which a shaft is found: stubble is hardly longer."""
_HALF = 0.5
_FEWEST_STEPS = 5
_ENDED_STEPS = 3  # so many bare steps in a row end a shaft


@dataclass(frozen=True, slots=True, eq=False)
class Extent:
    """``length`` of a shaft along its path [px], 0 where there is none; ``is_open`` where its end, or
    part of it, could not be seen; the ``path`` it takes.
    """

    length: float
    is_open: bool
    path: Floats


def extent(
    a: Absorbed,
    shaft: Shaft,
    others: Sequence[Shaft],
    contrast: float,
    um_per_px: float,
    free: Freedom,
) -> Extent:
    """Length of the shaft that stands at the root of ``shaft`` and runs as that does.

    ``contrast`` is what it shows where it was traced [1]: half of it ends the shaft.
    """
    middle, normal, run = middle_of(shaft.path, 1.0)
    if len(middle) < _FEWEST_STEPS:
        return Extent(0.0, True, shaft.path)
    ways = ways_of(run, free)
    reach = float(np.abs(ways).max()) + shaft.width + 10
    flat, clear, across = straightened(a, (middle, normal), reach, others)
    found, known = contrast_across(flat, clear, shaft.width)
    rows = np.arange(len(run))
    columns = np.clip(np.rint(ways + len(across) // 2).astype(int), 0, len(across) - 1)
    seen, value = known[rows, columns], found[rows, columns]
    stump = run <= STUMP_UM / um_per_px
    weight = seen[:, stump].sum(axis=1)
    mean = (value * seen)[:, stump].sum(axis=1) / np.maximum(weight, 1e-6)
    mean[weight < 0.4 * stump.sum()] = 0.0
    way = int(np.argmax(mean))
    path = middle + normal * ways[way][:, None]
    if not mean.any():
        return Extent(0.0, True, path)
    if mean[way] < _HALF * contrast:
        return Extent(0.0, False, path)
    return _ended(value[way], seen[way], _HALF * contrast, run, path)


def _ended(value: Floats, seen: Floats, level: float, run: Floats, path: Floats) -> Extent:
    is_bare = (seen > 0) & (value < level)
    for first in range(len(run)):
        step = slice(first, first + _ENDED_STEPS)
        if is_bare[step].all() and len(run) - first >= _ENDED_STEPS:
            hidden = bool((seen[max(first - _ENDED_STEPS, 0) : first] == 0).any())
            return Extent(float(run[first]), hidden, path[: max(first, 2)])
    return Extent(float(run[-1]), True, path)
