r"""Exposure of many follicles to many boluses that all lie at one depth.

A bolus far away adds next to nothing: past the ball's surface its exposure falls as
:math:`e^{-r/\lambda}/r`. Pairs farther apart than :func:`cutoff_mm` are therefore left out, which
makes the work grow with the points near a follicle instead of with all of them.

For one depth of injection and one depth of follicle a kernel depends on lateral distance only.
:class:`Neighbours` holds the sum over boluses as a sparse matrix from values of the kernel at
evenly spaced distances to follicles, so that a new substance, time or depth costs one product.

Lengths in mm with z down from the surface, times in h, D in mm²/h, k in 1/h.

References
----------
Single boluses and image sources: :mod:`openmeso.science.injection.bolus` and
:mod:`openmeso.science.injection.field`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from openmeso.science.injection.accepted import above_zero
from openmeso.science.injection.bolus import ball_exposure
from openmeso.science.injection.field import Boluses, Tissue

Floats = NDArray[np.float64]
Kernel = Callable[[Floats], Floats]

STEP_MM = 0.05
RADIAL_STEP_MM = STEP_MM / 4
"""Of distances in space, finer than the lateral ones that are read off them."""


def cutoff_mm(radius_mm: float, length_mm: float, tail: float = 1e-10) -> float:
    """Distance [mm] beyond which a bolus adds less than ``tail`` of the exposure at its surface."""
    above_zero(radius_mm=radius_mm, length_mm=length_mm)
    if not 0 < tail < 1:
        raise ValueError(f"tail must lie between 0 and 1, not {tail}")
    return radius_mm + length_mm * math.log(1.0 / tail)


def near_exposure(
    points_mm: Floats, boluses: Boluses, tissue: Tissue, tail: float = 1e-12
) -> Floats:
    """Time-integrated total concentration at ``points_mm`` (n, 3), far boluses left out.

    The same as :func:`openmeso.science.injection.field.exposure` for balls, to about ``tail`` of
    the exposure at a bolus, in time that grows with the number of near pairs only.
    """
    _finite(points_mm)
    above_zero(k_per_h=tissue.k_per_h)
    length = math.sqrt(tissue.d_mm2_h / tissue.k_per_h)
    mirror = np.array([1.0, 1.0, -1.0])
    sources = np.concatenate([boluses.centres_mm, boluses.centres_mm * mirror])
    reach = cutoff_mm(boluses.radius_mm, length, tail)
    pairs = cKDTree(points_mm).sparse_distance_matrix(
        cKDTree(sources), reach, output_type="coo_matrix"
    )
    near = ball_exposure(pairs.data, boluses.radius_mm, tissue.d_mm2_h, tissue.k_per_h)
    return np.asarray(boluses.c0 * np.bincount(pairs.row, near, len(points_mm)))


def _finite(coordinates_mm: Floats) -> None:
    wrong = coordinates_mm[~np.isfinite(coordinates_mm)]
    if wrong.size:
        raise ValueError(f"coordinates must be finite numbers, not {wrong[0]}")


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Sums over near boluses: ``weights`` (follicles, distances) applied to a kernel's values.

    Between the tabled ``distances_mm`` the kernel is interpolated by cubics.
    """

    distances_mm: Floats
    weights: csr_array

    def total(self, values: Floats) -> Floats:
        """Sum over boluses at every follicle; ``values`` (distances, …) are the kernel's."""
        return np.asarray(self.weights @ values)


def neighbours(follicles_xy: Floats, points_xy: Floats, reach_mm: float) -> Neighbours:
    """Which boluses lie within ``reach_mm`` of each follicle, and at what distance.

    Raises ``ValueError`` for coordinates that are no numbers and for a reach of nothing.
    """
    for places in (follicles_xy, points_xy):
        _finite(places)
    above_zero(reach_mm=reach_mm)
    steps = math.ceil(reach_mm / STEP_MM) + 1
    pairs = cKDTree(follicles_xy).sparse_distance_matrix(
        cKDTree(points_xy), reach_mm, output_type="coo_matrix"
    )
    # by follicle, as the matrix wants its rows
    order = np.argsort(pairs.row, kind="stable")
    weights, columns = _around(pairs.data[order] / STEP_MM, steps + 1)
    ends = 4 * np.cumsum(np.bincount(pairs.row, minlength=len(follicles_xy)))
    rows = (weights.ravel(), columns.ravel(), np.append(0, ends))
    return Neighbours(
        np.arange(steps + 1, dtype=np.float64) * STEP_MM,
        csr_array(rows, shape=(len(follicles_xy), steps + 1)),
    )


def _around(place: Floats, size: int) -> tuple[Floats, NDArray[np.int64]]:
    """Weights and places of the four entries of a table of ``size`` around ``place`` [steps]."""
    first = np.clip(np.floor(place).astype(np.int64) - 1, 0, size - 4)
    return _lagrange(place - first), first[:, None] + np.arange(4)


def _lagrange(at: Floats) -> Floats:
    """Weights of the values at 0, 1, 2 and 3 for the cubic through them, at ``at``."""
    a, b, c = at - 1.0, at - 2.0, at - 3.0
    return np.stack([-a * b * c / 6, at * b * c / 2, -at * a * c / 2, at * a * b / 6], axis=-1)


def with_image(
    kernel: Kernel, distances_mm: Floats, depth_mm: float, bolus_depth_mm: float
) -> Floats:
    """Values of a bolus and its mirror image above the skin, by lateral distance.

    ``kernel`` gives the value at a distance in space; ``depth_mm`` is the follicle's.
    """
    below = np.hypot(distances_mm, depth_mm - bolus_depth_mm)
    above = np.hypot(distances_mm, depth_mm + bolus_depth_mm)
    return kernel(below) + kernel(above)


@dataclass(frozen=True, slots=True, eq=False)
class Lateral:
    """Values by lateral distance at several depths, all read off one table by distance in space.

    A kernel then costs one table however many depths there are. Between the tabled
    ``radii_mm`` it is interpolated by cubics, as in :class:`Neighbours`.
    """

    radii_mm: Floats
    weights: csr_array
    depths: int

    def tables(self, values: Floats) -> list[Floats]:
        """Bolus and mirror image at each depth, (distances, …); ``values`` those at the radii."""
        return np.split(np.asarray(self.weights @ values), self.depths)


def lateral(distances_mm: Floats, depths_mm: Floats, bolus_depth_mm: float) -> Lateral:
    """How values at ``distances_mm`` and ``depths_mm`` follow from those around one bolus."""
    below = np.hypot(distances_mm, (depths_mm - bolus_depth_mm)[:, None]).ravel()
    above = np.hypot(distances_mm, (depths_mm + bolus_depth_mm)[:, None]).ravel()
    steps = math.ceil(above.max() / RADIAL_STEP_MM) + 4
    parts = [_around(one / RADIAL_STEP_MM, steps) for one in (below, above)]
    weights, columns = (np.hstack(pair).ravel() for pair in zip(*parts, strict=True))
    rows = (weights, columns, np.arange(0, len(weights) + 1, 8))
    return Lateral(
        np.arange(steps) * RADIAL_STEP_MM,
        csr_array(rows, shape=(len(below), steps)),
        len(depths_mm),
    )
