"""The patient's own measurements beside the forecast, and what the forecast says with them."""

from dataclasses import dataclass

from openmeso.gateways.forecast_sheet import Seen, amount, between, unit
from openmeso.services.forecast import MeasuredExpectation
from openmeso.terms.forecast import Forecast
from openmeso.terms.units import SDS_OF_90_PER_CENT


@dataclass(frozen=True, slots=True)
class MeasuredLine:
    """One measured point as text."""

    week: str
    label: str
    value: str
    interval: str
    unit: str


def seen_in(found: MeasuredExpectation) -> Seen:
    """What the charts draw of the measurements."""
    return Seen(found.measured, found.after)


def measured_context(found: MeasuredExpectation) -> dict[str, object]:
    """What was measured, and how it was taken in."""
    before = found.before.forecast
    if before is None or not found.measured:
        return {}
    return {
        "measured": [_point(before, found, n) for n in range(len(found.measured))],
        "update_words": found.words,
    }


def _point(forecast: Forecast, found: MeasuredExpectation, n: int) -> MeasuredLine:
    one = found.measured[n]
    about = forecast.outcome(one.outcome)
    half = SDS_OF_90_PER_CENT * one.sd if one.sd else 0.0
    interval = between(max(0.0, one.value - half), one.value + half) if half else "–"
    return MeasuredLine(
        f"{one.week:.1f}", about.label, amount(one.value), interval, unit(about.unit)
    )
