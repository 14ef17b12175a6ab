"""What the body takes up of one session, its level in the blood, and where the dose is in time."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openmeso.science.injection import reach_level as level
from openmeso.science.injection.absorption import absorbed_mg, absorbed_rate_mg_h, site_mg
from openmeso.science.injection.dancik_2013 import LN_D_SD, LN_LENGTH_SD
from openmeso.science.injection.reach_doubt import Node
from openmeso.science.injection.reach_level import NOMINAL, Fields
from openmeso.science.injection.reach_text import blood_sentence
from openmeso.science.injection.systemic import (
    NG_ML_PER_MG_L,
    Body,
    BodyMass,
    body_mass,
    half_life_h,
    shut,
    wide_open,
)
from openmeso.terms.provenance import Quantity
from openmeso.terms.reach import BloodPoint, BloodReach, MassPoint
from openmeso.terms.substance import Deposit, Substance

Floats = NDArray[np.float64]
Pairs = tuple[tuple[float, float], ...]

_POINTS = 49
_SKIN_HALF_LIVES, _BODY_HALF_LIVES = 10.0, 5.0
_NORMAL_95 = 1.6449
_MG_PER_UG = 1e-3
# clearance is D over the square of the decay length, and both are in doubt
_LN_CLEARANCE_SD = math.hypot(LN_D_SD, 2.0 * LN_LENGTH_SD)


@dataclass(frozen=True, slots=True)
class Uptake:
    """How a session's dose leaves the skin: at first order, or evenly over ``lasting_h``.

    ``others`` are the two ends of its doubt, as (1/h, hours): solubility for a depot, else the
    clearance from the skin.
    """

    dose_mg: float
    k_per_h: float
    lasting_h: float
    others: tuple[tuple[float, float], tuple[float, float]]

    @property
    def horizon_h(self) -> float:
        """Hours until next to nothing is left in the skin."""
        return self.lasting_h or _SKIN_HALF_LIVES * math.log(2.0) / self.k_per_h


@dataclass(frozen=True, slots=True)
class BodyReach:
    """Level in the blood, mass in the body, and the balance of the whole dose."""

    blood: BloodReach | None
    plasma: Pairs
    balance: tuple[MassPoint, ...]
    error: float


def uptake_of(dose_mg: float, fields: Fields) -> Uptake:
    """Uptake of a dose, with the ends of its doubt."""
    k = fields.release.transport.k_per_h
    if fields.release.substance.deposit is Deposit.DEPOT:
        longest, shortest = (
            level.node_lasting_h(fields, Node(NOMINAL.length, 1.0, at, 1.0)) for at in (0.0, 1.0)
        )
        middle = level.node_lasting_h(fields, NOMINAL)
        return Uptake(dose_mg, k, middle, ((k, longest), (k, shortest)))
    factor = math.exp(_NORMAL_95 * _LN_CLEARANCE_SD)
    return Uptake(dose_mg, k, 0.0, ((k / factor, 0.0), (k * factor, 0.0)))


def absorbed(uptake: Uptake) -> Pairs:
    """Hours, and mass [mg] taken up by then."""
    hours = np.linspace(0.0, uptake.horizon_h, _POINTS)
    return _pairs(hours, absorbed_mg(hours, uptake.dose_mg, uptake.k_per_h, uptake.lasting_h))


def body_of(substance: Substance) -> Body | None:
    """The body as this substance sees it; None where its volume is not known."""
    if substance.systemic_volume_l is None:
        return None
    # published per amount swallowed: less arrives, in volumes smaller by as much
    arriving = substance.swallowed_share.middle if substance.swallowed_share else 1.0
    central = arriving * substance.systemic_volume_l.middle
    if substance.systemic_half_life_h is not None:
        return Body(central, math.log(2.0) / substance.systemic_half_life_h.middle * central)
    return Body(
        central,
        arriving * _given(substance.systemic_clearance_l_h),
        arriving * _given(substance.peripheral_volume_l),
        arriving * _given(substance.exchange_l_h),
        arriving * _given(substance.saturable_ug_h) * _MG_PER_UG,
        _given(substance.saturable_half_ng_ml) / NG_ML_PER_MG_L,
    )


def _given(quantity: Quantity | None) -> float:
    return quantity.middle if quantity else 0.0


def body_reach(substance: Substance, uptake: Uptake) -> BodyReach:
    """Blood, body and balance after one session, in the middle case and at the ends of doubt."""
    body = body_of(substance)
    if body is None:
        return BodyReach(None, (), (), 0.0)
    lingering = _BODY_HALF_LIVES * half_life_h(wide_open(body))
    hours = (uptake.horizon_h + lingering) * np.linspace(0.0, 1.0, _POINTS) ** 2
    found = [
        _case(hours, uptake, k, lasting, body)
        for k, lasting in ((uptake.k_per_h, uptake.lasting_h), *uptake.others)
    ]
    mass = found[0].mass
    site = site_mg(hours, uptake.dose_mg, uptake.k_per_h, uptake.lasting_h)
    kept = mass.central_mg + mass.peripheral_mg
    missing = np.abs(site + kept + mass.gone_mg - uptake.dose_mg).max()
    rate = absorbed_rate_mg_h(hours, uptake.dose_mg, uptake.k_per_h, uptake.lasting_h)
    rows = zip(*(one.tolist() for one in (hours, site, kept, mass.gone_mg, rate)), strict=True)
    return BodyReach(
        _blood(hours, found, body, substance),
        _pairs(hours, kept),
        tuple(MassPoint(*row) for row in rows),
        float(missing / uptake.dose_mg) if uptake.dose_mg > 0 else 0.0,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    mass: BodyMass
    level_ng_ml: Floats
    peak_ng_ml: float
    peak_hour: float


def _case(hours: Floats, uptake: Uptake, k: float, lasting: float, body: Body) -> _Case:
    """One case at ``hours``, its peak sought over hours of its own."""
    last = max(float(hours[-1]), lasting)
    own = np.concatenate([np.geomspace(1e-3 / k, max(20.0 / k, last), _POINTS), [lasting]])
    every = np.concatenate([hours, own])
    whole = body_mass(every, uptake.dose_mg, k, body, lasting)
    level_ng_ml = whole.central_mg / body.central_l * NG_ML_PER_MG_L
    top = int(level_ng_ml.argmax())
    n = len(hours)
    return _Case(
        BodyMass(whole.central_mg[:n], whole.peripheral_mg[:n], whole.gone_mg[:n]),
        level_ng_ml[:n],
        float(level_ng_ml[top]),
        float(every[top]),
    )


def _blood(hours: Floats, found: list[_Case], body: Body, substance: Substance) -> BloodReach:
    levels = np.stack([one.level_ng_ml for one in found])
    peaks = [one.peak_ng_ml for one in found]
    low, high = levels.min(axis=0), levels.max(axis=0)
    rows = zip(hours.tolist(), levels[0].tolist(), low.tolist(), high.tolist(), strict=True)
    half_lives = (half_life_h(wide_open(body)), half_life_h(shut(body)))
    return BloodReach(
        compartments=2 if body.peripheral_l > 0 else 1,
        course=tuple(BloodPoint(*row) for row in rows),
        peak_ng_ml=peaks[0],
        peak_low_ng_ml=min(peaks),
        peak_high_ng_ml=max(peaks),
        peak_hour=found[0].peak_hour,
        half_life_h=half_lives[0],
        longest_half_life_h=half_lives[1],
        sentence=blood_sentence(
            (min(peaks), peaks[0], max(peaks)),
            found[0].peak_hour,
            half_lives,
            substance.deposit is Deposit.DEPOT,
        ),
    )


def _pairs(first: Floats, second: Floats) -> Pairs:
    return tuple(zip(first.tolist(), second.tolist(), strict=True))
