"""Fit: the hierarchical model of study arms, sampled with its classes, studies and outliers.

    change of arm a in study s = link * (drift + effect of class and dose + u_s + v_sa) + noise

Classes share a mechanism and that a common effect; studies share ``u_s`` between their arms, so
that placebo and drug drift together. Studies and single rows are Student-t: each has a weight,
small for what no other study supports. That is the rule for outliers; none is removed.

The linear coefficients are drawn in one block given the variances (Gibbs), doses of half effect and
links by Metropolis with the coefficients integrated out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular

from openmeso.science.follicles.chain import Array
from openmeso.science.forecast.feature import LINKS, Feature
from openmeso.science.forecast.prior import Priors
from openmeso.science.forecast.response import DOSES, Response

FIXED = (
    "any_active", "mechanism:inhibitor", "mechanism:minoxidil", "mechanism:other", "needling",
    "placebo", "female", "local", "uncontrolled", "small_study", "decline",
)  # fmt: skip
SPREADS = ("class", "study", "arm")
PROPOSAL = 0.5
"""Metropolis step in prior standard deviations; tuned for an acceptance near a third."""


@dataclass(frozen=True, slots=True)
class Example:
    """A row to learn from: its feature, study, arm and latent change."""

    feature: Feature
    study: str
    arm: str
    change: float


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws of the posterior: a row a draw, columns by ``names``."""

    names: tuple[str, ...]
    values: Array

    def column(self, name: str) -> Array:
        """All draws of one parameter."""
        column: Array = self.values[:, self.names.index(name)]
        return column


