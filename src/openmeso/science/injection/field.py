"""Many boluses under the skin surface: concentration and exposure at any point.

Diffusion and clearance are linear, so the field is the sum over boluses; the surface lets
nothing through, which a mirror image of each bolus above the skin fulfils exactly.

Lengths in mm with z pointing down from the surface, times in h, D in mm²/h, k in 1/h.

References
----------
Method of images: Carslaw HS, Jaeger JC. *Conduction of Heat in Solids*, 2nd ed., 1959, §10.10.
Single boluses: :mod:`openmeso.science.injection.bolus`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openmeso.science.injection.accepted import above_zero, not_negative
from openmeso.science.injection.bolus import (
    ball_concentration,
    ball_exposure,
    gaussian_concentration,
    gaussian_exposure,
)

Floats = NDArray[np.float64]

# pairs of point and bolus handled at once: about 80 MB of distances
_PAIRS = 5_000_000


@dataclass(frozen=True, slots=True)
class Tissue:
    """Total diffusivity [mm²/h] and first-order clearance [1/h] of one substance in skin."""

    d_mm2_h: float
    k_per_h: float

    def __post_init__(self) -> None:
        above_zero(d_mm2_h=self.d_mm2_h)
        not_negative(k_per_h=self.k_per_h)


@dataclass(frozen=True, slots=True)
class Boluses:
    """Equal boluses: centres (n, 3) [mm], radius [mm], starting concentration, and shape.

    ``gaussian`` replaces each ball by a Gaussian of the same mass and second moment.
    """

    centres_mm: Floats
    radius_mm: float
    c0: float
    gaussian: bool = False

    def __post_init__(self) -> None:
        above_zero(radius_mm=self.radius_mm)
        not_negative(c0=self.c0, depth_mm=self.centres_mm[:, 2])


def concentration(points_mm: Floats, t_h: float, boluses: Boluses, tissue: Tissue) -> Floats:
    """Total concentration [unit of ``c0``] at ``points_mm`` (n, 3), ``t_h`` after injection.

    References
    ----------
    Sum over boluses and their images; see the module.
    """
    single = gaussian_concentration if boluses.gaussian else ball_concentration
    return _superpose(
        points_mm,
        boluses,
        lambda r: single(r, t_h, boluses.radius_mm, tissue.d_mm2_h, tissue.k_per_h),
    )


def exposure(points_mm: Floats, boluses: Boluses, tissue: Tissue) -> Floats:
    """Time-integrated total concentration [unit of ``c0`` times h] at ``points_mm`` (n, 3).

    References
    ----------
    Sum over boluses and their images; see the module.
    """
    single = gaussian_exposure if boluses.gaussian else ball_exposure
    return _superpose(
        points_mm,
        boluses,
        lambda r: single(r, boluses.radius_mm, tissue.d_mm2_h, tissue.k_per_h),
    )


def _superpose(points_mm: Floats, boluses: Boluses, single: Callable[[Floats], Floats]) -> Floats:
    mirror = np.array([1.0, 1.0, -1.0])
    sources = np.concatenate([boluses.centres_mm, boluses.centres_mm * mirror])
    rows = max(1, _PAIRS // len(sources))
    parts = []
    for start in range(0, len(points_mm), rows):
        gaps = points_mm[start : start + rows, None, :] - sources[None, :, :]
        parts.append(single(np.sqrt(np.einsum("nmi,nmi->nm", gaps, gaps))).sum(axis=1))
    return np.asarray(boluses.c0 * np.concatenate(parts))
