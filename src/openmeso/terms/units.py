"""Units and the conversions between them."""

from enum import StrEnum

UM_PER_MM = 1000.0
MM2_PER_CM2 = 100.0
DAYS_PER_WEEK = 7
SDS_OF_90_PER_CENT = 1.6449
"""Half of a normal 90 % interval, in standard deviations."""
SDS_OF_95_PER_CENT = 1.96
"""Half of a normal 95 % interval, in standard deviations."""


class DoseUnit(StrEnum):
    """What an ingredient's amount is counted in."""

    MG = "mg"
    UNITS = "U"
    ML = "mL"


def mg_per_ml_from_percent(percent_w_v: float) -> float:
    """Concentration [mg/mL] of a solution given in percent weight by volume [g/100 mL].

    >>> mg_per_ml_from_percent(0.5)
    5.0
    """
    return percent_w_v * 10.0


def cm2_from_mm2(area_mm2: float) -> float:
    """Area [cm²] from area [mm²]."""
    return area_mm2 / MM2_PER_CM2
