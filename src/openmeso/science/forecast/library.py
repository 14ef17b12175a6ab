"""Library: virtual patients, shared by every forecast; a patient is a weighting of them.

Draws are laid out as (account of the world, average patient, patient): :data:`STRUCTURES` are
never mixed, averages carry what trials leave open, and patients differ around each average.
Chance comes from the generator passed in alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from openmeso.science.forecast.fit import Draws
from openmeso.science.forecast.forecast import Posterior
from openmeso.science.forecast.library_course import (
    CYCLE,
    READINGS,
    Array,
    Batch,
    Single,
    course,
    starts,
)
from openmeso.science.forecast.library_prior import DELIVERIES, REGROWTHS, PatientPriors
from openmeso.science.forecast.structure import REFERENCE_WEEK, WEEKS, change
from openmeso.terms.forecast import LAST_WEEK

Indices = NDArray[np.int64]
NODES = (1.0, 3.0)
"""Effect sizes that courses are computed at, in multiples of the calibrated drug; 0 is untreated.
Between them a response is read off the parabola through all three."""
LEAST, MOST = -0.5, 3.0
"""Effect sizes beyond which nothing was computed; a draw outside is taken at the end."""
REMEMBERED = 6
OUTCOMES = (
    "count", "terminal", "mean_diameter", "tv_ratio", "anagen", "shedding", "growth_mass",
)  # fmt: skip
STRUCTURES = tuple((delivery, regrowth) for delivery in DELIVERIES for regrowth in REGROWTHS)
"""The accounts of the world, in the order in which draws are laid out."""
COURSES = {
    "minoxidil": ("anagen", "kenogen", "telogen"),
    "inhibitor": ("anagen", "kenogen", "p_down"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """What a library is made from; ``log_sd`` is what calibration left open of each parameter."""

    posterior: Posterior
    priors: PatientPriors
    log_sd: Mapping[str, float]


@dataclass(frozen=True)
class Library:
    """Virtual patients: hair cycles, their start and untreated course, and standard numbers.

    ``structure`` and ``average`` say to which account and which average a draw belongs;
    ``own`` and ``shared`` are its parameters with and without what is the patient's own;
    ``effects`` the trials' effects of its average. ``unit`` is the net count that one full effect
    brings by 24 weeks in the average patient [hairs/cm²], by course.
    """

    source: Source
    severity: str
    female: bool
    batch: Batch
    start: Array
    untreated: Single
    structure: Indices
    average: Indices
    own: Mapping[str, Array]
    shared: Mapping[str, Array]
    effects: Draws
    number: Mapping[str, Array]
    unit: Mapping[str, Array]
    remembered: dict[tuple[str, bytes], tuple[Single, ...]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of draws."""
        return len(self.structure)

    @property
    def averages(self) -> int:
        """Number of average patients."""
        return int(self.average.max()) + 1

    def is_structure(self, place: int, name: str) -> NDArray[np.bool_]:
        """Mask of the draws whose delivery (place 0) or regrowth (place 1) has this name."""
        chosen = [i for i, one in enumerate(STRUCTURES) if one[place] == name]
        mask: NDArray[np.bool_] = np.isin(self.structure, chosen)
        return mask

    def treated(self, course_name: str, stop_week: Array) -> tuple[Single, ...]:
        """Readings at each of :data:`NODES` under a drug's course until ``stop_week``.

        The last few are remembered: a plan is often forecast again.
        """
        key = (course_name, stop_week.tobytes())
        if key not in self.remembered:
            while len(self.remembered) >= REMEMBERED:
                self.remembered.pop(next(iter(self.remembered)))
            self.remembered[key] = tuple(
                course(self.batch, on, self.start, LAST_WEEK, stop_week)
                for on in under_effect(
                    self.batch, self.shared, self.structure, course_name, self.source
                )
            )
        return self.remembered[key]


def under_effect(
    batch: Batch, value: Mapping[str, Array], structure: Indices, drug: str, source: Source
) -> list[Batch]:
    """The cycles under each of :data:`NODES` of a drug's calibrated effect."""
    log = {name: np.zeros(batch.size) for name in (*COURSES[drug], "p_up")}
    for i, (_, regrowth) in enumerate(STRUCTURES):
        here = structure == i
        account = source.priors.regrowth[regrowth]
        for name in COURSES[drug]:
            log[name][here] = account.exponent[name] * np.log(value[f"{drug}_{name}"][here])
        log["p_up"][here] = np.log(account.p_up)
    return [batch.times({n: np.exp(node * one) for n, one in log.items()}) for node in NODES]


