"""Registration: where the spot of an earlier picture lies in a later one, and how sure that is."""

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.stats import binom
from shapely.geometry.base import BaseGeometry

from openmeso.science.trichoscopy import constellation, warp
from openmeso.terms.comparison import NoComparison, Registration
from openmeso.terms.trichoscopy import HairField

Array = NDArray[np.float64]

FEWEST_UNITS = 8
"""Fewer units in common prove nothing (TRICHOSCOPY prototype: its failures had fewer)."""
LEAST_MATCHED_SHARE = 0.35
LEAST_OVERLAP_SHARE = 0.3
MOST_BY_CHANCE = 1e-3
KNOWN_ZOOM = (0.83, 1.2)
UNKNOWN_ZOOM = (0.5, 2.0)
LIKELY_TURN_DEG = 35.0
ANY_TURN_DEG = 180.0
REFINE_MM = (0.18, 0.14, 0.12)
ROOT_MM = 0.15
UNIT_MM = 0.12
PAIRS_FOR_STRETCH = 24
"""Pairs of roots from which bending of the skin (six terms) is fitted rather than affine."""


def register(before: HairField, after: HairField) -> Registration:
    """Find the earlier field in the later one by the pattern of its follicular units.

    Raises
    ------
    NoComparison
        When the pictures share too little, or what they share could be chance.
    """
    scale = _mm_per_px(before, after)
    zooms = KNOWN_ZOOM if before.scale and after.scale else UNKNOWN_ZOOM
    here, there = constellation.units(before, scale[0]), constellation.units(after, scale[1])
    if min(len(here), len(there)) < FEWEST_UNITS:
        raise NoComparison(
            f"The pictures show {len(here)} and {len(there)} follicular units; at least "
            f"{FEWEST_UNITS} in each are needed to find the same spot again. "
            "Take the picture with a wider field."
        )
    found: _Found | None = None
    for turn_deg in (LIKELY_TURN_DEG, ANY_TURN_DEG):
        found = _search(here, there, zooms, turn_deg)
        if found and found.by_chance <= MOST_BY_CHANCE:
            break
    if found is None:
        raise NoComparison(_NOT_FOUND)
    return _judged(_final(before, after, found, scale))


_NOT_FOUND = (
    "The spot of the earlier picture was not found in the later one. "
    "Take the picture again at the marked spot."
)


class _Found:
    """A similarity in mm and how many coincidences as good chance would give."""

    def __init__(self, coefficients: Array, matched: int, common: int, by_chance: float) -> None:
        self.coefficients = coefficients
        self.matched = matched
        self.common = common
        self.by_chance = by_chance


def _search(
    here: Array, there: Array, zooms: tuple[float, float], turn_deg: float
) -> _Found | None:
    tried = constellation.guesses(here, there, zooms, turn_deg)
    best: _Found | None = None
    for guess in tried:
        coefficients, _ = constellation.refine(here, there, guess, REFINE_MM)
        zoom, _ = warp.stretch(coefficients, here.mean(axis=0))
        if not zooms[0] * 0.95 <= zoom <= zooms[1] * 1.05:
            continue
        one = _weigh(here, there, coefficients, zooms, turn_deg)
        if best is None or one.by_chance < best.by_chance:
            best = one
    return best


def _weigh(
    here: Array, there: Array, coefficients: Array, zooms: tuple[float, float], turn_deg: float
) -> _Found:
    """How many of such registrations two unrelated patterns would show (a contrario).

    A unit of one pattern falls within the tolerance of one of the other by chance with the
    share of the area that the tolerances cover; coincidences are then binomial. The number of
    different similarities that could be tried multiplies it.
    """
    moved = warp.apply(coefficients, here)
    low, high = there.min(axis=0), there.max(axis=0)
    inside = np.all((moved >= low - UNIT_MM) & (moved <= high + UNIT_MM), axis=1)
    common = int(inside.sum())
    matched = len(constellation.mutual(moved[inside], there, UNIT_MM)[0])
    area = max(float(np.prod(high - low)), 1e-6)
    chance = min(len(there) * math.pi * UNIT_MM**2 / area, 0.95)
    across = max(float(np.hypot(*(high - low))), UNIT_MM)
    tests = (
        max((across / UNIT_MM) ** 2, 1.0)
        * max(2 * math.radians(turn_deg) * across / UNIT_MM, 1.0)
        * max((zooms[1] - zooms[0]) * across / UNIT_MM, 1.0)
    )
    by_chance = tests * float(binom.sf(matched - 1, common, chance)) if matched else tests
    return _Found(coefficients, matched, common, by_chance)


