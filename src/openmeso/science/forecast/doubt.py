"""Doubt: bands, the split of the variance into its sources, and what matters most."""

from collections.abc import Mapping

import numpy as np

from openmeso.science.forecast.library import STRUCTURES, Indices, Library
from openmeso.science.forecast.library_course import Array, Single
from openmeso.terms.forecast import Band, DoubtShares, Influence, StructureMedian

PERCENTS = (0.05, 0.25, 0.5, 0.75, 0.95)


def drawn(weights: Array) -> Array:
    """Indices of equally many draws in proportion to their weights: systematic, without chance."""
    at = (np.arange(len(weights)) + 0.5) / len(weights)
    found: Array = np.minimum(np.searchsorted(np.cumsum(weights), at), len(weights) - 1)
    return found


def band(values: Single) -> Band:
    """Percentiles over equally weighted draws of values (week, draw)."""
    ordered = np.sort(values, axis=-1)
    place = np.array(PERCENTS) * (values.shape[-1] - 1)
    low = place.astype(int)
    part = (place - low).astype(np.float32)
    high = np.minimum(low + 1, values.shape[-1] - 1)
    found = ordered[:, low] * (1 - part) + ordered[:, high] * part
    return Band(*(tuple(map(float, column)) for column in found.T))


def shares(
    values: Single, counting_variance: Array, weights: Array, library: Library
) -> DoubtShares:
    """The law of total variance, at each week: accounts, averages in them, patients, counting.

    The mean over an average's few patients has their variance in it; that part is given back.
    """
    structural, parameter, patient = _variances(np.asarray(values, float), weights, library)
    counting = np.asarray(counting_variance @ weights, float)
    parts = np.maximum(np.array([counting, patient, parameter, structural]), 0.0)
    parts = parts / np.maximum(parts.sum(axis=0), 1e-12)
    return DoubtShares(*(tuple(map(float, part)) for part in parts))


def structures(
    on: Single, off: Single, weights: Array, library: Library
) -> tuple[StructureMedian, ...]:
    """The medians of (week, draw) with and without the plan under each account of the world."""
    priors, found = library.source.priors, []
    for i, (delivery, regrowth) in enumerate(STRUCTURES):
        here = np.flatnonzero(library.structure == i)
        mass = float(weights[here].sum())
        inside = here if is_even(weights) or mass <= 0 else here[drawn(weights[here] / mass)]
        words = f"{priors.delivery[delivery].words}; {priors.regrowth[regrowth].words}"
        medians = (tuple(map(float, _medians(each[:, inside]))) for each in (on, off))
        found.append(StructureMedian(f"{delivery}, {regrowth}", words, mass, *medians))
    return tuple(found)


def is_even(weights: Array) -> bool:
    """Whether every draw weighs the same, as before anything was measured."""
    return bool(np.ptp(weights) == 0)


def _medians(values: Single) -> Single:
    ordered, half = np.sort(values, axis=-1), values.shape[-1] // 2
    if values.shape[-1] % 2:
        return ordered[:, half]
    return np.asarray((ordered[:, half - 1] + ordered[:, half]) / 2)


def _variances(values: Array, weights: Array, library: Library) -> tuple[Array, Array, Array]:
    cell = library.structure * library.averages + library.average
    cells = len(STRUCTURES) * library.averages
    first = np.arange(cells) // library.averages
    mass = np.bincount(cell, weights, cells)
    sums = _grouped(values * weights, cell, cells)
    squares = _grouped(values**2 * weights, cell, cells)
    filled = np.maximum(mass, 1e-300)
    mean = sums / filled
    within = np.maximum(squares / filled - mean**2, 0.0)
    ess = filled**2 / np.maximum(np.bincount(cell, weights**2, cells), 1e-300)
    # A mean of n patients varies by their variance / n; (n - 1) / n of it is seen within.
    lent = within / np.maximum(ess - 1, 1.0)
    by_structure = np.bincount(first, mass, len(STRUCTURES))
    held = np.maximum(by_structure, 1e-300)
    structure_mean = _grouped(mean * mass, first, len(STRUCTURES)) / held
    grand = structure_mean @ by_structure
    structural = (structure_mean - grand[:, None]) ** 2 @ by_structure
    parameter = ((mean - structure_mean[:, first]) ** 2 - lent) @ mass
    patient = (within + lent) @ mass
    return structural, parameter, patient


def _grouped(values: Array, group: Indices, groups: int) -> Array:
    """Sums of the columns of each group."""
    if (np.diff(group) < 0).any():
        order = np.argsort(group, kind="stable")
        values, group = values[:, order], group[order]
    found = np.flatnonzero(np.diff(group, prepend=-1))
    out = np.zeros((len(values), groups))
    out[:, group[found]] = np.add.reduceat(values, found, axis=1)
    return out


def influences(
    target: Array, named: Mapping[str, tuple[Array, str, bool]], weights: Array
) -> tuple[Influence, ...]:
    """The three parameters with the largest part of the target's variance.

    The part is that of a parabola through the parameter: first order, without interactions.
    ``named`` gives draws, words and whether the parameter rests on an assumption.
    """
    found = [
        Influence(symbol, _explained(target, draws, weights), words, assumed)
        for symbol, (draws, words, assumed) in named.items()
    ]
    return tuple(sorted(found, key=lambda one: -one.share)[:3])


def _explained(target: Array, draws: Array, weights: Array) -> float:
    centre = weights @ draws
    sd = np.sqrt(weights @ (draws - centre) ** 2)
    if sd < 1e-12:
        return 0.0
    z = (draws - centre) / sd
    columns = np.array([np.ones_like(z), z, z**2])
    wanted = target - weights @ target
    total = float(weights @ wanted**2)
    if total <= 0:
        return 0.0
    # least squares by its normal equations: z is standardised, so that they are well conditioned
    by_weight = columns * weights
    right = by_weight @ wanted
    fitted = np.linalg.lstsq(by_weight @ columns.T, right, rcond=None)[0]
    return float(np.clip(fitted @ right / total, 0.0, 1.0))
