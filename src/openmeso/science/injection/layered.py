r"""Exposure where dermis lies on fat: layers with their own diffusion, clearance and partition.

In layers that are alike sideways the exposure of one ball is a Hankel transform in lateral
distance: for each wave number :math:`\xi` the free exposure :math:`\hat u(z)` solves

.. math:: -(K D\,\hat u')' + K(D\xi^2 + k)\,\hat u = \hat s(z),\qquad \hat u'(0) = 0,

with partition :math:`K` to water, so that free drug is continuous across a border though the total
is not. Cells of equal thickness make it one tridiagonal system for each wave number.

An option: no constants of scalp fat are known, so plans are computed with dermis throughout.
Lengths in mm with z down, times in h, D in mm²/h, k in 1/h.

References
----------
Carslaw HS, Jaeger JC. *Conduction of Heat in Solids*, 2nd ed., 1959, §14.8 (layers, transforms).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import j0, j1

Floats = NDArray[np.float64]

_CELL_MM = 0.05
_WAVES = 400
_DEPTHS_BELOW = 12.0  # decay lengths of the lowest layer that are kept below everything


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer down to ``bottom_mm`` (the last one has no end) and its constants.

    ``partition`` is total over free (water) concentration.
    """

    bottom_mm: float
    d_mm2_h: float
    k_per_h: float
    partition: float

    def __post_init__(self) -> None:
        for name in ("bottom_mm", "d_mm2_h", "k_per_h", "partition"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0, not {getattr(self, name)}")


def layered_exposure(
    rho_mm: Floats,
    depth_mm: float,
    bolus_depth_mm: float,
    radius_mm: float,
    layers: Sequence[Layer],
) -> Floats:
    """Free exposure [h] per unit of the ball's total C₀, ``rho_mm`` beside its centre.

    Accurate to about a part in a hundred; a homogeneous skin is better served by
    :func:`openmeso.science.injection.bolus.ball_exposure`, which is exact.

    Raises ``ValueError`` for layers that do not go down, and a ball that is not under the skin.
    """
    _check(bolus_depth_mm, radius_mm, layers)
    lowest = layers[-1]
    length = math.sqrt(lowest.d_mm2_h / lowest.k_per_h)
    deepest = max(depth_mm, bolus_depth_mm + radius_mm, *(one.bottom_mm for one in layers[:-1]))
    z = np.arange(0.5 * _CELL_MM, deepest + _DEPTHS_BELOW * length, _CELL_MM)
    shortest = min(math.sqrt(one.d_mm2_h / one.k_per_h) for one in layers)
    waves, weights = _wave_numbers(40.0 / min(shortest, radius_mm))
    source = _source(waves, z, bolus_depth_mm, radius_mm)
    free = _solve(waves, z, source, layers)
    at = np.array([np.interp(depth_mm, z, row) for row in free])
    kernel = j0(waves[None, :] * np.asarray(rho_mm, float)[:, None])
    return np.asarray(kernel @ (at * waves * weights) / (2.0 * math.pi))


def _check(bolus_depth_mm: float, radius_mm: float, layers: Sequence[Layer]) -> None:
    if not layers:
        raise ValueError("at least one layer is needed")
    bottoms = [one.bottom_mm for one in layers]
    if sorted(set(bottoms)) != bottoms:
        raise ValueError(f"layers must go down, not {bottoms}")
    if not (radius_mm > 0 and bolus_depth_mm > 0):
        raise ValueError(
            f"radius and depth must be above 0 mm, not {radius_mm} and {bolus_depth_mm}"
        )


def _wave_numbers(highest: float) -> tuple[Floats, Floats]:
    places, weights = np.polynomial.legendre.leggauss(_WAVES)
    return (places + 1.0) * highest / 2.0, weights * highest / 2.0


def _source(waves: Floats, z: Floats, bolus_depth_mm: float, radius_mm: float) -> Floats:
    """Hankel transform of the ball cell by cell, folded at the surface, (waves, cells)."""
    found = np.zeros((len(waves), len(z)))
    for centre in (bolus_depth_mm, -bolus_depth_mm):
        disc = np.sqrt(np.maximum(radius_mm**2 - (z - centre) ** 2, 0.0))
        found += 2.0 * math.pi * disc * j1(waves[:, None] * disc) / waves[:, None]
    return found


def _solve(waves: Floats, z: Floats, source: Floats, layers: Sequence[Layer]) -> Floats:
    """Free exposure by wave number and cell: Thomas' algorithm, all wave numbers at once."""
    which = np.searchsorted([one.bottom_mm for one in layers[:-1]], z)
    d, k, partition = (
        np.array([getattr(one, name) for one in layers])[which]
        for name in ("d_mm2_h", "k_per_h", "partition")
    )
    conduct = partition * d
    # between two cells the resistances add
    between = 2.0 / (1.0 / conduct[:-1] + 1.0 / conduct[1:]) / _CELL_MM**2
    left, right = np.concatenate([[0.0], between]), np.concatenate([between, [0.0]])
    diagonal = left + right + partition * (d * waves[:, None] ** 2 + k)
    ratio: Floats = np.empty_like(diagonal)
    carried: Floats = np.empty_like(diagonal)
    ratio[:, 0], carried[:, 0] = right[0] / diagonal[:, 0], source[:, 0] / diagonal[:, 0]
    for i in range(1, len(z)):
        pivot = diagonal[:, i] - left[i] * ratio[:, i - 1]
        ratio[:, i] = right[i] / pivot
        carried[:, i] = (source[:, i] + left[i] * carried[:, i - 1]) / pivot
    for i in range(len(z) - 2, -1, -1):
        carried[:, i] += ratio[:, i] * carried[:, i + 1]
    return np.asarray(carried)
