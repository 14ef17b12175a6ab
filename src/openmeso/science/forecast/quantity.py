"""Quantity: what a row of a trials file measures, in the unit it is forecast in."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.study import ArmDesign, ArmOutcome

CM2_PER_INCH2 = 6.4516
ONE_INCH_CIRCLE_CM2 = math.pi / 4 * CM2_PER_INCH2


class Kind(StrEnum):
    """What is forecast; the value is the family under which it is scored."""

    DENSITY = "density"
    NET = "density_net_vs_control"
    TERMINAL = "terminal_density"
    PERCENT = "percent_change"
    WEIGHT = "hair_weight"
    TV = "tv_ratio"
    TERMINAL_SHARE = "terminal_percent"

    @property
    def unit(self) -> str:
        """Unit of forecast and score."""
        return _UNITS[self]


_UNITS = {
    Kind.DENSITY: "hairs/cm2",
    Kind.NET: "hairs/cm2",
    Kind.TERMINAL: "hairs/cm2",
    Kind.PERCENT: "% of baseline",
    Kind.WEIGHT: "% of baseline",
    Kind.TV: "ratio",
    Kind.TERMINAL_SHARE: "percentage points",
}
_BY_FAMILY = {
    "density": Kind.DENSITY,
    "density_net_vs_control": Kind.NET,
    "terminal_density": Kind.TERMINAL,
    "hair_weight": Kind.WEIGHT,
    "tv_ratio": Kind.TV,
}
_ACTIVE_COMPARATOR = re.compile(r"\bvs\.? (?!placebo|saline|control|vehicle|untreated|sham)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A kind, and the area [cm²] that a count of this row refers to (1 for other kinds)."""

    kind: Kind
    area_cm2: float = 1.0


class NotForecastable(ValueError):
    """A row that no forecast is made for; the message says why."""


def quantity_of(design: ArmDesign) -> Quantity:
    """What is forecast for a row; raises :class:`NotForecastable` with the reason."""
    kind = _BY_FAMILY.get(design.outcome_family)
    unit = design.outcome_unit.lower()
    if kind is None:
        raise NotForecastable(f"outcome family {design.outcome_family} is not forecast")
    if design.followup_week == 0:
        raise NotForecastable("baseline row: there is no change to forecast")
    if kind is Kind.NET and _ACTIVE_COMPARATOR.search(design.outcome_name):
        raise NotForecastable("the comparator is an active arm, not a control")
    if "only" in unit:
        raise NotForecastable(f"outcome unit is {design.outcome_unit!r}")
    if kind is Kind.TV:
        return Quantity(Kind.TERMINAL_SHARE if "%" in unit else Kind.TV)
    if kind is Kind.WEIGHT:
        if "%" not in unit:
            raise NotForecastable(f"weight is forecast in % of baseline, not {unit!r}")
        return Quantity(kind)
    return _count(kind, design)


def _count(kind: Kind, design: ArmDesign) -> Quantity:
    if "%" in design.outcome_unit:
        if kind is Kind.DENSITY:
            return Quantity(Kind.PERCENT)
        raise NotForecastable(f"{kind.value} is forecast in hairs/cm2, not {design.outcome_unit!r}")
    area = area_cm2(design.outcome_unit)
    if area is None and re.search(r"area|field|hairs|count", design.outcome_unit.lower()):
        area = area_cm2(design.measurement_area)
    if area is not None:
        return Quantity(kind, area)
    if kind is Kind.DENSITY and design.outcome_unit:
        return Quantity(Kind.PERCENT)
    raise NotForecastable(f"the area of {design.outcome_unit!r} is not known")


def area_cm2(text: str) -> float | None:
    """The area that a unit or a description names [cm²]; None when it names none above 0."""
    text = text.lower().replace("²", "2").replace(",", ".").replace("^", "")
    for pattern, area in _AREAS:
        if found := pattern.search(text):
            return area(float(found[1] or 1)) or None
    return None


_NUMBER = r"(\d+(?:\.\d+)?|)[\s-]*"
_AREAS: tuple[tuple[re.Pattern[str], Callable[[float], float]], ...] = (
    (re.compile(_NUMBER + r"(?:sq\.?\s*cm|cm\s?2)"), lambda number: number),
    (re.compile(_NUMBER + r"mm\s?2"), lambda number: number / 100),
    (re.compile(_NUMBER + r"(?:inch|in)\s?2"), lambda number: number * CM2_PER_INCH2),
    (
        re.compile(r"(\d+(?:\.\d+)?)[\s-]*mm (?:punch|biopsy)"),
        lambda diameter_mm: math.pi / 4 * (diameter_mm / 10) ** 2,
    ),
    (re.compile(r"\b(1)[\s-]*inch"), lambda diameter: ONE_INCH_CIRCLE_CM2 * diameter),
)


def observed_change(quantity: Quantity, outcome: ArmOutcome) -> float | None:
    """The change that was found, in the unit of the forecast; None when nothing was reported."""
    change = outcome.change_mean
    if change is None and None not in (outcome.followup_mean, outcome.baseline_mean):
        change = _difference(outcome)
    if quantity.kind in (Kind.PERCENT, Kind.WEIGHT):
        return _percent(outcome, change)
    return None if change is None else change / quantity.area_cm2


def _difference(outcome: ArmOutcome) -> float:
    return (outcome.followup_mean or 0.0) - (outcome.baseline_mean or 0.0)


def _percent(outcome: ArmOutcome, change: float | None) -> float | None:
    if outcome.change_pct is not None:
        return outcome.change_pct
    if change is not None and outcome.baseline_mean:
        return 100 * change / outcome.baseline_mean
    return None
