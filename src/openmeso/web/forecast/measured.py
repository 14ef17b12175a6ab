"""The patient's own measurements beside the forecast, and what the forecast says with them."""

from dataclasses import dataclass

from openmeso.gateways.forecast_sheet import amount, between, unit
from openmeso.services.forecast import MeasuredExpectation
from openmeso.terms.forecast import Forecast
from openmeso.terms.units import SDS_OF_90_PER_CENT

SHOWN_WEEKS = (12, 26, 52)


@dataclass(frozen=True, slots=True)
class MeasuredLine:
    """One measured point as text."""

    week: str
    label: str
    value: str
    interval: str
    unit: str


@dataclass(frozen=True, slots=True)
class UpdatedLine:
    """A week of the count: the first forecast and the updated one."""

    week: int
    before: str
    after: str


def measured_context(found: MeasuredExpectation) -> dict[str, object]:
    """What was measured, the forecast before and after it, and how it was taken in."""
    before, after = found.before.forecast, found.after
    if before is None or not found.measured:
        return {}
    return {
        "measured": [_point(before, found, n) for n in range(len(found.measured))],
        "update_words": found.words,
        "updated_lines": [_week(before, after, week) for week in SHOWN_WEEKS] if after else [],
    }


def _point(forecast: Forecast, found: MeasuredExpectation, n: int) -> MeasuredLine:
    one = found.measured[n]
    about = forecast.outcome(one.outcome)
    half = SDS_OF_90_PER_CENT * one.sd if one.sd else 0.0
    interval = between(max(0.0, one.value - half), one.value + half) if half else "–"
    return MeasuredLine(
        f"{one.week:.1f}", about.label, amount(one.value), interval, unit(about.unit)
    )


def _week(before: Forecast, after: Forecast, week: int) -> UpdatedLine:
    return UpdatedLine(week, _said(before, week), _said(after, week))


def _said(forecast: Forecast, week: int) -> str:
    at = forecast.weeks.index(week)
    band = forecast.outcome("count").treated
    return f"{amount(band.p50[at])} ({between(band.p5[at], band.p95[at])})"
