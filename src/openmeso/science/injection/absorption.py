"""What leaves the skin for the body, and what is left of it there.

A dissolved dose is cleared from the skin at first order wherever it lies, so the mass absorbed
does not depend on how it spreads; a depot gives it off evenly until the solid is gone. What
becomes of it in the body is told by :mod:`openmeso.science.injection.systemic`.

References
----------
Bateman H. Proc Cambridge Philos Soc 1910;15:423-427 (first-order input and loss).
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openmeso.science.injection.accepted import above_zero, not_negative

Floats = NDArray[np.float64]


def absorbed_mg(t_h: ArrayLike, dose_mg: float, k_per_h: float, lasting_h: float = 0.0) -> Floats:
    """Mass [mg] that has left the skin ``t_h`` after the session.

    ``lasting_h`` above 0: evenly over that time instead of at first order from the start; the
    dissolved drug around a depot is small against its solid and is not counted.
    """
    above_zero(k_per_h=k_per_h)
    not_negative(t_h=t_h, dose_mg=dose_mg, lasting_h=lasting_h)
    t = np.asarray(t_h, float)
    if lasting_h > 0:
        return np.asarray(dose_mg * np.clip(t / lasting_h, 0.0, 1.0))
    return np.asarray(-dose_mg * np.expm1(-k_per_h * t))


def site_mg(t_h: ArrayLike, dose_mg: float, k_per_h: float, lasting_h: float = 0.0) -> Floats:
    """Mass [mg] still in the skin ``t_h`` after the session."""
    above_zero(k_per_h=k_per_h)
    not_negative(t_h=t_h, dose_mg=dose_mg, lasting_h=lasting_h)
    t = np.asarray(t_h, float)
    if lasting_h > 0:
        return np.asarray(dose_mg * np.clip(1.0 - t / lasting_h, 0.0, 1.0))
    return np.asarray(dose_mg * np.exp(-k_per_h * t))


def absorbed_rate_mg_h(
    t_h: ArrayLike, dose_mg: float, k_per_h: float, lasting_h: float = 0.0
) -> Floats:
    """Uptake into the body [mg/h] ``t_h`` after the session."""
    t = np.asarray(t_h, float)
    if lasting_h > 0:
        return np.asarray(np.where(t < lasting_h, dose_mg / lasting_h, 0.0))
    return np.asarray(site_mg(t, dose_mg, k_per_h) * k_per_h)


def body_mg(
    t_h: ArrayLike, dose_mg: float, k_per_h: float, half_life_h: float, lasting_h: float = 0.0
) -> Floats:
    """Mass [mg] in the body ``t_h`` after the session, one compartment.

    Raises ``ValueError`` for a half-life that is not positive.
    """
    above_zero(half_life_h=half_life_h)
    return fed_mg(t_h, dose_mg, k_per_h, math.log(2.0) / half_life_h, lasting_h)


def fed_mg(
    t_h: ArrayLike, dose_mg: float, k_per_h: float, out_per_h: float, lasting_h: float = 0.0
) -> Floats:
    """Mass [mg] in a compartment that the skin feeds and that empties at ``out_per_h``."""
    above_zero(out_per_h=out_per_h, k_per_h=k_per_h)
    not_negative(t_h=t_h, dose_mg=dose_mg, lasting_h=lasting_h)
    t, out = np.asarray(t_h, float), out_per_h
    if lasting_h > 0:
        on = np.minimum(t, lasting_h)
        filled = dose_mg / lasting_h / out * -np.expm1(-out * on)
        return np.asarray(filled * np.exp(-out * (t - on)))
    # written around the slower rate: nearly equal rates lose no digits and nothing overflows
    slow, apart = min(k_per_h, out), abs(k_per_h - out)
    spread = t if apart == 0 else -np.expm1(-apart * t) / apart
    return np.asarray(dose_mg * k_per_h * np.exp(-slow * t) * spread)


def peak_rate_mg_h(dose_mg: float, k_per_h: float, lasting_h: float = 0.0) -> float:
    """Fastest uptake into the body [mg/h]."""
    above_zero(k_per_h=k_per_h)
    not_negative(dose_mg=dose_mg, lasting_h=lasting_h)
    return dose_mg / lasting_h if lasting_h > 0 else dose_mg * k_per_h
