"""Score: how far forecasts were from what was found, beside two naive forecasters."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from openmeso.science.follicles.chain import Array

_NORMAL = NormalDist()


def crps_of_samples(samples: Array, found: float) -> float:
    """Continuous ranked probability score of sorted samples; 0 is perfect, a point's is |error|.

    E|X - found| - E|X - X'| / 2 (Gneiting & Raftery 2007).
    """
    n = len(samples)
    order = 2 * np.arange(1, n + 1) - n - 1
    return float(np.abs(samples - found).mean() - (order @ samples) / n**2)


def crps_of_normal(mean: float, sd: float, found: float) -> float:
    """The same score of a normal distribution, in closed form; |error| for sd 0."""
    if sd == 0:
        return abs(mean - found)
    z = (found - mean) / sd
    return float(sd * (z * (2 * _NORMAL.cdf(z) - 1) + 2 * _NORMAL.pdf(z) - np.pi**-0.5))


@dataclass(frozen=True, slots=True)
class Naive:
    """Mean of the same class and kind in the learning set, with the SD of its rows."""

    mean: float
    sd: float
    rows: int


def naive_class(of_class: Sequence[float], of_kind: Sequence[float]) -> Naive:
    """The class-mean forecaster.

    A class without rows of this kind gets the mean of all rows of the kind, and no change where
    even these lack. The SD is that of the class from three rows on, else that of the kind: a
    distribution for its score, so that it is not beaten merely for giving a single number.
    """
    known = of_class or of_kind
    if not known:
        return Naive(0.0, 0.0, 0)
    spread = of_class if len(of_class) > 2 else of_kind
    sd = float(np.std(spread, ddof=1)) if len(spread) > 1 else 0.0
    return Naive(float(np.mean(known)), sd, len(of_class))


@dataclass(frozen=True, slots=True)
class Scored:
    """One forecast beside what was found."""

    found: float
    change: float
    within_50: bool
    within_90: bool
    crps: float
    naive: Naive


@dataclass(frozen=True, slots=True)
class Block:
    """Scores of a family. None where no row could be scored."""

    n: int
    mae: float | None
    naive_zero_mae: float | None
    naive_class_mae: float | None
    coverage_50: float | None
    coverage_90: float | None
    crps: float | None
    naive_class_crps: float | None


def block(rows: Sequence[Scored]) -> Block:
    """Means over rows; coverage is the share of rows found within the interval, ends included."""
    if not rows:
        return Block(0, *[None] * 7)
    table = np.array(
        [
            (
                abs(one.change - one.found),
                abs(one.found),
                abs(one.naive.mean - one.found),
                one.within_50,
                one.within_90,
                one.crps,
                crps_of_normal(one.naive.mean, one.naive.sd, one.found),
            )
            for one in rows
        ],
        dtype=float,
    )
    return Block(len(rows), *map(float, table.mean(axis=0)))
