"""Calibration: from published arms to the posterior, whole or leaving one study out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from openmeso.science.forecast.backtest import Backtest, Outlook, backtest, examples_of
from openmeso.science.forecast.fit import sample_posterior
from openmeso.science.forecast.forecast import Posterior, noise
from openmeso.science.forecast.prior import Priors
from openmeso.science.forecast.structure import FollicleFit, fit_follicles
from openmeso.terms.study import FollicleTarget, TrialRow


@dataclass(frozen=True, slots=True)
class Evidence:
    """What calibration learns from."""

    rows: tuple[TrialRow, ...]
    targets: tuple[FollicleTarget, ...]
    priors: Priors
    related: tuple[frozenset[str], ...] = ()

    def with_related(self, study: str) -> frozenset[str]:
        """The study and those that share patients with it."""
        return frozenset((study,)).union(*(group for group in self.related if study in group))

    def without(self, study: str) -> "Evidence":
        """The evidence without a study and its related ones, among the hair-cycle targets too."""
        left_out = self.with_related(study)
        return Evidence(
            tuple(row for row in self.rows if row.design.study_key not in left_out),
            tuple(one for one in self.targets if one.study_key not in left_out),
            self.priors,
            self.related,
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """A posterior, the hair-cycle fit under it and the weight of each study."""

    posterior: Posterior
    follicles: FollicleFit
    study_weight: dict[str, float]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is sampled: draws kept, rounds between them, and the seed."""

    draws: int = 500
    thin: int = 8
    seed: int = 20261122


def calibrate(
    evidence: Evidence, effort: Effort, follicles: FollicleFit | None = None
) -> Calibration:
    """Fit the hair cycle, then the studies around it; the same seed gives the same posterior."""
    follicles = follicles or fit_follicles(evidence.targets, evidence.priors)
    examples = examples_of(evidence.rows, follicles.parameters, evidence.priors)
    random = np.random.default_rng(effort.seed)
    draws, weight = sample_posterior(examples, evidence.priors, random, effort.draws, effort.thin)
    studies = {one.study for one in examples} | {one.study_key for one in evidence.targets}
    posterior = Posterior(follicles.parameters, draws, evidence.priors, tuple(sorted(studies)))
    return Calibration(posterior, follicles, weight)


def leave_one_study_out(evidence: Evidence, effort: Effort) -> Iterator[tuple[str, Backtest]]:
    """Each study forecast by a calibration that saw neither it nor a study of the same patients."""
    whole = fit_follicles(evidence.targets, evidence.priors)
    for study in sorted({row.design.study_key for row in evidence.rows}):
        held = [row for row in evidence.rows if row.design.study_key == study]
        if not examples_of(held, whole.parameters, evidence.priors):
            continue
        rest = evidence.without(study)
        same = whole if len(rest.targets) == len(evidence.targets) else None
        made = calibrate(rest, effort, same)
        random = np.random.default_rng(effort.seed)
        numbers = noise(effort.draws, evidence.priors.fixed["student_df"], random)
        yield study, backtest(held, made.posterior, numbers, rest.rows)


def joined(parts: Sequence[Backtest]) -> Backtest:
    """Backtests of several files or folds as one."""
    outlooks: list[Outlook] = [one for part in parts for one in part.outlooks]
    return Backtest(tuple(outlooks), tuple(one for part in parts for one in part.refused))
