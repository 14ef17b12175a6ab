"""The numbers of a field from its hairs, each with a 90 % interval: read, or corrected by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.frame import Box
from openmeso.terms.trichoscopy import (
    Estimate,
    FieldSummary,
    Hair,
    HairClass,
    HairMode,
    MeasureSetting,
    Scale,
)
from openmeso.terms.units import MM2_PER_CM2, SDS_OF_90_PER_CENT, UM_PER_MM


@dataclass(frozen=True, slots=True)
class CountError:
    """Error of a count: a variance of ``missed_share`` a hair, and ``picture_sd`` common to all.

    The first comes from hairs missed or invented one by one (binomial) and, ``border_mm`` times the
    border over the area of the counting frame, from roots so near to the border that they are
    counted on the wrong side of it; the second from what a whole picture or a whole hand does to
    the count [1].
    """

    missed_share: float
    border_mm: float
    picture_sd: float

    def at_border(self, per_mm: float) -> "CountError":
        """The error in a frame with ``per_mm`` of border over its area [1/mm]."""
        return CountError(self.missed_share + self.border_mm * per_mm, 0.0, self.picture_sd)

    def sd(self, number: float, scale_sd: float = 0.0) -> float:
        """Standard deviation of a count, of a density where the scale's error is given too."""
        common = hypot(self.picture_sd, 2 * scale_sd)  # an area has twice the error of a length
        return sqrt(self.missed_share * max(number, 1.0) + (common * number) ** 2)


READ = {
    HairMode.CLIPPED: CountError(0.30, 0.0, 0.03),
    HairMode.UNCLIPPED: CountError(0.30, 0.0, 0.12),
}
"""Of a count read by the software. Clipped: between the most likely values of 222 annotated
pictures of the development half (0.34, 0.04) and of 30 rendered fields (0.28, 0.00), no part being
laid to the border; ``benchmarks/trichoscopy_interval.py`` fits all three anew. The picture's part of
unclipped hair is an assumption."""
BY_HAND = CountError(0.0, 0.0, 0.08)
"""Of a count corrected by hand: 7-9 % (Bokhari 2022, abstract), as in
``knowledge/posterior/patient.toml``."""
LEAST_MEASURED = 5
"""Fewer hairs of known width tell nothing of a distribution: an assumption."""
THIN = 0.8
"""Of the upper quartile of the widths, below which a hair adds to the diversity: an assumption."""


def border_per_mm(frame: Box, um_per_px: float, area_cm2: float) -> float:
    """Border of a counting frame over the area that is counted in it [1/mm]; 0 without any."""
    _, _, width, height = frame
    border_mm = 2 * (width + height) * um_per_px / UM_PER_MM
    return border_mm / (area_cm2 * MM2_PER_CM2) if area_cm2 > 0 else 0.0


def read_error(mode: HairMode, per_mm: float) -> CountError:
    """Error of a count that the software read, the frame having that much border over its area."""
    return READ[mode].at_border(per_mm)


def summarise(
    hairs: Sequence[Hair],
    area_cm2: float | None,
    scale: Scale | None,
    setting: MeasureSetting,
    error: CountError,
) -> FieldSummary:
    """What is said of the counted hairs on ``area_cm2`` of skin; the count alone without a scale.

    Classes come from the counted hairs whose class is known and stand for the others. Diameter
    diversity is the share of hairs thinner than 0.8 of the upper quartile of the field's widths.
    """
    counted = [hair for hair in hairs if hair.counted]
    number = len(counted)
    count = _around(number, error.sd(number))
    if scale is None or not area_cm2:
        return FieldSummary(count=count, counted_hairs=number)

    def density(share: float, sampled_sd: float = 0.0) -> Estimate:
        seen = number * share
        sd = hypot(error.sd(seen, scale.relative_sd), number * sampled_sd)
        return _around(seen / area_cm2, sd / area_cm2)

    whole = density(1.0)
    sizes = _unit_sizes(counted)
    known = [one.hair_class for one in counted if one.hair_class is not HairClass.UNKNOWN]
    terminal = sum(one is HairClass.TERMINAL for one in known)
    vellus = sum(one is HairClass.VELLUS for one in known)
    told = len(known) == number or len(known) >= LEAST_MEASURED
    widths = np.array([hair.width_um for hair in counted if hair.width_um is not None])
    enough = len(widths) >= LEAST_MEASURED
    mean = _mean(widths, scale.relative_sd) if enough else None
    return FieldSummary(
        count=count,
        counted_hairs=number,
        area_cm2=area_cm2,
        density_cm2=whole,
        terminal_density_cm2=density(*_share(terminal, len(known), number)) if told else None,
        vellus_density_cm2=density(*_share(vellus, len(known), number)) if told else None,
        unit_density_cm2=density(len(sizes) / max(number, 1)),
        hairs_per_unit=_mean(sizes) if len(sizes) else None,
        mean_width_um=mean,
        width_sd_um=float(np.std(widths, ddof=1)) if enough else None,
        terminal_to_vellus=_ratio(terminal, vellus),
        cumulative_thickness_mm_cm2=_thickness(mean, whole),
        diameter_diversity=_diversity(widths) if enough else None,
        short_hairs=sum((hair.length_mm or 0) < setting.short_below_mm for hair in counted),
        measured_width_share=len(widths) / number if number else None,
    )


def _around(value: float, sd: float) -> Estimate:
    half = SDS_OF_90_PER_CENT * sd
    return Estimate(float(value), max(value - half, 0.0), value + half)


def _share(some: int, known: int, number: int) -> tuple[float, float]:
    """A share and its standard deviation, where only ``known`` of ``number`` hairs tell."""
    if not known:
        return 0.0, 0.0
    share = some / known
    return share, sqrt(share * (1 - share) / known * (1 - known / number))


def _unit_sizes(counted: list[Hair]) -> NDArray[np.float64]:
    units = [hair.unit for hair in counted if hair.unit >= 0]
    return np.unique(units, return_counts=True)[1].astype(float)


def _mean(values: NDArray[np.float64], relative_sd: float = 0.0) -> Estimate:
    mean = float(values.mean())
    error = float(values.std(ddof=1)) / sqrt(len(values)) if len(values) > 1 else mean
    return _around(mean, hypot(error, mean * relative_sd))


def _ratio(one: int, other: int) -> Estimate | None:
    """Ratio of two counts, its interval on the log scale; None where either is nought."""
    if not one or not other:
        return None
    value = one / other
    spread = exp(SDS_OF_90_PER_CENT * sqrt(1 / one + 1 / other))
    return Estimate(value, value / spread, value * spread)


def _thickness(mean: Estimate | None, density: Estimate) -> Estimate | None:
    """Sum of widths [mm/cm²]: density times mean width."""
    if mean is None or not density.value or not mean.value:
        return None
    value = density.value * mean.value / UM_PER_MM
    relative = hypot(
        (density.high - density.value) / density.value, (mean.high - mean.value) / mean.value
    )
    return Estimate(value, max(value * (1 - relative), 0.0), value * (1 + relative))


def _diversity(widths: NDArray[np.float64]) -> Estimate:
    share = float(np.mean(widths < THIN * np.quantile(widths, 0.75)))
    half = SDS_OF_90_PER_CENT * sqrt(max(share * (1 - share), 1e-4) / len(widths))
    return Estimate(share, max(share - half, 0.0), min(share + half, 1.0))
