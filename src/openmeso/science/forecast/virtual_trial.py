"""Virtual trial: patients who do not exist, half of them treated, counted as a study would count.

Patients come in blocks, each with a seed of its own, and blocks are summed in their order: who
computes a block, and when, changes no number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openmeso.science.forecast.library import Library, Source, make_library
from openmeso.science.forecast.library_course import Array
from openmeso.science.forecast.patient_effect import drives, stop_weeks, treated
from openmeso.science.forecast.patient_outcome import counting_sd, outcomes
from openmeso.terms.forecast import LAST_WEEK, Exposure, ForecastInputError
from openmeso.terms.plan import Plan

BLOCK = 1000
"""Patients of a block: 50 average patients, 5 a piece, in each of the 4 accounts of the world."""
_AVERAGES, _PATIENTS = 50.0, 5.0
ARMS = ("untreated", "treated")
OUTCOME = "count"
METHOD = "corrected"
ONE_95 = 1.96


@dataclass(frozen=True, slots=True)
class VirtualTrial:
    """What every block is made from: ``plan`` against no treatment, counted at ``week``."""

    source: Source
    plan: Plan
    exposures: tuple[Exposure, ...]
    severity: str
    female: bool
    patients: int
    week: int
    seed: int

    def __post_init__(self) -> None:
        if not self.patients >= len(ARMS) * 2:
            raise ForecastInputError("patients", f"expected 4 or more; got {self.patients}")
        if not 1 <= self.week <= LAST_WEEK:
            raise ForecastInputError("week", f"expected 1 to {LAST_WEEK}; got {self.week}")
        if self.seed < 0:
            raise ForecastInputError("seed", f"expected 0 or more; got {self.seed}")


@dataclass(frozen=True, slots=True)
class ArmSum:
    """Patients of an arm, the sum of their changes [hairs/cm²] and of the squares of these."""

    patients: int
    total: float
    squares: float


@dataclass(frozen=True, slots=True)
class ArmResult:
    """Change of the count from baseline in one arm [hairs/cm²]."""

    name: str
    patients: int
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class TrialResult:
    """Arms, and treated minus untreated with its 95 % interval [hairs/cm²].

    ``per_arm_for_80`` patients in each arm would find this difference with 80 % power at the
    two-sided 5 % level (normal approximation); None where there is no difference to find.
    """

    week: int
    arms: tuple[ArmResult, ...]
    difference: float
    low: float
    high: float
    per_arm_for_80: int | None


def blocks(trial: VirtualTrial) -> list[tuple[int, np.random.SeedSequence]]:
    """Size and seed of each block."""
    count = -(-trial.patients // BLOCK)
    sizes = [min(BLOCK, trial.patients - i * BLOCK) for i in range(count)]
    return list(zip(sizes, np.random.SeedSequence(trial.seed).spawn(count), strict=True))


def run_block(trial: VirtualTrial, size: int, seed: np.random.SeedSequence) -> tuple[ArmSum, ...]:
    """The arms of one block, in the order of :data:`ARMS`."""
    random = np.random.default_rng(seed)
    shared = make_library(_of_block(trial.source), random, trial.severity, trial.female)
    chosen = random.permutation(shared.size)[:size]
    half = size // 2
    readings = treated(
        drives(trial.plan, trial.exposures, shared), stop_weeks(trial.plan, shared), shared
    )
    off, on = outcomes(shared.untreated, shared).value, outcomes(readings, shared).value
    noise = random.standard_normal((2, shared.size))
    courses = (off[OUTCOME], on[OUTCOME])
    parts: tuple[NDArray[np.int64], ...] = (chosen[:half], chosen[half:])
    return tuple(
        _sum(_counted(course[[0, trial.week]].astype(float), noise, shared)[part])
        for course, part in zip(courses, parts, strict=True)
    )


def _of_block(source: Source) -> Source:
    value = {**source.priors.value, "draws.parameters": _AVERAGES, "draws.patients": _PATIENTS}
    return replace(source, priors=replace(source.priors, value=value))


def _counted(count: Array, noise: Array, shared: Library) -> Array:
    """Change between two counts (visit, draw), each with the error of its method."""
    seen = np.maximum(count + counting_sd(OUTCOME, count, count, shared, METHOD) * noise, 0.0)
    change: Array = seen[1] - seen[0]
    return change


def _sum(change: Array) -> ArmSum:
    return ArmSum(len(change), float(change.sum()), float((change**2).sum()))


def result(trial: VirtualTrial, found: Sequence[tuple[ArmSum, ...]]) -> TrialResult:
    """The trial from its blocks, in the order of :func:`blocks`."""
    arms = tuple(_arm(name, [block[place] for block in found]) for place, name in enumerate(ARMS))
    difference = arms[1].mean - arms[0].mean
    variance = sum(one.sd**2 for one in arms)
    error = ONE_95 * sum(one.sd**2 / one.patients for one in arms) ** 0.5
    needed = int(np.ceil((ONE_95 + 0.8416) ** 2 * variance / difference**2)) if difference else None
    return TrialResult(trial.week, arms, difference, difference - error, difference + error, needed)


def _arm(name: str, sums: Sequence[ArmSum]) -> ArmResult:
    patients = sum(one.patients for one in sums)
    mean = sum(one.total for one in sums) / patients
    squares = sum(one.squares for one in sums)
    variance = max(squares - patients * mean**2, 0.0) / max(patients - 1, 1)
    return ArmResult(name, patients, mean, variance**0.5)
