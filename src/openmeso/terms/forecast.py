"""Forecast: what a course is expected to do to one patient's hair, and how doubtful that is.

Weeks count from the first session; week 0 is before it. Every tuple over time has one entry for
each of ``Forecast.weeks``.
"""

from dataclasses import dataclass
from math import isfinite

from openmeso.terms.provenance import Statement

METHODS = ("automatic", "corrected", "matched")
"""How a count was made: by software, corrected by hand, or matched hair by hair."""
LAST_WEEK = 52


class ForecastInputError(ValueError):
    """What was given cannot be used; ``field`` names it, the message says what is accepted."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class NoForecast(ValueError):
    """No forecast is made for this patient or plan; the message says why."""


@dataclass(frozen=True, slots=True)
class MeasuredOutcome:
    """A measurement at a visit, in the unit of the outcome of that name.

    ``week`` 0 is before the first session. Either ``sd`` (standard deviation of the measurement,
    same unit) or ``method`` (one of :data:`METHODS`) says how precise it is.
    """

    week: float
    outcome: str
    value: float
    sd: float | None = None
    method: str = ""

    def __post_init__(self) -> None:
        if not (isfinite(self.week) and 0 <= self.week <= LAST_WEEK):
            raise ForecastInputError("week", f"expected 0 to {LAST_WEEK} weeks; got {self.week}")
        if not (isfinite(self.value) and self.value >= 0):
            raise ForecastInputError("value", f"expected a number of 0 or more; got {self.value}")
        if self.sd is None and self.method not in METHODS:
            accepted = ", ".join(METHODS)
            raise ForecastInputError(
                "method", f"expected one of {accepted}, or an sd; got {self.method!r}"
            )
        if self.sd is not None and not (isfinite(self.sd) and self.sd > 0):
            raise ForecastInputError("sd", f"expected a number above 0; got {self.sd}")


@dataclass(frozen=True, slots=True)
class Exposure:
    """How much of a substance's full effect the follicles of the zone meet.

    ``strata`` are (share of the follicles, exposure 0 to 1); the shares add up to 1. Exposure 1 is
    that of the tablet or lotion of the published trials. ``structure`` says for which account of
    the drug's stay it holds: "solution" or "depot". ``low`` and ``high`` are the exposures of the
    same strata at the 5th and 95th percentile of the doubt of transport, where it is known.
    """

    ingredient: str
    structure: str
    strata: tuple[tuple[float, float], ...]
    basis: Statement
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        shares = [share for share, _ in self.strata]
        if not shares or min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
            raise ForecastInputError("strata", f"expected shares that add up to 1; got {shares}")
        for exposure in (*(exposure for _, exposure in self.strata), *self.low, *self.high):
            if not 0 <= exposure <= 1:
                raise ForecastInputError("strata", f"expected exposures 0 to 1; got {exposure}")


@dataclass(frozen=True, slots=True)
class Band:
    """What a measurement would show: half of all lie in p25-p75, nine in ten in p5-p95."""

    p5: tuple[float, ...]
    p25: tuple[float, ...]
    p50: tuple[float, ...]
    p75: tuple[float, ...]
    p95: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DoubtShares:
    """Parts of the variance of the treated outcome; the four add up to 1 at each week.

    ``counting``: one square centimetre and the method of the count. ``patient``: how patients
    differ. ``parameter``: what trials do not tell of the average patient. ``structural``: which
    account of the drug's stay and of regrowth is true.
    """

    counting: tuple[float, ...]
    patient: tuple[float, ...]
    parameter: tuple[float, ...]
    structural: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class StructureMedian:
    """The median under one account of the world, and the weight that it has (all add up to 1)."""

    name: str
    words: str
    weight: float
    treated: tuple[float, ...]
    untreated: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class OutcomeCourse:
    """One outcome over the weeks, treated and untreated."""

    name: str
    label: str
    unit: str
    treated: Band
    untreated: Band
    doubt: DoubtShares
    structures: tuple[StructureMedian, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step in the words of the field, as a chance.

    ``low`` to ``high`` is the range of the chance over the accounts of the world that are not
    told apart. ``definition`` says exactly what is counted.
    """

    words: str
    week: int
    probability: float
    low: float
    high: float
    sentence: str
    definition: str


@dataclass(frozen=True, slots=True)
class Influence:
    """A parameter and the part of the forecast's variance that goes with it."""

    symbol: str
    share: float
    words: str
    assumption: bool


@dataclass(frozen=True, slots=True)
class UpdateDiagnostic:
    """How the patient's measurements were taken in.

    ``ess`` is the effective number of the ``draws``; ``method`` is "weights", "smoothed weights"
    or "tempered weights"; ``tempering`` is the power the likelihood was raised to (1: none);
    ``pareto_k`` tells how heavy the largest weights are (above 0.7: not to be relied on).
    """

    ess: float
    draws: int
    method: str
    tempering: float
    pareto_k: float | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """Twelve months with doubt. It informs; it is no promise and no dose advice."""

    weeks: tuple[int, ...]
    outcomes: tuple[OutcomeCourse, ...]
    milestones: tuple[Milestone, ...]
    extrapolation: Statement
    influential: tuple[Influence, ...]
    exposures: tuple[Exposure, ...]
    update: UpdateDiagnostic | None
    sentence: str
    facts: tuple[str, ...]
    assumptions: tuple[str, ...]

    def outcome(self, name: str) -> OutcomeCourse:
        """The course of the outcome of this name; KeyError without it."""
        for one in self.outcomes:
            if one.name == name:
                return one
        raise KeyError(name)
