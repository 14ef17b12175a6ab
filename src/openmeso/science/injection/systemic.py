r"""The body as one or two compartments: what a session leaves in the blood, and for how long.

What is taken up enters a central volume, may go to and fro to a peripheral one, and leaves the
central one at first order. Its response to a unit put in at once is the sum of two exponentials,
so the answer to an uptake at first order, or at an even rate, is the sum of two one-compartment
answers (:func:`openmeso.science.injection.absorption.fed_mg`): closed forms, no time stepping.

A path that saturates (dutasteride's) has no closed form and is solved in steps, each of them
exact for a clearance held fast. It lies between two closed forms: the path wide open, and shut.

Masses in mg, times in h, volumes in L, clearances in L/h; 1 mg/L is 1000 ng/mL.

References
----------
Gibaldi M, Perrier D. *Pharmacokinetics*, 2nd ed., 1982, ch. 2 (two compartments).
Gisleskog PO et al. Br J Clin Pharmacol 1999;47:53-58 (a linear and a saturable path side by side).
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openmeso.science.injection.absorption import absorbed_mg, fed_mg
from openmeso.science.injection.accepted import above_zero, not_negative

Floats = NDArray[np.float64]

NG_ML_PER_MG_L = 1e3
_STEPS = 160  # where a path saturates: then off by a ten-thousandth of the dose at most


@dataclass(frozen=True, slots=True)
class Body:
    """Volumes and clearances of one substance.

    ``peripheral_l`` and ``exchange_l_h`` are both 0 for one compartment. ``saturable_mg_h`` is the
    most that the saturable path can remove per hour, half of it at ``half_mg_l``; 0 for none.
    """

    central_l: float
    clearance_l_h: float
    peripheral_l: float = 0.0
    exchange_l_h: float = 0.0
    saturable_mg_h: float = 0.0
    half_mg_l: float = 0.0

    def __post_init__(self) -> None:
        above_zero(central_l=self.central_l, clearance_l_h=self.clearance_l_h)
        not_negative(peripheral_l=self.peripheral_l, exchange_l_h=self.exchange_l_h)
        not_negative(saturable_mg_h=self.saturable_mg_h, half_mg_l=self.half_mg_l)
        if (self.peripheral_l > 0) != (self.exchange_l_h > 0):
            raise ValueError(
                "peripheral_l and exchange_l_h must be both above 0, or both 0, not"
                f" {self.peripheral_l} and {self.exchange_l_h}"
            )
        if self.saturable_mg_h > 0:
            above_zero(half_mg_l=self.half_mg_l)


@dataclass(frozen=True, slots=True, eq=False)
class BodyMass:
    """Mass [mg] in the central and the peripheral compartment, and gone for good, in time."""

    central_mg: Floats
    peripheral_mg: Floats
    gone_mg: Floats


def wide_open(body: Body) -> Body:
    """The same body with its saturable path as fast as it can be: at very low levels."""
    if body.saturable_mg_h == 0:
        return body
    most = body.saturable_mg_h / body.half_mg_l
    return replace(body, clearance_l_h=body.clearance_l_h + most, saturable_mg_h=0.0, half_mg_l=0.0)


def shut(body: Body) -> Body:
    """The same body with its saturable path overwhelmed: at very high levels."""
    return replace(body, saturable_mg_h=0.0, half_mg_l=0.0)


def half_life_h(body: Body) -> float:
    """Terminal half-life [h] of a body without a saturable path.

    >>> round(half_life_h(Body(76.0, 9.9)), 1)
    5.3
    """
    return math.log(2.0) / _responses(_linear(body))[-1][0]


def body_mass(
    t_h: ArrayLike, dose_mg: float, k_per_h: float, body: Body, lasting_h: float = 0.0
) -> BodyMass:
    """Where the dose is ``t_h`` after the session, of what has left the skin.

    Uptake as in :func:`openmeso.science.injection.absorption.absorbed_mg`: at first order
    ``k_per_h``, or evenly over ``lasting_h`` where that is above 0.
    """
    above_zero(k_per_h=k_per_h)
    not_negative(t_h=t_h, dose_mg=dose_mg, lasting_h=lasting_h)
    if body.saturable_mg_h > 0:
        return _solved(np.asarray(t_h, float), dose_mg, k_per_h, body, lasting_h)
    return _closed(np.asarray(t_h, float), dose_mg, k_per_h, body, lasting_h)


def _linear(body: Body) -> Body:
    if body.saturable_mg_h > 0:
        raise ValueError("a path that saturates has no single half-life: wide_open or shut it")
    return body


def _responses(body: Body) -> list[tuple[float, float, float]]:
    """Rates [1/h] of the response to a unit dose, with its parts in both compartments."""
    out = body.clearance_l_h / body.central_l
    if body.peripheral_l == 0:
        return [(out, 1.0, 0.0)]
    away, back = body.exchange_l_h / body.central_l, body.exchange_l_h / body.peripheral_l
    total = out + away + back
    # the smaller root from the product of both, so that it loses no digits
    fast = (total + math.sqrt(total**2 - 4.0 * out * back)) / 2.0
    slow = out * back / fast
    apart = fast - slow
    return [
        (fast, (fast - back) / apart, -away / apart),
        (slow, (back - slow) / apart, away / apart),
    ]


def _closed(t: Floats, dose_mg: float, k_per_h: float, body: Body, lasting_h: float) -> BodyMass:
    out = body.clearance_l_h / body.central_l
    taken_up = absorbed_mg(t, dose_mg, k_per_h, lasting_h)
    central, peripheral, gone = np.zeros((3, *t.shape))
    for rate, in_central, in_peripheral in _responses(body):
        fed = fed_mg(t, dose_mg, k_per_h, rate, lasting_h)
        central += in_central * fed
        peripheral += in_peripheral * fed
        # from d(fed)/dt = uptake - rate · fed
        gone += out * in_central * (taken_up - fed) / rate
    return BodyMass(central, peripheral, gone)


def _solved(t: Floats, dose_mg: float, k_per_h: float, body: Body, lasting_h: float) -> BodyMass:
    """Step by step, each exact for the clearance at its middle and the mass taken up in it."""
    hours = t.ravel()
    last = max(float(hours.max(initial=0.0)), 1e-9)
    own = np.geomspace(min(1e-2 / k_per_h, last), last, _STEPS)
    every = np.unique(np.concatenate([[0.0], own, hours, np.minimum([lasting_h], last)]))
    taken_up = absorbed_mg(every, dose_mg, k_per_h, lasting_h)
    masses = [(0.0, 0.0)]
    for span, fed in zip(np.diff(every).tolist(), np.diff(taken_up).tolist(), strict=True):
        half = _step(masses[-1], masses[-1][0], span / 2.0, fed / span, body)
        masses.append(_step(masses[-1], half[0], span, fed / span, body))
    at = np.searchsorted(every, hours)
    central, peripheral = np.array(masses)[at].T
    gone = taken_up[at] - central - peripheral
    return BodyMass(*(part.reshape(t.shape) for part in (central, peripheral, gone)))


def _step(
    start: tuple[float, float], middle_mg: float, span_h: float, fed_mg_h: float, body: Body
) -> tuple[float, float]:
    """Both compartments ``span_h`` later, the clearance held at that of ``middle_mg``."""
    level = middle_mg / body.central_l
    out = (body.clearance_l_h + body.saturable_mg_h / (body.half_mg_l + level)) / body.central_l
    if body.peripheral_l == 0:
        settled = fed_mg_h / out
        return settled + (start[0] - settled) * math.exp(-out * span_h), 0.0
    away, back = body.exchange_l_h / body.central_l, body.exchange_l_h / body.peripheral_l
    steady = (fed_mg_h / out, fed_mg_h / out * away / back)
    x, y = start[0] - steady[0], start[1] - steady[1]
    mean = (out + away + back) / 2.0
    apart = math.sqrt(mean**2 - out * back)
    slow, fast = math.exp(-out * back / (mean + apart) * span_h), math.exp(-(mean + apart) * span_h)
    same, other = (slow + fast) / 2.0, (slow - fast) / (2.0 * apart)
    return (
        steady[0] + same * x + other * ((mean - out - away) * x + back * y),
        steady[1] + same * y + other * (away * x + (mean - back) * y),
    )
