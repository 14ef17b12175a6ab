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

from openmeso.science.injection.bolus import ball_exposure
from openmeso.science.injection.field import Boluses, Tissue

Floats = NDArray[np.float64]
Kernel = Callable[[Floats], Floats]

STEP_MM = 0.05


def cutoff_mm(radius_mm: float, length_mm: float, tail: float = 1e-10) -> float:
    """Distance [mm] beyond which a bolus adds less than ``tail`` of the exposure at its surface."""
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
    length = math.sqrt(tissue.d_mm2_h / tissue.k_per_h)
    mirror = np.array([1.0, 1.0, -1.0])
    sources = np.concatenate([boluses.centres_mm, boluses.centres_mm * mirror])
    reach = cutoff_mm(boluses.radius_mm, length, tail)
    pairs = cKDTree(points_mm).sparse_distance_matrix(
        cKDTree(sources), reach, output_type="coo_matrix"
    )
    near = ball_exposure(pairs.data, boluses.radius_mm, tissue.d_mm2_h, tissue.k_per_h)
    return np.asarray(boluses.c0 * np.bincount(pairs.row, near, len(points_mm)))


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
    if not (np.isfinite(follicles_xy).all() and np.isfinite(points_xy).all()):
        raise ValueError("coordinates must be finite numbers")
    if not (math.isfinite(reach_mm) and reach_mm > 0):
        raise ValueError(f"reach_mm must be above 0, not {reach_mm}")
    steps = math.ceil(reach_mm / STEP_MM) + 1
    pairs = cKDTree(follicles_xy).sparse_distance_matrix(
        cKDTree(points_xy), reach_mm, output_type="coo_matrix"
    )
    place = pairs.data / STEP_MM
    # four tabled distances around each pair; table entry 0 stands at distance 0
    first = np.clip(np.floor(place).astype(np.int64) - 1, 0, steps - 3)
    at = place - first
    columns = first[:, None] + np.arange(4)
    shape = (len(follicles_xy), steps + 1)
    entries = (_lagrange(at).ravel(), (np.repeat(pairs.row, 4), columns.ravel()))
    return Neighbours(
        np.arange(steps + 1, dtype=np.float64) * STEP_MM, csr_array(entries, shape=shape)
    )


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
