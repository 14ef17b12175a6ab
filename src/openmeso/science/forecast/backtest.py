"""Backtest: every forecastable row of a trials file forecast from its design, then scored."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openmeso.science.forecast.feature import feature_of
from openmeso.science.forecast.fit import Example
from openmeso.science.forecast.forecast import (
    Forecast,
    Noise,
    Posterior,
    forecast,
    latent_change,
)
from openmeso.science.forecast.prior import Priors
from openmeso.science.forecast.quantity import (
    Kind,
    NotForecastable,
    observed_change,
    quantity_of,
)
from openmeso.science.forecast.score import (
    Block,
    Naive,
    Scored,
    block,
    crps_of_samples,
    naive_class,
)
from openmeso.science.forecast.structure import Numbers
from openmeso.terms.study import ArmDesign, TrialRow

HEADLINE = Kind.DENSITY
"""The kind of the scores that stand first: changes within an arm in hairs/cm²."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """One row: its forecast, the naive one, and what was found if anything."""

    row: TrialRow
    forecast: Forecast
    naive: Naive
    found: float | None
    calibrated_on: bool

    def scored(self) -> Scored | None:
        """The row's scores; None without an outcome."""
        if self.found is None:
            return None
        made, found = self.forecast, self.found
        return Scored(
            found,
            made.change,
            made.low_50 <= found <= made.high_50,
            made.low_90 <= found <= made.high_90,
            crps_of_samples(made.samples, found),
            self.naive,
        )


@dataclass(frozen=True, slots=True)
class Backtest:
    """All rows that were forecast, and the reason for each that was not."""

    outlooks: tuple[Outlook, ...]
    refused: tuple[tuple[TrialRow, str], ...]

    def block(self, kind: Kind = HEADLINE) -> Block:
        """Scores of one kind."""
        return block([s for o in self.of(kind) if (s := o.scored()) is not None])

    def of(self, kind: Kind) -> tuple[Outlook, ...]:
        """Rows of one kind."""
        return tuple(one for one in self.outlooks if one.forecast.quantity.kind is kind)


def examples_of(
    rows: Iterable[TrialRow], structure: Numbers, priors: Priors
) -> tuple[Example, ...]:
    """The rows that can be learnt from."""
    found = []
    for row in rows:
        try:
            feature = feature_of(row.design, structure, priors)
        except NotForecastable:
            continue
        change = latent_change(feature, row.outcome)
        if change is not None:
            arm = row.design.arm_id or row.design.arm_label
            found.append(Example(feature, row.design.study_key, arm, change))
    return tuple(found)


def naive_of(design: ArmDesign, learnt: Sequence[TrialRow]) -> Naive:
    """The class-mean forecaster's answer, from rows other than those of the row's own study."""
    kind = quantity_of(design).kind
    changes: Mapping[str, list[float]] = defaultdict(list)
    for row in learnt:
        if row.design.study_key == design.study_key:
            continue
        try:
            quantity = quantity_of(row.design)
        except NotForecastable:
            continue
        change = observed_change(quantity, row.outcome)
        if quantity.kind is kind and change is not None:
            changes[row.design.intervention_class].append(change)
    every = [change for of_class in changes.values() for change in of_class]
    return naive_class(changes[design.intervention_class], every)


def backtest(
    rows: Iterable[TrialRow], posterior: Posterior, random: Noise, learnt: Sequence[TrialRow]
) -> Backtest:
    """Forecast and score ``rows``; ``learnt`` are the rows of the calibration set."""
    outlooks, refused = [], []
    for row in rows:
        try:
            made = forecast(row.design, posterior, random)
        except NotForecastable as reason:
            refused.append((row, str(reason)))
            continue
        found = observed_change(made.quantity, row.outcome)
        known = row.design.study_key in posterior.studies
        outlooks.append(Outlook(row, made, naive_of(row.design, learnt), found, known))
    return Backtest(tuple(outlooks), tuple(refused))