class Sampler:
    """State of one chain. Made of examples and priors; :meth:`step` draws everything once."""

    def __init__(
        self, examples: Sequence[Example], priors: Priors, random: np.random.Generator
    ) -> None:
        self.examples, self.priors, self.random = examples, priors, random
        used = {name for one in examples for name in one.feature.effect}
        self.classes = sorted(name for name in used if name.startswith("class:"))
        self.studies = sorted({one.study for one in examples})
        self.arms = sorted({(one.study, one.arm) for one in examples})
        self._weights()
        self.response = Response.of([one.feature for one in examples], priors)
        self.y = np.array([one.change for one in examples])
        self.noise = np.array([one.feature.noise_sd for one in examples]) ** 2
        self.scales = np.array([priors.spread[name] for name in SPREADS])
        self.spread = self.scales.copy()
        self.aux = np.ones(len(SPREADS))
        self.weight = np.ones(len(self.studies))
        self.row_weight = np.ones(len(self.y))
        self.phi = np.zeros(len(DOSES) + len(LINKS))
        self.theta = self.middle.copy()

    def _weights(self) -> None:
        priors, rows = self.priors, range(len(self.examples))
        names = [*FIXED, *self.classes]
        place = {name: i for i, name in enumerate(names)}
        self.middle = np.zeros(len(names) + len(self.studies) + len(self.arms))
        self.fixed_sd = np.array([priors.effect[name.split(":")[0]][1] for name in FIXED])
        self.middle[: len(FIXED)] = [priors.effect[name.split(":")[0]][0] for name in FIXED]
        self.drift = np.zeros((len(self.examples), len(self.middle)))
        self.effect = np.zeros_like(self.drift)
        studies = {study: i + len(names) for i, study in enumerate(self.studies)}
        arms = {arm: i + len(names) + len(studies) for i, arm in enumerate(self.arms)}
        self.arm_study = np.array([self.studies.index(study) for study, _ in self.arms])
        for i, one in zip(rows, self.examples, strict=True):
            for name, weight in one.feature.drift.items():
                self.drift[i, place[name]] = weight
            for name, weight in one.feature.effect.items():
                self.effect[i, place[name]] = weight
            self.drift[i, studies[one.study]] = one.feature.spread if one.feature.drift else 0.0
            self.drift[i, arms[one.study, one.arm]] = one.feature.spread

    def _design(self, phi: Array) -> Array:
        relative, link = self.response.at(phi)
        design: Array = link[:, None] * (self.drift + relative[:, None] * self.effect)
        return design

    def _variance(self) -> Array:
        of_class, of_study, of_arm = self.spread**2
        return np.concatenate(
            [
                self.fixed_sd**2,
                np.full(len(self.classes), of_class),
                of_study / self.weight,
                of_arm / self.weight[self.arm_study],
            ]
        )

    def _marginal(self, phi: Array) -> tuple[float, Array, Array, tuple[Array, bool]]:
        """Log density of the data and of ``phi``, coefficients integrated out."""
        design, variance = self._design(phi), self._variance()
        cover = (design * variance) @ design.T
        cover[np.diag_indices_from(cover)] += self.noise / self.row_weight
        factor = cho_factor(cover, lower=True)
        error = self.y - design @ self.middle
        white = solve_triangular(factor[0], error, lower=True)
        log_density = -0.5 * white @ white - np.log(np.diag(factor[0])).sum()
        return float(log_density - 0.5 * phi @ phi), design, variance, factor

    def step(self) -> None:
        """One round: half-effect doses and links, coefficients, study weights, spreads."""
        now = self._marginal(self.phi)
        offer = self.phi + PROPOSAL * self.random.standard_normal(len(self.phi))
        other = self._marginal(offer)
        if np.log(self.random.random()) < other[0] - now[0]:
            self.phi, now = offer, other
        _, design, variance, factor = now
        # Draw from the prior and correct by what it misses of the data (Matheron's rule).
        guess = self.middle + np.sqrt(variance) * self.random.standard_normal(len(variance))
        seen = design @ guess + self._row_noise()
        self.theta = guess + variance * (design.T @ cho_solve(factor, self.y - seen))
        error = self.y - design @ self.theta
        df = self.priors.fixed["student_df"]
        self.row_weight = self.random.gamma((df + 1) / 2, 2 / (df + error**2 / self.noise))
        self._spreads()

    def _row_noise(self) -> Array:
        return np.sqrt(self.noise / self.row_weight) * self.random.standard_normal(len(self.y))

    def _parts(self) -> tuple[Array, Array, Array]:
        first = len(FIXED)
        second = first + len(self.classes)
        third = second + len(self.studies)
        return self.theta[first:second], self.theta[second:third], self.theta[third:]

    def _spreads(self) -> None:
        of_class, of_study, of_arm = self._parts()
        df = self.priors.fixed["student_df"]
        squares = of_study**2 / self.spread[1] ** 2
        counts = np.bincount(self.arm_study, minlength=len(self.studies)) + 1.0
        squares = squares + np.bincount(
            self.arm_study, of_arm**2 / self.spread[2] ** 2, minlength=len(self.studies)
        )
        self.weight = self.random.gamma((df + counts) / 2, 2 / (df + squares))
        sums = np.array(
            [
                of_class @ of_class,
                (self.weight * of_study) @ of_study,
                (self.weight[self.arm_study] * of_arm) @ of_arm,
            ]
        )
        sizes = np.array([len(of_class), len(of_study), len(of_arm)])
        # Half-Cauchy as a mixture of inverse gammas (Makalic & Schmidt 2016).
        rate = sums / 2 + 1 / self.aux
        self.spread = np.sqrt(rate / self.random.gamma((sizes + 1) / 2))
        self.aux = (1 / self.scales**2 + 1 / self.spread**2) / self.random.gamma(np.ones(3))

    def kept(self) -> Array:
        """What a forecast needs of the present state."""
        shared = self.theta[: len(FIXED) + len(self.classes)]
        return np.concatenate([shared, self.spread, self.phi])

    def names(self) -> tuple[str, ...]:
        """Names of what :meth:`kept` returns."""
        spreads = (f"spread:{name}" for name in SPREADS)
        return (*FIXED, *self.classes, *spreads, *(f"phi:{name}" for name in (*DOSES, *LINKS)))


def sample_posterior(
    examples: Sequence[Example],
    priors: Priors,
    random: np.random.Generator,
    draws: int = 500,
    thin: int = 8,
) -> tuple[Draws, dict[str, float]]:
    """Draws after a burn-in of a quarter, and each study's mean weight (1: like the others)."""
    sampler = Sampler(examples, priors, random)
    for _ in range(draws * thin // 4):
        sampler.step()
    rows, weights = [], np.zeros(len(sampler.studies))
    for _ in range(draws):
        for _ in range(thin):
            sampler.step()
        rows.append(sampler.kept())
        weights += sampler.weight / draws
    found = dict(zip(sampler.studies, map(float, weights), strict=True))
    return Draws(sampler.names(), np.array(rows)), found
