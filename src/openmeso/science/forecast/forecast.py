"""Forecast: the change that a study arm will show, with 50 % and 90 % intervals."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openmeso.science.follicles.chain import Array
from openmeso.science.forecast.feature import LINKS, Feature, feature_of
from openmeso.science.forecast.fit import Draws
from openmeso.science.forecast.prior import Priors
from openmeso.science.forecast.quantity import Kind, Quantity, observed_change
from openmeso.science.forecast.response import DOSES, Response
from openmeso.science.forecast.structure import Numbers
from openmeso.terms.study import ArmDesign, ArmOutcome

NOISE_PER_DRAW = 16
PERCENTS = (5.0, 25.0, 50.0, 75.0, 95.0)


@dataclass(frozen=True, slots=True)
class Posterior:
    """All that a forecast needs: hair-cycle parameters, draws, priors, and what went into them."""

    structure: Numbers
    draws: Draws
    priors: Priors
    studies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Median ``change`` with intervals, in the unit of the kind; ``samples`` of the distribution.

    ``unseen_class`` says that no study of this class was learnt from: its mechanism stands in.
    """

    quantity: Quantity
    change: float
    low_50: float
    high_50: float
    low_90: float
    high_90: float
    samples: Array
    unseen_class: bool
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Noise:
    """Standard random numbers of a forecast; the same for every row, so that order is nothing."""

    study: Array
    arm: Array
    row: Array
    of_class: Array
    study_weight: Array
    row_weight: Array


def noise(draws: int, df: float, random: np.random.Generator) -> Noise:
    """Random numbers for :func:`forecast`; ``df`` of the Student-t of studies and rows."""
    size = (4, draws, NOISE_PER_DRAW)
    study, arm, row, of_class = random.standard_normal(size)
    study_weight, row_weight = random.gamma(df / 2, 2 / df, (2, *size[1:]))
    return Noise(study, arm, row, of_class, study_weight, row_weight)


def forecast(design: ArmDesign, posterior: Posterior, random: Noise) -> Forecast:
    """The forecast of a row; raises :class:`NotForecastable` with the reason."""
    feature = feature_of(design, posterior.structure, posterior.priors)
    samples = np.sort(_samples(feature, posterior, random), axis=None)
    low_90, low_50, middle, high_50, high_90 = map(float, np.percentile(samples, PERCENTS))
    unseen = bool(feature.effect) and _class(feature) not in posterior.draws.names
    return Forecast(
        feature.quantity,
        middle,
        low_50,
        high_50,
        low_90,
        high_90,
        samples,
        unseen,
        feature.assumed,
    )


def _class(feature: Feature) -> str:
    return f"class:{feature.intervention_class}"


def _samples(feature: Feature, posterior: Posterior, random: Noise) -> Array:
    draws = posterior.draws
    phi = np.array([draws.column(f"phi:{name}") for name in (*DOSES, *LINKS)]).T
    response = Response.of([feature], posterior.priors)
    dose, link = np.array([response.at(one) for one in phi])[:, :, 0].T
    effect: Array = _sum_of(feature.effect, draws)[:, None]
    if _class(feature) in feature.effect and _class(feature) not in draws.names:
        of_class = draws.column("spread:class")[:, None] * random.of_class
        effect = effect + feature.effect[_class(feature)] * of_class
    study = draws.column("spread:study")[:, None] * random.study * bool(feature.drift)
    arm = draws.column("spread:arm")[:, None] * random.arm
    apart = feature.spread * (study + arm) / np.sqrt(random.study_weight)
    mean = _sum_of(feature.drift, draws)[:, None] + dose[:, None] * effect
    row = feature.noise_sd * random.row / np.sqrt(random.row_weight)
    latent = link[:, None] * (mean + apart) + row
    return to_unit(latent, feature, posterior.priors)


def _sum_of(weights: Mapping[str, float], draws: Draws) -> Array:
    """Weighted sum of coefficients for each draw; unknown classes count as 0."""
    total = np.zeros(len(draws.values))
    for name, weight in weights.items():
        if name in draws.names:
            total += weight * draws.column(name)
    return total


def to_unit(latent: Array, feature: Feature, priors: Priors) -> Array:
    """The change in the unit of the kind, from the latent one."""
    kind, ratio = feature.quantity.kind, feature.tv_baseline
    if kind in (Kind.TV, Kind.TERMINAL_SHARE):
        most = np.log(priors.fixed["most_tv_fold"])
        latent = np.clip(latent, -most, most)
    if kind is Kind.TV:
        return ratio * np.expm1(latent)
    if kind is Kind.TERMINAL_SHARE:
        after = ratio * np.exp(latent)
        return 100 * (after / (1 + after) - ratio / (1 + ratio))
    return latent


def latent_change(feature: Feature, outcome: ArmOutcome) -> float | None:
    """What was observed, as the latent change to learn from; None when nothing was."""
    kind = feature.quantity.kind
    found = observed_change(feature.quantity, outcome)
    if found is None or kind not in (Kind.TV, Kind.TERMINAL_SHARE):
        return found
    ratio = feature.tv_baseline
    if kind is Kind.TV:
        before = outcome.baseline_mean or ratio
        return float(np.log(max(before + found, 0.05 * before) / before))
    share = (outcome.baseline_mean or 100 * ratio / (1 + ratio)) / 100
    after = min(max(share + found / 100, 0.01), 0.99)
    return float(np.log(after / (1 - after)) - np.log(share / (1 - share)))
