"""Decision: forecast and measurement of a course side by side, and what to consider.

No clinical rule stands behind the advice; it is a proposal and says so (science/planning/decision).
"""

from dataclasses import dataclass

import numpy as np

from openmeso.science.planning.decision import advise, response_of
from openmeso.services import adverse_event as events
from openmeso.services import forecast as forecasts
from openmeso.services.course import Progress
from openmeso.services.knowledge import knowledge
from openmeso.services.measurement_outcome import measured_outcomes
from openmeso.terms.course import Advice, ExpectedChange, Response
from openmeso.terms.forecast import MeasuredOutcome
from openmeso.terms.units import DAYS_PER_WEEK

# Assumption: hair is judged at three and six months where the protocol names no week.
USUAL_WEEKS = (12, 24)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is known in this week, and the advice; either side may be missing."""

    week: int
    weeks: tuple[int, ...]
    expected: ExpectedChange | None
    no_forecast: str
    measured: Response | None
    is_typed: bool
    advice: Advice


def week_of(standing: Progress) -> int:
    """Full weeks since the first session, or since it was planned to be."""
    first = standing.given[0][1] if standing.given else standing.plan.choice.start_on
    return max((standing.on - first).days // DAYS_PER_WEEK, 0)


def weeks_of(standing: Progress) -> tuple[int, ...]:
    """The decision visits: the protocol's own assessment weeks, else the usual ones."""
    known = {one.id: one for one in standing.plan.request.setting.protocols}
    protocols = {**knowledge().protocols, **known}
    chosen = protocols.get(standing.plan.choice.protocol)
    weeks = tuple(week for week in chosen.assessment_weeks if week > 0) if chosen else ()
    return weeks or USUAL_WEEKS


def of_course(standing: Progress, typed: Response | None = None) -> Decision:
    """Advice in this week; ``typed`` is a change read elsewhere, and goes before what is on record.

    The caller has opened the patient already.
    """
    week, weeks = week_of(standing), weeks_of(standing)
    measured = typed or _measured(standing)
    expected, no_forecast = _expected(standing, week)
    return Decision(
        week=week,
        weeks=weeks,
        expected=expected,
        no_forecast=no_forecast,
        measured=measured,
        is_typed=typed is not None,
        advice=advise(week, weeks[0], measured, expected, red_flags=_red_flags(standing)),
    )


def _measured(standing: Progress) -> Response | None:
    """The change of the spot that the forecast follows, from the patient's accepted measurements."""
    from openmeso.gateways.forecast_library import read_patient_priors

    outcomes = measured_outcomes(standing.course.patient, standing.plan)
    if not outcomes:
        return None
    priors = read_patient_priors()
    field_cm2 = priors.value["measurement.field_cm2"]

    def usual_sd(count: MeasuredOutcome) -> float:
        cv = priors.method_cv[count.method]
        return float(np.hypot(cv * count.value, np.sqrt(count.value / field_cm2)))

    return response_of(outcomes, usual_sd)


def _red_flags(standing: Progress) -> tuple[str, ...]:
    """What open reactions of the patient say against going on: red flags, and serious ones."""
    found = events.open_of(standing.course.patient)
    flags = [flag.id for one in found for flag in one.red_flags]
    serious = [f"serious:{one.state.term}" for one in found if one.state.is_serious]
    return tuple(dict.fromkeys([*flags, *serious]))


def _expected(standing: Progress, week: int) -> tuple[ExpectedChange | None, str]:
    """The forecast change from the start in a week, between the forecast's own weeks."""
    expectation = forecasts.expected_of(standing.plan)
    if expectation.gain is None or expectation.forecast is None:
        return None, expectation.no_forecast or expectation.no_reach
    band, weeks = expectation.gain.treated, expectation.forecast.weeks
    low, middle, high = (
        float(np.interp(week, weeks, values)) for values in (band.p5, band.p50, band.p95)
    )
    return ExpectedChange(mean=middle, low90=low, high90=high, week=week), ""
