"""Numbers of a field whose hairs were corrected by hand, with the error of such a count."""

from math import sqrt

from openmeso.terms.trichoscopy import Estimate, FieldSummary, Hair, MeasureSetting
from openmeso.terms.units import SDS_OF_90_PER_CENT

CORRECTED_CV = 0.08
"""Coefficient of variation of a count corrected by hand: 7-9 % (Bokhari 2022, abstract), as in
``knowledge/posterior/patient.toml``."""
LEAST_MEASURED = 10
"""Fewer hairs of measured width than this tell nothing of a distribution: an assumption."""
UM_PER_MM = 1000.0


def corrected_summary(
    hairs: tuple[Hair, ...], area_cm2: float | None, setting: MeasureSetting
) -> FieldSummary:
    """Count, densities and widths; the interval of a count is that of counting by hand.

    Shares of classes come from the counted hairs whose width was measured, and stand for the
    others; without a scale, or with fewer than ten of them, they are None.
    """
    counted = [hair for hair in hairs if hair.counted]
    n = len(counted)
    widths = [hair.width_um for hair in counted if hair.width_um is not None]
    summary = FieldSummary(
        count=_spread(n, CORRECTED_CV * n),
        counted_hairs=n,
        area_cm2=area_cm2,
        measured_width_share=len(widths) / n if n else None,
        hairs_per_unit=_per_unit(counted),
    )
    if area_cm2 is None:
        return summary
    density = n / area_cm2
    units = len({hair.unit for hair in counted if hair.unit >= 0})
    extra = _by_width(counted, widths, density, setting) if len(widths) >= LEAST_MEASURED else {}
    return FieldSummary(
        count=summary.count,
        counted_hairs=n,
        area_cm2=area_cm2,
        density_cm2=_spread(density, CORRECTED_CV * density),
        unit_density_cm2=_spread(units / area_cm2, CORRECTED_CV * units / area_cm2),
        hairs_per_unit=summary.hairs_per_unit,
        measured_width_share=summary.measured_width_share,
        **extra,  # type: ignore[arg-type]
    )


def _by_width(
    counted: list[Hair], widths: list[float], density: float, setting: MeasureSetting
) -> dict[str, Estimate | float | int | None]:
    """What the widths add: classes, mean, spread, thickness."""
    m = len(widths)
    mean = sum(widths) / m
    sd = sqrt(sum((one - mean) ** 2 for one in widths) / (m - 1))
    terminal = sum(one >= setting.terminal_from_um for one in widths)
    vellus = sum(one < setting.vellus_below_um for one in widths)
    thickness = density * mean / UM_PER_MM
    lengths = [hair.length_mm for hair in counted if hair.length_mm is not None]
    return {
        "terminal_density_cm2": _share_of(density, terminal / m, m),
        "vellus_density_cm2": _share_of(density, vellus / m, m),
        "mean_width_um": _spread(mean, sd / sqrt(m)),
        "width_sd_um": sd,
        "terminal_to_vellus": _ratio(terminal, vellus),
        "cumulative_thickness_mm_cm2": _spread(thickness, CORRECTED_CV * thickness),
        "diameter_diversity": _share_of(1.0, 1 - terminal / m, m, cv=0.0),
        "short_hairs": sum(one < setting.short_below_mm for one in lengths),
    }


def _spread(value: float, sd: float) -> Estimate:
    half = SDS_OF_90_PER_CENT * sd
    return Estimate(value, max(0.0, value - half), value + half)


def _share_of(whole: float, share: float, m: int, cv: float = CORRECTED_CV) -> Estimate:
    """A share of a count: the count's own error, and that of a share seen in ``m`` hairs."""
    sampled = share * (1 - share) / m
    return _spread(whole * share, whole * sqrt((cv * share) ** 2 + sampled))


def _ratio(above: int, below: int) -> Estimate | None:
    """Terminal to vellus; None without a vellus hair, for then it has no upper end."""
    if not above or not below:
        return None
    value = above / below
    log_sd = sqrt(1 / above + 1 / below)
    return _spread(value, value * log_sd)


def _per_unit(counted: list[Hair]) -> Estimate | None:
    units: dict[int, int] = {}
    for hair in counted:
        if hair.unit >= 0:
            units[hair.unit] = units.get(hair.unit, 0) + 1
    k = len(units)
    if k < 2:
        return None
    mean = sum(units.values()) / k
    sd = sqrt(sum((one - mean) ** 2 for one in units.values()) / (k - 1) / k)
    return Estimate(mean, max(1.0, mean - SDS_OF_90_PER_CENT * sd), mean + SDS_OF_90_PER_CENT * sd)
