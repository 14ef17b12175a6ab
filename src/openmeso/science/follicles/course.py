"""Course: the expected hair measures over time, under effects that change from epoch to epoch."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isclose, isfinite

import numpy as np

from openmeso.science.follicles.chain import Array, evolve, generator, states
from openmeso.science.follicles.cycle import HairCycle
from openmeso.science.follicles.effect import NO_EFFECT, DrugEffect
from openmeso.science.follicles.measure import HairMeasures, linear_readings, measures


@dataclass(frozen=True, slots=True)
class Epoch:
    """From ``start_day`` until the next epoch this effect holds."""

    start_day: float
    effect: DrugEffect = NO_EFFECT


@dataclass(frozen=True, slots=True)
class Stratum:
    """A share of the follicles that meets the effects of its own epochs."""

    share: float
    epochs: tuple[Epoch, ...]


UNTREATED = (Epoch(0.0),)


def course(
    cycle: HairCycle,
    start: Array,
    days: Array,
    epochs: Sequence[Epoch] = UNTREATED,
    follicles_per_cm2: float = 1.0,
) -> HairMeasures:
    """Expected measures at the ascending ``days``, exact for effects constant within an epoch."""
    _check_density(follicles_per_cm2)
    readings, growth = _readings(cycle, start, np.asarray(days, float), epochs)
    return measures(np.asarray(days, float), readings, follicles_per_cm2, growth)


def course_in_strata(
    cycle: HairCycle,
    start: Array,
    days: Array,
    strata: Sequence[Stratum],
    follicles_per_cm2: float = 1.0,
) -> HairMeasures:
    """As :func:`course`, for follicles that meet different exposures.

    The strata's populations are added up; a mean exposure is never put through the non-linear
    effect. Shares must add up to 1.
    """
    _check_density(follicles_per_cm2)
    shares = [one.share for one in strata]
    if not (all(one >= 0 for one in shares) and isclose(sum(shares), 1.0, abs_tol=1e-9)):
        raise ValueError(
            f"the shares of the strata must be 0 or more and add up to 1; got {shares}"
        )
    days = np.asarray(days, float)
    total: Array = np.zeros((len(days), 9))
    for one in strata:
        readings, growth = _readings(cycle, start, days, one.epochs)
        readings[:, 7] *= growth
        total = total + one.share * readings
    return measures(days, total, follicles_per_cm2, np.ones(len(days)))


def _check_density(follicles_per_cm2: float) -> None:
    if not (isfinite(follicles_per_cm2) and follicles_per_cm2 > 0):
        raise ValueError(
            f"follicles_per_cm2 must be a finite number above 0; got {follicles_per_cm2}"
        )


def _readings(
    cycle: HairCycle, start: Array, days: Array, epochs: Sequence[Epoch]
) -> tuple[Array, Array]:
    starts = [epoch.start_day for epoch in epochs]
    if not starts or starts[0] != 0 or not all(a <= b for a, b in pairwise(starts)):
        raise ValueError(f"epochs must ascend from day 0; got {starts}")
    every = states(cycle)
    readings, growth = np.empty((len(days), 9)), np.empty(len(days))
    ends = [*starts[1:], np.inf]
    for epoch, begin, end in zip(epochs, starts, ends, strict=True):
        treated = epoch.effect.on(cycle)
        rates = generator(treated)
        within = (days >= begin) & (days < end)
        shares = evolve(start, rates, days[within] - begin)
        readings[within] = shares @ linear_readings(treated, every).T
        growth[within] = epoch.effect.growth
        if np.isfinite(end):
            start = evolve(start, rates, np.array([end - begin]))[-1]
    return readings, growth