def _final(
    before: HairField, after: HairField, found: _Found, scale: tuple[float, float]
) -> Registration:
    """Bend the similarity to the single roots, and put it in pixels."""
    here = np.array([hair.root_px for hair in before.hairs]) * scale[0]
    there = np.array([hair.root_px for hair in after.hairs]) * scale[1]
    coefficients = found.coefficients
    residual = math.inf
    for tolerance in (ROOT_MM, ROOT_MM * 0.8, ROOT_MM * 0.7):
        one, other = constellation.mutual(warp.apply(coefficients, here), there, tolerance)
        if len(one) < FEWEST_UNITS:
            break
        terms = warp.QUADRATIC_TERMS if len(one) >= PAIRS_FOR_STRETCH else warp.AFFINE_TERMS
        coefficients = warp.fit(here[one], there[other], terms, tolerance)
        off = np.hypot(*(warp.apply(coefficients, here[one]) - there[other]).T)
        residual = float(np.median(off)) * 1000
    centre = np.array([before.width_px / 2, before.height_px / 2])
    zoom, rotation = warp.stretch(coefficients, centre * scale[0])
    in_px = _in_px(coefficients, scale)
    return Registration(
        x_px=tuple(in_px[:, 0].tolist()),
        y_px=tuple(in_px[:, 1].tolist()),
        rotation_deg=rotation,
        zoom=zoom,
        units_in_common=found.common,
        units_matched=found.matched,
        residual_um=residual,
        overlap_share=_overlap_share(before, after, in_px),
        expected_by_chance=found.by_chance,
    )


def _judged(made: Registration) -> Registration:
    if made.expected_by_chance > MOST_BY_CHANCE or not math.isfinite(made.residual_um):
        raise NoComparison(_NOT_FOUND)
    if made.overlap_share < LEAST_OVERLAP_SHARE:
        raise NoComparison(
            f"Only {made.overlap_share:.0%} of the earlier picture is seen in the later one; "
            f"at least {LEAST_OVERLAP_SHARE:.0%} are needed. Take the picture again, nearer to "
            "the middle of the spot."
        )
    if made.units_matched < FEWEST_UNITS or made.matched_share < LEAST_MATCHED_SHARE:
        raise NoComparison(_NOT_FOUND)
    return made


def coefficients_px(registration: Registration) -> Array:
    """The map as coefficients (3 or 6, 2) for :func:`warp.apply`, pixels to pixels."""
    return np.stack([np.array(registration.x_px), np.array(registration.y_px)], axis=1)


def overlap_px(before: HairField, after: HairField, coefficients: Array) -> BaseGeometry:
    """The part of the earlier picture that the later one shows too [px of the earlier]."""
    step = np.linspace(0.0, 1.0, 9)[:-1]
    zero, one = np.zeros_like(step), np.ones_like(step)
    ring = np.concatenate(
        [
            np.stack(pair, axis=1)
            for pair in ((step, zero), (one, step), (1 - step, one), (zero, 1 - step))
        ]
    )
    own = shapely.box(0, 0, before.width_px - 1, before.height_px - 1)
    edge = ring * (after.width_px - 1, after.height_px - 1)
    back = shapely.Polygon(inverse(coefficients, edge)).buffer(0)
    return own.intersection(back)


def inverse(coefficients: Array, points: Array) -> Array:
    """Where points of the later picture lie in the earlier one (Newton's method)."""
    affine = coefficients[:3]
    turned = np.linalg.inv(affine[1:3])
    guess = (points - affine[0]) @ turned
    for _ in range(8):
        guess = guess - (warp.apply(coefficients, guess) - points) @ turned
    return np.asarray(guess, np.float64)


def _overlap_share(before: HairField, after: HairField, coefficients: Array) -> float:
    whole = (before.width_px - 1) * (before.height_px - 1)
    return float(overlap_px(before, after, coefficients).area / whole)


def _mm_per_px(before: HairField, after: HairField) -> tuple[float, float]:
    """Millimetres a pixel; without a scale, units are taken to lie as far apart as is usual."""
    if before.scale and after.scale:
        return before.scale.um_per_px / 1000, after.scale.um_per_px / 1000
    known = before.scale or after.scale
    if known:
        return known.um_per_px / 1000, known.um_per_px / 1000
    return (USUAL_UNIT_MM / _spacing_px(before),) * 2


USUAL_UNIT_MM = 0.8
"""Assumption, used only without any scale: middle distance of neighbouring units."""


def _spacing_px(field: HairField) -> float:
    points = constellation.units(field, 1.0)
    if len(points) < 2:
        return 1.0
    gaps = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    np.fill_diagonal(gaps, np.inf)
    return float(np.median(gaps.min(axis=1)))


def _in_px(coefficients: Array, scale: tuple[float, float]) -> Array:
    """Coefficients mm → mm as px → px."""
    powers = np.array([0, 1, 1, 2, 2, 2])[: len(coefficients)]
    return np.asarray(coefficients * scale[0] ** powers[:, None] / scale[1], np.float64)
