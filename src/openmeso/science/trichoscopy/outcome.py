"""Outcomes of a measured field and of a comparison: what is charted, and what a forecast learns from."""

from collections import Counter
from collections.abc import Iterator

from openmeso.terms.comparison import Comparison, ComparisonSummary
from openmeso.terms.measurement import OUTCOMES, Method, OutcomeValue
from openmeso.terms.phototrichogram import Phototrichogram
from openmeso.terms.trichoscopy import Estimate, FieldSummary, HairField
from openmeso.terms.units import SDS_OF_90_PER_CENT

PER_CENT = 100.0

_READ = (
    ("total_density", "density_cm2", 1.0),
    ("terminal_density", "terminal_density_cm2", 1.0),
    ("vellus_density", "vellus_density_cm2", 1.0),
    ("unit_density", "unit_density_cm2", 1.0),
    ("hairs_per_unit", "hairs_per_unit", 1.0),
    ("mean_width", "mean_width_um", 1.0),
    ("terminal_to_vellus", "terminal_to_vellus", 1.0),
    ("cumulative_thickness", "cumulative_thickness_mm_cm2", 1.0),
    ("diameter_diversity", "diameter_diversity", PER_CENT),
)
"""Outcome, the summary's field, and what the field is multiplied by."""


def outcome_values(field: HairField, method: Method) -> tuple[OutcomeValue, ...]:
    """What a field says, each with a standard deviation from its 90 % interval.

    A refused field says nothing; nor does a number outside what is plausible for its outcome.
    """
    return () if field.refused else tuple(_values(field.summary, method))


def _values(summary: FieldSummary, method: Method) -> Iterator[OutcomeValue]:
    for outcome, name, factor in _READ:
        found: Estimate | None = getattr(summary, name)
        about = OUTCOMES[outcome]
        if found is None or not about.low <= found.value * factor <= about.high:
            continue
        sd = factor * (found.high - found.low) / (2 * SDS_OF_90_PER_CENT)
        yield OutcomeValue(outcome, found.value * factor, sd if sd > 0 else None, method)


def comparison_summary(made: Comparison | Phototrichogram) -> ComparisonSummary:
    """What a comparison comes to; a phototrichogram measures outcomes of its own."""
    if isinstance(made, Phototrichogram):
        growth = Counter(hair.growth.value for hair in made.hairs)
        return ComparisonSummary(growth, values=tuple(_growth(made)))
    fates = Counter(hair.fate.value for hair in made.hairs)
    return ComparisonSummary(fates, made.count, made.density_cm2, made.width_um)


def _growth(made: Phototrichogram) -> Iterator[OutcomeValue]:
    """The share of growing hairs [%] and their rate [mm/day], as far as they were told.

    The standard deviation is that of the longer side of the interval: a share near 100 % has its
    other side cut off.
    """
    for outcome, found, factor in (
        ("anagen", made.anagen, PER_CENT),
        ("growth_rate", made.rate_mm_day, 1.0),
    ):
        about = OUTCOMES[outcome]
        if found is None or not about.low <= found.value * factor <= about.high:
            continue
        half = factor * max(found.high - found.value, found.value - found.low)
        sd = half / SDS_OF_90_PER_CENT
        yield OutcomeValue(outcome, found.value * factor, sd or None, Method.AUTOMATIC)
