r"""A depot: a ball of solid that keeps its own volume saturated while it dissolves.

Around a ball held at the saturated total concentration :math:`A` the steady field is
:math:`A\,(R/r)\,e^{-\kappa(r-R)}` outside and :math:`A` inside. What leaves it per hour is what
crosses the surface and what is cleared inside,
:math:`A\,[4\pi R D(1+\kappa R) + \tfrac43\pi R^3 k]`, so the solid lasts its mass over that rate.

Exposure does not depend on solubility: half the concentration lasts twice as long. Solubility
decides only how long, and it is known to within orders of magnitude; nothing here averages it.

Lengths in mm, times in h, D in mm²/h, k in 1/h. One unit of mass in one mm³ is one unit of
concentration times 1000 per mL.

References
----------
Carslaw HS, Jaeger JC. *Conduction of Heat in Solids*, 2nd ed., 1959, §10.4, with first-order loss.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openmeso.science.injection.accepted import above_zero, not_negative

Floats = NDArray[np.float64]


def depot_rate(radius_mm: float, d_mm2_h: float, k_per_h: float) -> float:
    """What a depot loses [mm³/h] per unit of its saturated total concentration."""
    above_zero(radius_mm=radius_mm, d_mm2_h=d_mm2_h, k_per_h=k_per_h)
    kappa = math.sqrt(k_per_h / d_mm2_h)
    through = 4.0 * math.pi * radius_mm * d_mm2_h * (1.0 + kappa * radius_mm)
    return through + 4.0 / 3.0 * math.pi * radius_mm**3 * k_per_h


def depot_shape(r_mm: ArrayLike, radius_mm: float, length_mm: float) -> Floats:
    """Concentration around a lasting depot over its saturated concentration."""
    above_zero(radius_mm=radius_mm, length_mm=length_mm)
    not_negative(r_mm=r_mm)
    r = np.maximum(np.asarray(r_mm, float), radius_mm)
    return np.asarray(radius_mm / r * np.exp(-(r - radius_mm) / length_mm))


def depot_exposure(r_mm: ArrayLike, radius_mm: float, d_mm2_h: float, k_per_h: float) -> Floats:
    """Exposure [h] over the concentration C₀ that the depot's mass would have spread in its ball.

    Its integral over space times ``k_per_h`` is the mass, as for a dissolved bolus.
    """
    rate = depot_rate(radius_mm, d_mm2_h, k_per_h)
    length = math.sqrt(d_mm2_h / k_per_h)
    hours = 4.0 / 3.0 * math.pi * radius_mm**3 / rate
    return depot_shape(r_mm, radius_mm, length) * hours


def depot_hours(
    c0_over_saturated: float, radius_mm: float, d_mm2_h: float, k_per_h: float
) -> float:
    """Hours until the solid is gone; ``c0_over_saturated`` are total concentrations' ratio.

    A drug that is dissolved already (ratio 1 or less) has no solid: the answer is 0.
    """
    above_zero(c0_over_saturated=c0_over_saturated)
    rate = depot_rate(radius_mm, d_mm2_h, k_per_h)
    if c0_over_saturated <= 1.0:
        return 0.0
    return c0_over_saturated * 4.0 / 3.0 * math.pi * radius_mm**3 / rate
