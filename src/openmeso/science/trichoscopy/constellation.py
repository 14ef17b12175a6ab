"""Constellation: the follicular units of a field, as a pattern that can be found again.

Openings of the skin keep their places for years and look the same whether their hair grows or
rests, so their pattern finds a spot again when skin texture, light and hair have all changed.

References
----------
Kasprzak M et al. Follicular map: a novel approach to quantitative trichoscopy.
Skin Appendage Disord 2019;5:216.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial import cKDTree

from openmeso.science.trichoscopy import warp
from openmeso.terms.trichoscopy import HairField

Array = NDArray[np.float64]

UNIT_MM = 0.3
"""Roots of one opening lie closer (FDU annotations: 5-95 % of pairs 53-237 µm apart)."""
NEIGHBOURS_BEFORE = 5
NEIGHBOURS_AFTER = 9
TOLERANCE = 0.15
"""How far off a unit may lie in a first try, in mm (a third of the usual distance of units)."""
CELL = 0.03
TRIED = 40
"""First guesses that are refined."""


def units(field: HairField, mm_per_px: float) -> Array:
    """Middle of the roots of each opening [mm], shape (n, 2), those at the edge too.

    Roots are grouped by average linkage, which does not chain: a root missed or misplaced then
    moves one middle a little instead of joining two openings.
    """
    roots = np.array([hair.root_px for hair in field.hairs], np.float64).reshape(-1, 2) * mm_per_px
    if len(roots) < 2:
        return roots
    groups = fcluster(linkage(roots, "average"), UNIT_MM, "distance") - 1
    sizes = np.bincount(groups)
    middles = [np.bincount(groups, weights=roots[:, axis]) / sizes for axis in (0, 1)]
    return np.stack(middles, axis=1)


def guesses(
    before: Array, after: Array, zooms: tuple[float, float], turn_deg: float
) -> list[Array]:
    """Similarities (3, 2) that bring most of ``before`` near a point of ``after``.

    Each near pair of ``before`` is laid on each near pair of ``after`` whose length and
    direction allow it [mm]; the best :data:`TRIED` come first.
    """
    tail, head = _pairs(before, NEIGHBOURS_BEFORE)
    tail_after, head_after = _pairs(after, NEIGHBOURS_AFTER)
    if not len(tail) or not len(tail_after):
        return []
    arrow = _complex(before[head] - before[tail])
    arrow_after = _complex(after[head_after] - after[tail_after])
    turns = arrow_after[None, :] / arrow[:, None]
    allowed = (np.abs(turns) >= zooms[0]) & (np.abs(turns) <= zooms[1])
    allowed &= np.abs(np.angle(turns, deg=True)) <= turn_deg
    first, second = np.nonzero(allowed)
    turn = turns[first, second]
    shift = _complex(after[tail_after])[second] - turn * _complex(before[tail])[first]
    hits = _hits(turn, shift, before, after)
    best = np.argsort(-hits, kind="stable")[: TRIED * 25]
    return [_coefficients(turn[one], shift[one]) for one in _unlike(turn[best], shift[best], best)]


def mutual(
    moved: Array, after: Array, tolerance: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of the pairs that are each other's nearest, no farther than the tolerance."""
    if not len(moved) or not len(after):
        nothing = np.zeros(0, np.int64)
        return nothing, nothing
    far, there = cKDTree(after).query(moved)
    _, back = cKDTree(moved).query(after)
    here = np.flatnonzero((far <= tolerance) & (back[there] == np.arange(len(moved))))
    return here, there[here].astype(np.int64)


def refine(
    before: Array, after: Array, guess: Array, tolerances: tuple[float, ...]
) -> tuple[Array, int]:
    """The similarity that the pairs themselves give, tightened step by step; and how many agree."""
    coefficients, agree = guess, 0
    for tolerance in tolerances:
        here, there = mutual(warp.apply(coefficients, before), after, tolerance)
        agree = len(here)
        if agree < 2:
            break
        coefficients = warp.similarity(before[here], after[there])
    return coefficients, agree


def _pairs(points: Array, neighbours: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ordered pairs of each point and its nearest neighbours."""
    count = min(neighbours, len(points) - 1)
    if count < 1:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing
    _, near = cKDTree(points).query(points, k=count + 1)
    return np.repeat(np.arange(len(points)), count), near[:, 1:].reshape(-1).astype(np.int64)


def _hits(
    turn: NDArray[np.complex128], shift: NDArray[np.complex128], before: Array, after: Array
) -> NDArray[np.int64]:
    """For each similarity, how many points of ``before`` come near one of ``after``."""
    low = after.min(axis=0) - TOLERANCE
    size = np.ceil((after.max(axis=0) + TOLERANCE - low) / CELL).astype(int) + 1
    centres = np.stack(np.meshgrid(*(np.arange(n) * CELL for n in size), indexing="ij"), axis=-1)
    far, _ = cKDTree(after - low).query(centres.reshape(-1, 2), distance_upper_bound=TOLERANCE)
    near = np.isfinite(far).reshape(size)
    hits = np.zeros(len(turn), np.int64)
    origin = complex(*low)
    for point in _complex(before):
        moved = (turn * point + shift - origin) / CELL
        column, row = np.rint(moved.real).astype(int), np.rint(moved.imag).astype(int)
        inside = (column >= 0) & (row >= 0) & (column < size[0]) & (row < size[1])
        hits[inside] += near[column[inside], row[inside]]
    return hits


def _unlike(
    turn: NDArray[np.complex128], shift: NDArray[np.complex128], best: NDArray[np.int64]
) -> list[int]:
    """The best guesses, without those that say the same as a better one."""
    kept: list[int] = []
    for place in range(len(best)):
        said = any(
            abs(turn[place] - turn[other]) < 0.03 and abs(shift[place] - shift[other]) < TOLERANCE
            for other in kept
        )
        if not said:
            kept.append(place)
        if len(kept) == TRIED:
            break
    return [int(best[place]) for place in kept]


def _complex(points: Array) -> NDArray[np.complex128]:
    return np.asarray(points[:, 0] + 1j * points[:, 1], np.complex128)


def _coefficients(turn: complex, shift: complex) -> Array:
    return np.array([[shift.real, shift.imag], [turn.real, turn.imag], [-turn.imag, turn.real]])
