"""Change between two visits, with its interval and the smallest that can be detected."""

from collections.abc import Iterable, Sequence
from math import hypot, sqrt

import numpy as np

from openmeso.terms.comparison import Change, ComparedHair, Fate
from openmeso.terms.trichoscopy import Estimate, Hair, HairField
from openmeso.terms.units import SDS_OF_90_PER_CENT

# Read on rendered pairs without a change, benchmarks/trichoscopy_pairs.py; see the explanation.
FALSE_SHARE = 0.018
"""Variance of the net change that unchanged hair shows, a hair compared [1]."""
UNCLEAR_SHARE = 0.03
"""Variance that a hair of unclear fate adds [1]."""
MISSED_SHARE = 0.25
"""Variance that each gain or loss adds: some are not found, some found beside others [1]."""
WIDTH_RETEST_UM = 2.4
"""Standard deviation of the change in width of one unchanged hair [µm]."""
MEAN_WIDTH_RETEST_UM = 0.8
"""That of the mean of a picture, beyond what its hairs scatter [µm]."""
STRETCH_SD = 0.02
"""How much skin is stretched differently at two visits [1]: an assumption."""
SDS_OF_95_PER_CENT = 1.96
SDS_OF_99_PER_CENT = 2.576
"""Of a hundred unchanged hairs one is called thicker or thinner."""
FEWEST_WIDTHS = 5


def width_factor(before: HairField, after: HairField, zoom: float) -> float:
    """What later widths are multiplied by, so that both are by the earlier scale.

    A zoom beyond what the scales say is an error of a scale or stretched skin, and is laid to each
    by how much it may err: shafts are not stretched with the skin.
    """
    if not (before.scale and after.scale):
        return 1.0
    of_scale = before.scale.relative_sd**2 + after.scale.relative_sd**2
    return float(zoom ** -(of_scale / (of_scale + STRETCH_SD**2)))


def width_fate(before: Hair, after: Hair, factor: float) -> tuple[Fate, float | None, float | None]:
    """Kept, thickened or thinned, and both widths [µm], the later one times ``factor``."""
    if before.width_um is None or after.width_um is None:
        return Fate.KEPT, None, None
    first, second = before.width_um, after.width_um * factor
    error = hypot(_own_error(before), _own_error(after), WIDTH_RETEST_UM)
    if abs(second - first) <= SDS_OF_99_PER_CENT * error:
        return Fate.KEPT, first, second
    return Fate.THICKENED if second > first else Fate.THINNED, first, second


def changes(
    hairs: Sequence[ComparedHair], area_cm2: float | None, scale_sd: float
) -> tuple[Change, Change | None, Change | None]:
    """Count, density and mean width of compared hairs; density only where the area is known."""
    count = _count(hairs)
    density = None
    if area_cm2:
        known = count.change
        spread = hypot(
            0.5 * (known.high - known.low), SDS_OF_90_PER_CENT * 2 * scale_sd * known.value
        )
        density = Change(
            count.before / area_cm2,
            count.after / area_cm2,
            Estimate(
                known.value / area_cm2,
                (known.value - spread) / area_cm2,
                (known.value + spread) / area_cm2,
            ),
            count.smallest_detectable / area_cm2,
        )
    return count, density, _width(hairs)


def _count(hairs: Iterable[ComparedHair]) -> Change:
    number = dict.fromkeys(Fate, 0)
    for hair in hairs:
        number[hair.fate] += 1
    gained, lost = number[Fate.GAINED], number[Fate.LOST]
    kept = number[Fate.KEPT] + number[Fate.THICKENED] + number[Fate.THINNED]
    error = FALSE_SHARE * (kept + gained + lost) + UNCLEAR_SHARE * number[Fate.UNCLEAR]
    spread = SDS_OF_90_PER_CENT * sqrt(error + MISSED_SHARE * (gained + lost))
    change = float(gained - lost)
    return Change(
        float(kept + lost),
        float(kept + gained),
        Estimate(change, change - spread, change + spread),
        max(SDS_OF_95_PER_CENT * sqrt(error), 1.0),
    )


def _width(hairs: Iterable[ComparedHair]) -> Change | None:
    both = [
        (hair.before_um, hair.after_um)
        for hair in hairs
        if hair.before_um is not None and hair.after_um is not None
    ]
    if len(both) < FEWEST_WIDTHS:
        return None
    first, second = np.array(both).T
    steps = second - first
    mean = float(steps.mean())
    error = hypot(float(steps.std(ddof=1)) / sqrt(len(steps)), MEAN_WIDTH_RETEST_UM)
    half = SDS_OF_90_PER_CENT * error
    retest = hypot(WIDTH_RETEST_UM / sqrt(len(steps)), MEAN_WIDTH_RETEST_UM)
    return Change(
        float(first.mean()),
        float(second.mean()),
        Estimate(mean, mean - half, mean + half),
        SDS_OF_95_PER_CENT * retest,
    )


def _own_error(hair: Hair) -> float:
    """Error of a width, that of the scale with it: a change is called the more warily [µm]."""
    return hair.width_error_um or 0.0
