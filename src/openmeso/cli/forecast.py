"""`openmeso forecast`: twelve months of a patient's hair under a plan."""

import argparse
import json
import sys
from pathlib import Path

from openmeso.cli.plan import computed
from openmeso.gateways.forecast_json import forecast_to_json, read_measurements
from openmeso.gateways.forecast_library import library, library_source
from openmeso.gateways.knowledge import KnowledgeError, load_knowledge
from openmeso.gateways.plan_json import PlanInputProblems, request_data
from openmeso.gateways.posterior import PosteriorError
from openmeso.science.forecast.patient import check_forecastable, forecast, severity_of
from openmeso.science.injection.reach import reach
from openmeso.terms.assessment import Sex
from openmeso.terms.forecast import Forecast, ForecastInputError, NoForecast

BAD_INPUT = 2
WEEKS = (0, 4, 8, 13, 26, 39, 52)


def run(chosen: argparse.Namespace) -> int:
    """Forecast and print."""
    try:
        made = _forecast(chosen)
    except NoForecast as refused:
        print(refused, file=sys.stderr)
        return 1
    except (
        KnowledgeError,
        PlanInputProblems,
        PosteriorError,
        ForecastInputError,
        OSError,
    ) as refused:
        print(refused, file=sys.stderr)
        return BAD_INPUT
    if chosen.json:
        print(json.dumps(forecast_to_json(made), ensure_ascii=False, indent=2))
    else:
        print(forecast_text(made))
    return 0


def _forecast(chosen: argparse.Namespace) -> Forecast:
    measured = read_measurements(chosen.measurements) if chosen.measurements else ()
    knowledge = load_knowledge(chosen.knowledge)
    name = chosen.request
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    plan = computed(request_data(raw), knowledge)
    assessment = plan.request.assessment
    check_forecastable(assessment)
    severity, _ = severity_of(assessment, library_source().priors)
    shared = library(severity, assessment.sex is Sex.FEMALE)
    return forecast(assessment, plan, reach(plan, knowledge), shared, measured)


def forecast_text(made: Forecast) -> str:
    """The forecast to read: sentence, milestones, a table of each outcome, what it rests on."""
    lines = [made.sentence, ""]
    lines += [f"- {one.sentence}" for one in made.milestones]
    for one in made.outcomes:
        lines += ["", f"{one.label} [{one.unit}]"]
        lines.append("week   treated (50 %) (90 %)                      untreated")
        for week in WEEKS:
            band = one.treated
            lines.append(
                f"{week:4d} {_number(band.p50[week])}"
                f"  {_number(band.p25[week])} to {_number(band.p75[week])}"
                f"  {_number(band.p5[week])} to {_number(band.p95[week])}"
                f"  {_number(one.untreated.p50[week])}"
            )
    count = made.outcome("count").doubt
    lines += ["", "Doubt of the count at week 26:"]
    for name in ("counting", "patient", "parameter", "structural"):
        lines.append(f"  {name:10} {100 * getattr(count, name)[26]:3.0f} %")
    lines += ["", "What matters most to the gain at 12 months:"]
    for one_influence in made.influential:
        mark = " (assumption)" if one_influence.assumption else ""
        lines.append(f"  {100 * one_influence.share:3.0f} % {one_influence.words}{mark}")
    lines += ["", made.extrapolation.text]
    if made.update:
        lines += ["", made.update.sentence]
    lines += ["", "Assumed:"] + [f"- {one}" for one in made.assumptions]
    lines += ["", "OpenMeso is not a medical device; this is no dose advice."]
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:7.1f}" if value >= 10 else f"{value:7.2f}"
