"""The numbers of a field from its hairs, each with a 90 % interval."""

from collections.abc import Sequence
from math import hypot, sqrt

import numpy as np

from openmeso.terms.trichoscopy import (
    Estimate,
    FieldSummary,
    Hair,
    HairClass,
    HairMode,
    MeasureSetting,
    Scale,
)
from openmeso.terms.units import SDS_OF_90_PER_CENT

# Error of the count over what was found, fitted on rendered development fields: a part that
# grows with the number of hairs missed or doubled (binomial) and a part common to a picture.
MISSED_SHARE = 0.10
PICTURE_SD = {HairMode.CLIPPED: 0.07, HairMode.UNCLIPPED: 0.12}
_LEAST_FOR_WIDTHS = 5


def summarise(
    hairs: Sequence[Hair], area_px: float, scale: Scale | None, setting: MeasureSetting
) -> FieldSummary:
    """What is said of the counted hairs on ``area_px`` square pixels."""
    counted = [hair for hair in hairs if hair.counted]
    spread = PICTURE_SD[setting.mode]
    count = _count(len(counted), spread)
    sizes = _unit_sizes(counted)
    per_unit = _mean(sizes) if len(sizes) else None
    if scale is None or area_px <= 0:
        return FieldSummary(count=count, counted_hairs=len(counted), hairs_per_unit=per_unit)
    area = area_px * (scale.um_per_px * 1e-4) ** 2
    common = hypot(spread, 2 * scale.relative_sd)

    def density(number: int) -> Estimate:
        one = _count(number, common)
        return Estimate(one.value / area, one.low / area, one.high / area)

    terminal = sum(hair.hair_class is HairClass.TERMINAL for hair in counted)
    vellus = sum(hair.hair_class is HairClass.VELLUS for hair in counted)
    widths = np.array([hair.width_um for hair in counted if hair.width_um is not None])
    enough = len(widths) >= _LEAST_FOR_WIDTHS
    mean = _mean(widths, scale.relative_sd) if enough else None
    return FieldSummary(
        count=count,
        counted_hairs=len(counted),
        area_cm2=area,
        density_cm2=density(len(counted)),
        terminal_density_cm2=density(terminal),
        vellus_density_cm2=density(vellus),
        unit_density_cm2=density(len(sizes)),
        hairs_per_unit=per_unit,
        mean_width_um=mean,
        width_sd_um=float(np.std(widths, ddof=1)) if enough else None,
        terminal_to_vellus=_ratio(terminal, vellus) if vellus else None,
        cumulative_thickness_mm_cm2=_thickness(mean, density(len(counted))),
        diameter_diversity=_diversity(widths) if enough else None,
        short_hairs=sum((hair.length_mm or 0) < setting.short_below_mm for hair in counted),
        measured_width_share=len(widths) / len(counted) if counted else None,
    )


def _count(number: int, common_sd: float) -> Estimate:
    half = SDS_OF_90_PER_CENT * sqrt(MISSED_SHARE * max(number, 1) + (common_sd * number) ** 2)
    return Estimate(float(number), max(number - half, 0.0), number + half)


def _unit_sizes(counted: list[Hair]) -> np.ndarray:
    return np.unique([hair.unit for hair in counted], return_counts=True)[1].astype(float)


def _mean(values: np.ndarray, relative_sd: float = 0.0) -> Estimate:
    mean = float(values.mean())
    error = float(values.std(ddof=1)) / sqrt(len(values)) if len(values) > 1 else mean
    half = SDS_OF_90_PER_CENT * hypot(error, mean * relative_sd)
    return Estimate(mean, max(mean - half, 0.0), mean + half)


def _ratio(one: int, other: int) -> Estimate:
    """Ratio of two counts, its interval on the log scale."""
    value = one / other
    spread = float(np.exp(SDS_OF_90_PER_CENT * sqrt(1 / max(one, 1) + 1 / other)))
    return Estimate(value, value / spread, value * spread)


def _thickness(mean: Estimate | None, density: Estimate) -> Estimate | None:
    """Sum of widths [mm/cm²]: density times mean width."""
    if mean is None or not density.value or not mean.value:
        return None
    value = density.value * mean.value / 1000
    relative = hypot(
        (density.high - density.value) / density.value, (mean.high - mean.value) / mean.value
    )
    return Estimate(value, max(value * (1 - relative), 0.0), value * (1 + relative))


def _diversity(widths: np.ndarray) -> Estimate:
    """Share of hairs thinner than 0.8 of the upper quartile: an assumption of what "thin" is."""
    share = float(np.mean(widths < 0.8 * np.quantile(widths, 0.75)))
    half = SDS_OF_90_PER_CENT * sqrt(max(share * (1 - share), 1e-4) / len(widths))
    return Estimate(share, max(share - half, 0.0), min(share + half, 1.0))
