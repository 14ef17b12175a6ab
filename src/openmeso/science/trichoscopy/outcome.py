"""Outcomes of a measured field: the numbers that are charted and that a forecast learns from."""

from collections.abc import Iterator

from openmeso.terms.measurement import OUTCOMES, Method, OutcomeValue
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