def make_library(
    source: Source, random: np.random.Generator, severity: str, female: bool
) -> Library:
    """The library of a severity and sex; about a second. The same generator gives the same."""
    priors, posterior = source.priors, source.posterior
    averages, patients = (int(priors.value[f"draws.{n}"]) for n in ("parameters", "patients"))
    average = np.tile(np.repeat(np.arange(averages), patients), len(STRUCTURES))
    size = len(average)
    structure = np.repeat(np.arange(len(STRUCTURES)), averages * patients)
    mode = _averages(source, random, averages)
    rows = random.integers(len(posterior.draws.values), size=averages)
    effects = Draws(posterior.draws.names, posterior.draws.values[rows][average])
    number = {name: random.standard_normal(size) for name in priors.patient}
    number |= {
        "counting": random.standard_normal((len(OUTCOMES), size)),
        "responder": random.random(size),
        "class": random.standard_normal(averages)[average],
        "needle": random.standard_normal(averages)[average],
        "reach": random.standard_normal(averages)[average],
        "effect": random.standard_normal(averages)[average],
    }
    shared = {name: value[average] for name, value in mode.items()}
    shared |= {"follicles": np.full(size, _follicles(posterior))}
    sex = "tv_female" if female else "tv_male"
    shared |= {"tv_ratio": np.full(size, posterior.priors.baseline[sex])}
    own = {
        name: value * np.exp(priors.patient.get(name, 0.0) * number.get(name, 0.0))
        for name, value in shared.items()
    }
    own["p_up"], own["p_down"] = np.minimum(own["p_up"], 0.3), np.minimum(own["p_down"], 0.7)
    slower = posterior.priors.fixed["female_decline"] if female else 1.0
    own["p_down"] = own["p_down"] * slower
    batch = Batch({name: own[name] for name in CYCLE})
    start = starts(batch, own["history_years"] * priors.severity[severity] / slower)
    untreated = course(batch, batch, start, LAST_WEEK)
    return Library(
        source, severity, female, batch, start, untreated, structure, average, own, shared,
        effects, number, _units(source, structure),
    )  # fmt: skip


def _averages(source: Source, random: np.random.Generator, averages: int) -> dict[str, Array]:
    """Average patients: what calibration left open, among those who show the trials' density.

    More are drawn than kept; each is kept with a chance that falls with its distance from it.
    """
    priors, posterior = source.priors, source.posterior
    count = averages * int(priors.value["draws.candidates"])
    offered = {
        name: value * np.exp(source.log_sd.get(name, 0.0) * random.standard_normal(count))
        for name, value in posterior.structure
    }
    batch = Batch({name: offered[name] for name in CYCLE})
    start = starts(batch, offered["history_years"])
    thick = READINGS.index("thick")
    density = _follicles(posterior) * course(batch, batch, start, 0)[thick, 0]
    away = (density - posterior.priors.baseline["density"]) / priors.value["draws.density_sd"]
    chance = np.exp(-0.5 * away.astype(float) ** 2) + 1e-12
    kept = random.choice(count, size=averages, replace=False, p=chance / chance.sum())
    return {name: one[kept] for name, one in offered.items()}


def _follicles(posterior: Posterior) -> float:
    """Follicles per cm² [1/cm²] with which the calibrated average shows the trials' density."""
    batch, start = _typical(posterior)
    visible = course(batch, batch, start, 0)[READINGS.index("thick"), 0, 0]
    return posterior.priors.baseline["density"] / float(visible)


def _typical(posterior: Posterior) -> tuple[Batch, Array]:
    value = {name: np.full(len(STRUCTURES), one) for name, one in posterior.structure}
    batch = Batch({name: value[name] for name in CYCLE})
    return batch, starts(batch, value["history_years"])


def _units(source: Source, structure: Indices) -> dict[str, Array]:
    """Net count by 24 weeks of one full effect in the calibrated average [hairs/cm²], by course."""
    batch, start = _typical(source.posterior)
    value = {n: np.full(batch.size, one) for n, one in source.posterior.structure}
    every, weeks = np.arange(len(STRUCTURES)), int(REFERENCE_WEEK)
    thick = READINGS.index("thick")
    none = course(batch, batch, start, weeks)[thick, -1]
    per_cm2 = _follicles(source.posterior)
    units = {}
    for drug in COURSES:
        full = under_effect(batch, value, every, drug, source)[0]
        net = course(batch, full, start, weeks)[thick, -1] - none
        units[drug] = (per_cm2 * net)[structure]
    return units


def tv_per_count(posterior: Posterior) -> float:
    """Rise of ln(terminal:vellus) for each part that the count gains, under an inhibitor."""
    gains = [
        np.interp(REFERENCE_WEEK, WEEKS, change(posterior.structure, "finasteride", measure))
        - np.interp(REFERENCE_WEEK, WEEKS, change(posterior.structure, "none", measure))
        for measure in ("log_tv", "count")
    ]
    return float(gains[0] / gains[1])
