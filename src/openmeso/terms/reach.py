"""Reach: where an injected substance goes, how many follicles it reaches, what is absorbed.

Concentrations are of free drug [ng/mL], exposures their time integrals [ng h/mL], fractions and
levels run from 0 to 1.
"""

from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.formula import SystemicEquivalent
from openmeso.terms.substance import Deposit


class Skin(StrEnum):
    """What the bulbs lie in: dermis throughout, or fat below it, of which nothing is known."""

    DERMIS = "dermis"
    DERMIS_ON_FAT = "dermis_on_fat"


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """Free concentration at the follicles of one class: median, 10th and 90th percentile."""

    hour: float
    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ClassReach:
    """What the follicles of one size class see after one session.

    ``reached_fraction`` counts the bulbs that meet the substance's own mark; ``reached_low`` and
    ``reached_high`` bound it at 90 % for the doubt of diffusivity and decay length.
    ``bulge_reached_fraction`` is the same at the bulge. ``cmax``, ``tmax_h``, ``auc`` and
    ``hours_above`` are medians over the bulbs (``hours_above`` None without a concentration
    mark), those of ``bulge`` over the bulges. ``reached_in_dermis`` is what dermis throughout would
    give, where the skin was taken otherwise. ``strata`` are the mean levels of the five fifths of
    follicles, lowest first.
    """

    name: str
    bulb_depth_mm: float
    reached_fraction: float
    reached_low: float
    reached_high: float
    cmax: float
    auc: float
    hours_above: float | None
    bulge_depth_mm: float
    bulge_reached_fraction: float
    strata: tuple[float, ...]
    course: tuple[CoursePoint, ...] = ()
    tmax_h: float = 0.0
    bulge: "BulgeReach | None" = None
    reached_in_dermis: float | None = None


@dataclass(frozen=True, slots=True)
class BulgeReach:
    """What the bulges of one size class see after one session; medians over the follicles."""

    cmax: float
    tmax_h: float
    auc: float
    hours_above: float | None
    course: tuple[CoursePoint, ...]


@dataclass(frozen=True, slots=True)
class BloodPoint:
    """Level in the blood [ng/mL] at one hour: the middle of the doubt, its low and its high."""

    hour: float
    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class BloodReach:
    """What one session leaves in the blood, in one or two compartments.

    The doubt is that of the skin's clearance or, for a depot, of its solubility. Where a way out
    of the body saturates, ``half_life_h`` is that of low levels and ``longest_half_life_h`` that
    of high ones; else they are the same.
    """

    compartments: int
    course: tuple[BloodPoint, ...]
    peak_ng_ml: float
    peak_low_ng_ml: float
    peak_high_ng_ml: float
    peak_hour: float
    half_life_h: float
    longest_half_life_h: float
    sentence: str


@dataclass(frozen=True, slots=True)
class MassPoint:
    """Where the dose of one session is [mg], and how fast the body takes it up [mg/h]."""

    hour: float
    in_skin_mg: float
    in_body_mg: float
    gone_mg: float
    uptake_mg_h: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One way of turning exposure into a level; where readings disagree, all are given.

    ``strata`` are the mean levels over a treatment interval of the five fifths of all follicles
    (size classes counted alike), lowest first; ``low`` and ``high`` the same at the 5th and 95th
    percentile of the doubt of transport.
    """

    id: str  # "inhibition"; "exposure", "concentration"
    strata: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class MapReach:
    """Level at bulb depth over one map view, in mm on the patient; rows follow ``y_mm``."""

    view: str
    size_class: str
    x_mm: tuple[float, ...]
    y_mm: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class DepotLife:
    """How long the solid lasts at the lowest, middle and highest solubility [days]."""

    longest_days: float
    middle_days: float
    shortest_days: float
    sentence: str


@dataclass(frozen=True, slots=True)
class SubstanceReach:
    """Where one ingredient goes.

    ``coverage_curve`` holds pairs (threshold, fraction of all bulbs at or above it): thresholds
    are ``auc`` for an irreversible inhibitor, ``cmax`` otherwise (``curve_of`` says which), and
    ``mark`` is the one behind "reached".
    ``absorbed`` holds (hour, mg taken up so far), ``plasma`` (hour, mg still in the body) where
    it is known how it leaves; ``balance`` says where the whole dose is, ``balance_error`` by what
    share of the dose it misses at most. ``strata`` are those of the first reading.
    ``responders`` says who responds at all, where that is known.
    """

    ingredient: str
    mode: Deposit
    half_life_h: float
    decay_length_mm: float
    dose_mg: float
    reached_when: str
    size_classes: tuple[ClassReach, ...]
    curve_of: str
    coverage_curve: tuple[tuple[float, float], ...]
    absorbed: tuple[tuple[float, float], ...]
    peak_rate_mg_h: float
    plasma: tuple[tuple[float, float], ...]
    equivalent: SystemicEquivalent | None
    systemic_sentence: str
    strata: tuple[float, ...]
    readings: tuple[Reading, ...]
    maps: tuple[MapReach, ...]
    depot: DepotLife | None
    sentence: str
    facts: tuple[str, ...]
    assumptions: tuple[str, ...]
    mark: float = 0.0
    blood: BloodReach | None = None
    balance: tuple[MassPoint, ...] = ()
    balance_error: float = 0.0
    responders: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """The reach of every ingredient of which enough is known.

    ``unknown`` names the ingredients of the formula of which nothing is known, ``sentence`` says
    so in words. ``skin`` is what the skin was taken to be.
    """

    substances: tuple[SubstanceReach, ...]
    unknown: tuple[str, ...]
    sentence: str
    skin: Skin = Skin.DERMIS
