"""Update: what a patient's own measurements say, as weights of the library's virtual patients.

Weights are the likelihood of the measurements in each draw. When few draws carry most of it, the
largest weights are smoothed by a generalised Pareto tail; when that is not to be relied on, the
likelihood is raised to a power below 1, so that bands stay wider than the data alone would make.

References
----------
Vehtari A, Simpson D, Gelman A, Yao Y, Gabry J. Pareto smoothed importance sampling. JMLR 2024;25.
Zhang J, Stephens MA. A new and efficient estimation method for the generalized Pareto
distribution. Technometrics 2009;51:316.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from openmeso.science.forecast.library import Library
from openmeso.science.forecast.library_course import Array, Single
from openmeso.science.forecast.patient_outcome import LABELS, counting_sd
from openmeso.terms.forecast import ForecastInputError, MeasuredOutcome, UpdateDiagnostic

NOTHING = 1e-9
ROUNDS = 30
"""Halvings in the search for the power; the answer is then exact to 1e-9."""


def log_likelihood(
    measured: Sequence[MeasuredOutcome], treated: Mapping[str, Single], library: Library
) -> Array:
    """Log likelihood of the measurements in each draw; measurements err independently."""
    total = np.zeros(library.size)
    for one in measured:
        if one.outcome not in LABELS:
            accepted = ", ".join(LABELS)
            raise ForecastInputError("outcome", f"expected {accepted}; got {one.outcome!r}")
        expected = _at(treated[one.outcome], one.week)
        sd: Array | float = one.sd or 0.0
        if one.sd is None:
            count = _at(treated["count"], one.week)
            sd = counting_sd(one.outcome, expected, count, library, one.method)
        sd = np.maximum(sd, 1e-3)
        total += -0.5 * ((one.value - expected) / sd) ** 2 - np.log(sd)
    return total


def _at(course: Single, week: float) -> Array:
    before = min(int(week), len(course) - 2)
    part = week - before
    return np.asarray((1 - part) * course[before] + part * course[before + 1], dtype=float)


def weigh(log_weight: Array, least_ess: float, most_k: float) -> tuple[Array, UpdateDiagnostic]:
    """Weights that add up to 1, and how they were found.

    ValueError when no draw can explain the measurements at all.
    """
    if not np.isfinite(log_weight).all():
        raise ValueError("the likelihood of the measurements is not a number in some draws")
    weights, k = _normal(log_weight), None
    method, power = "weights", 1.0
    if _ess(weights) < least_ess:
        weights, found = _smoothed(log_weight)
        k = found if np.isfinite(found) else None
        method = "smoothed weights"
        if k is None or k > most_k or _ess(weights) < least_ess:
            power = _power(log_weight, least_ess)
            weights, method = _normal(power * log_weight), "tempered weights"
    ess = _ess(weights)
    return weights, UpdateDiagnostic(
        ess, len(weights), method, power, k, _sentence(method, ess, len(weights), power)
    )


def _normal(log_weight: Array) -> Array:
    weights = np.exp(log_weight - log_weight.max())
    normal: Array = weights / weights.sum()
    return normal


def _ess(weights: Array) -> float:
    return float(1 / np.sum(weights**2))


def _power(log_weight: Array, least_ess: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        if _ess(_normal(middle * log_weight)) < least_ess:
            high = middle
        else:
            low = middle
    return low


def _smoothed(log_weight: Array) -> tuple[Array, float]:
    """Weights with their largest replaced by expected order statistics of a Pareto tail."""
    weights = np.exp(log_weight - log_weight.max())
    size = int(min(0.2 * len(weights), 3 * np.sqrt(len(weights))))
    order = np.argsort(weights)
    tail = order[-size:]
    cut = weights[order[-size - 1]]
    k, scale = _pareto(weights[tail] - cut)
    if not np.isfinite(k) or not np.isfinite(scale):
        return weights / weights.sum(), np.inf
    at = (np.arange(size) + 0.5) / size
    excess = -scale * np.log1p(-at) if abs(k) < 1e-9 else scale * np.expm1(-k * np.log1p(-at)) / k
    weights[tail] = np.minimum(cut + excess, 1.0)
    return weights / weights.sum(), k


def _pareto(excess: Array) -> tuple[float, float]:
    """Shape and scale of a generalised Pareto tail from its sorted excesses (Zhang & Stephens).

    Both infinite when the tail is no tail: its lower quarter is nothing beside its largest.
    """
    if excess[max(int(len(excess) / 4 + 0.5) - 1, 0)] <= NOTHING * excess[-1]:
        return np.inf, np.inf
    size = len(excess)
    count = 30 + int(np.sqrt(size))
    quarter = excess[max(int(size / 4 + 0.5) - 1, 0)]
    theta = 1 / excess[-1] + (1 - np.sqrt(count / (np.arange(count) + 0.5))) / (3 * quarter)
    shape = np.log1p(-np.outer(theta, excess)).mean(axis=1)
    profile = size * (np.log(-theta / shape) - shape - 1)
    chance = np.exp(profile - profile.max())
    chosen = float(np.sum(theta * chance) / chance.sum())
    k = float(np.log1p(-chosen * excess).mean())
    scale = -k / chosen
    # A weak prior keeps small tails from saying too much, as in the reference.
    return (k * size + 0.5 * 10) / (size + 10), scale


def _sentence(method: str, ess: float, draws: int, power: float) -> str:
    text = f"The measurements leave {ess:.0f} of {draws} virtual patients in effect."
    if method == "tempered weights":
        return (
            f"{text} They are unlike most of them: only a part of what they say was taken in "
            f"(power {power:.2f}), so the bands are wider than the measurements alone would make."
        )
    if method == "smoothed weights":
        return f"{text} The largest weights were smoothed."
    return text
