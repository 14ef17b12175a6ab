"""What a patient's forecast assumes beside the trials, as read from the knowledge."""

from collections.abc import Mapping
from dataclasses import dataclass

DELIVERIES = ("solution", "depot")
REGROWTHS = ("reactivation", "reversal")


@dataclass(frozen=True, slots=True)
class Regrowth:
    """How a drug brings hair back: powers of the calibrated multipliers, and one of ``p_up``."""

    words: str
    exponent: Mapping[str, float]
    p_up: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """How long a drug stays, where no transport was computed; see :class:`terms.Exposure`."""

    words: str
    strata: tuple[tuple[float, float], ...]
    outlasts_weeks: float
    usual_interval_days: float
    basis: str


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What an ingredient's forecast borrows from the trials.

    ``full`` is the class at full exposure, ``injected`` that of the trials that injected it, if
    any; ``direct``: only such trials exist, so that their effect holds without an exposure.
    """

    mechanism: str
    course: str
    full: str
    words: str
    injected: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True)
class PatientPriors:
    """Numbers by table and name; unit and basis stand in their file.

    ``patient``: SD of the logarithm between patients. ``value``: single numbers, by
    "table.name". ``effect``: middle and SD [hairs/cm²].
    """

    patient: Mapping[str, float]
    severity: Mapping[str, float]
    grade: Mapping[str, Mapping[str, str]]
    regrowth: Mapping[str, Regrowth]
    delivery: Mapping[str, Delivery]
    ingredient: Mapping[str, Borrowed]
    effect: Mapping[str, tuple[float, float]]
    method_cv: Mapping[str, float]
    value: Mapping[str, float]
    devices: tuple[str, ...]
