r"""One injected bolus in uniform tissue: concentration in time and time-integrated exposure.

A bolus of total concentration :math:`C_0` spreads by diffusion and is cleared at first order,

.. math:: \partial C/\partial t = D \nabla^2 C - k C,

in unbounded tissue. Both starting shapes have closed forms, so neither needs time stepping:
a *ball* of uniform concentration (the default: a papule is a filled pocket) and a *Gaussian* of
the same mass and second moment, which is smoother to handle but overstates reach.

All lengths are in mm, times in h, diffusivities in mm²/h, rate constants in 1/h; concentrations
come out in the unit of ``c0``, exposures in that unit times h. Arrays broadcast.

References
----------
Crank J. *The Mathematics of Diffusion*, 2nd ed., 1975, §3.3.1 (ball in an infinite medium).
Carslaw HS, Jaeger JC. *Conduction of Heat in Solids*, 2nd ed., 1959, §10.2-10.4.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erf, erfcx

from openmeso.science.injection.accepted import above_zero, not_negative

MM3_PER_ML = 1000.0
_SQRT2 = math.sqrt(2.0)

Floats = NDArray[np.float64]


def ball_radius_mm(volume_ml: float) -> float:
    """Radius [mm] of a ball holding ``volume_ml`` [mL].

    >>> round(2 * ball_radius_mm(0.1), 1)
    5.8
    """
    above_zero(volume_ml=volume_ml)
    return float((3.0 * volume_ml * MM3_PER_ML / (4.0 * math.pi)) ** (1.0 / 3.0))


def ball_concentration(
    r_mm: ArrayLike, t_h: ArrayLike, radius_mm: float, d_mm2_h: float, k_per_h: float
) -> Floats:
    """Concentration over C₀ at distance ``r_mm`` from a ball's centre, ``t_h`` after injection.

    At ``t_h`` = 0 it is 1 inside, 0 outside and one half on the surface.

    References
    ----------
    Crank 1975, eq. 3.8, times exp(-kt) for first-order clearance.
    """
    above_zero(radius_mm=radius_mm, d_mm2_h=d_mm2_h)
    not_negative(r_mm=r_mm, t_h=t_h, k_per_h=k_per_h)
    r, t = np.asarray(r_mm, float), np.asarray(t_h, float)
    s = np.sqrt(2.0 * d_mm2_h * t)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        plus, minus = (radius_mm + r) / s, (radius_mm - r) / s
        body = 0.5 * (erf(plus / _SQRT2) + erf(minus / _SQRT2))
        # exp(-minus²/2) - exp(-plus²/2), written so that small r loses no digits
        edge = -np.exp(-0.5 * minus**2) * np.expm1(-2.0 * radius_mm * r / s**2)
        away = body - edge * s / (r * math.sqrt(2.0 * math.pi))
        centre = erf(radius_mm / s / _SQRT2) - math.sqrt(2.0 / math.pi) * (radius_mm / s) * np.exp(
            -0.5 * (radius_mm / s) ** 2
        )
    # below this the series error of `centre` (second order in r) is under one part in 1e-12
    spread = np.where(r < 1e-7 * radius_mm, centre, away)
    start = np.where(r < radius_mm, 1.0, np.where(r > radius_mm, 0.0, 0.5))
    return np.asarray(np.where(t == 0.0, start, spread) * np.exp(-k_per_h * t))


def gaussian_concentration(
    r_mm: ArrayLike, t_h: ArrayLike, radius_mm: float, d_mm2_h: float, k_per_h: float
) -> Floats:
    """Concentration over C₀ for a Gaussian of the ball's mass and second moment (variance R²/5).

    Kept for comparison: against the ball it overstates how far and how early a drug is found.

    References
    ----------
    Carslaw & Jaeger 1959, §10.3, with the variance R²/5 + 2Dt.
    """
    above_zero(radius_mm=radius_mm, d_mm2_h=d_mm2_h)
    not_negative(r_mm=r_mm, t_h=t_h, k_per_h=k_per_h)
    r, t = np.broadcast_arrays(np.asarray(r_mm, float), np.asarray(t_h, float))
    variance = radius_mm**2 / 5.0 + 2.0 * d_mm2_h * t
    mass = 4.0 / 3.0 * math.pi * radius_mm**3
    peak = mass / (2.0 * math.pi * variance) ** 1.5
    return np.asarray(peak * np.exp(-0.5 * r**2 / variance - k_per_h * t))


def ball_exposure(r_mm: ArrayLike, radius_mm: float, d_mm2_h: float, k_per_h: float) -> Floats:
    r"""Exposure [h] per unit C₀: :math:`\int_0^\infty C\,dt / C_0` at distance ``r_mm``.

    With :math:`\kappa = \sqrt{k/D}` it is
    :math:`\frac1k[1-(1+\kappa R)e^{-\kappa R}\sinh(\kappa r)/(\kappa r)]` inside and
    :math:`\frac1k(\kappa R\cosh\kappa R-\sinh\kappa R)e^{-\kappa r}/(\kappa r)` outside.

    References
    ----------
    Screened Poisson equation for a uniform ball; Carslaw & Jaeger 1959, §10.4 (continuous source).
    """
    above_zero(radius_mm=radius_mm, d_mm2_h=d_mm2_h, k_per_h=k_per_h)
    not_negative(r_mm=r_mm)
    kappa = math.sqrt(k_per_h / d_mm2_h)
    x, big = np.asarray(kappa * np.asarray(r_mm, float)), kappa * radius_mm
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # exponentials are paired so that neither factor can overflow for a large ball
        sinh_over = np.where(x < 1e-8, np.exp(-big), (np.exp(x - big) - np.exp(-x - big)) / (2 * x))
        inside = 1.0 - (1.0 + big) * sinh_over
        outside = ((big - 1.0) * np.exp(big - x) + (big + 1.0) * np.exp(-big - x)) / (2.0 * x)
    return np.asarray(np.where(x <= big, inside, outside) / k_per_h)


def gaussian_exposure(r_mm: ArrayLike, radius_mm: float, d_mm2_h: float, k_per_h: float) -> Floats:
    r"""Exposure [h] per unit C₀ for the Gaussian of the ball's mass and second moment.

    :math:`\frac{M}{8\pi D r}e^{\kappa^2\sigma^2/2}[e^{-\kappa r}\mathrm{erfc}(u_-) -
    e^{\kappa r}\mathrm{erfc}(u_+)]` with :math:`u_\pm=(\kappa\sigma^2\pm r)/(\sqrt2\sigma)`.

    References
    ----------
    Time integral of Carslaw & Jaeger 1959, §10.3; the erfcx form avoids overflow.
    """
    above_zero(radius_mm=radius_mm, d_mm2_h=d_mm2_h, k_per_h=k_per_h)
    not_negative(r_mm=r_mm)
    kappa, sigma = math.sqrt(k_per_h / d_mm2_h), radius_mm / math.sqrt(5.0)
    # the limit at the centre is reached to 1e-12 well before this distance
    r = np.maximum(np.asarray(r_mm, float), 1e-6 * sigma)
    mass = 4.0 / 3.0 * math.pi * radius_mm**3
    plus, minus = (
        (kappa * sigma**2 + r) / (_SQRT2 * sigma),
        (kappa * sigma**2 - r) / (_SQRT2 * sigma),
    )
    tail = np.exp(-0.5 * (r / sigma) ** 2)
    with np.errstate(over="ignore", invalid="ignore"):
        # for large r the first term leaves the range of erfcx and is written with erfc = 2 - …
        near = tail * erfcx(np.maximum(minus, 0.0))
        far = 2.0 * np.exp(0.5 * (kappa * sigma) ** 2 - kappa * r) - tail * erfcx(
            np.maximum(-minus, 0.0)
        )
    first = np.where(minus >= 0.0, near, far)
    return np.asarray(mass / (8.0 * math.pi * d_mm2_h * r) * (first - tail * erfcx(plus)))
