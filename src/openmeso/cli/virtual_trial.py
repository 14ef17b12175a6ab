"""`openmeso virtual-trial`: what a study of a plan would find in patients who do not exist."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from openmeso.cli.plan import computed
from openmeso.gateways.forecast_library import library_source
from openmeso.gateways.knowledge import KnowledgeError, load_knowledge
from openmeso.gateways.plan_json import PlanInputProblems, request_data
from openmeso.gateways.posterior import PosteriorError
from openmeso.gateways.virtual_trial import run_here
from openmeso.science.forecast.patient import check_forecastable, severity_of
from openmeso.science.forecast.patient_effect import exposures
from openmeso.science.forecast.virtual_trial import BLOCK, TrialResult, VirtualTrial
from openmeso.science.injection.reach import reach
from openmeso.terms.assessment import Sex
from openmeso.terms.forecast import ForecastInputError, NoForecast

BAD_INPUT = 2


def run(chosen: argparse.Namespace) -> int:
    """Run the trial and print it."""
    try:
        trial = trial_of(chosen)
    except NoForecast as refused:
        print(refused, file=sys.stderr)
        return 1
    except (
        KnowledgeError, PlanInputProblems, PosteriorError, ForecastInputError, OSError,
    ) as refused:  # fmt: skip
        print(refused, file=sys.stderr)
        return BAD_INPUT
    total = -(-trial.patients // BLOCK)
    found = run_here(
        trial, chosen.workers, lambda each: tqdm(each, total=total, unit="block", disable=None)
    )
    print(json.dumps(asdict(found), indent=2) if chosen.json else trial_text(found))
    return 0


def trial_of(chosen: argparse.Namespace) -> VirtualTrial:
    """The trial that was asked for; raises what :func:`run` tells in words."""
    if chosen.workers is not None and chosen.workers < 1:
        raise ForecastInputError("workers", f"expected 1 or more; got {chosen.workers}")
    knowledge, source = load_knowledge(chosen.knowledge), library_source()
    raw = sys.stdin.buffer.read() if chosen.request == "-" else Path(chosen.request).read_bytes()
    plan = computed(request_data(raw), knowledge)
    assessment = plan.request.assessment
    check_forecastable(assessment)
    return VirtualTrial(
        source=source,
        plan=plan,
        exposures=exposures(plan, reach(plan, knowledge), source.priors),
        severity=severity_of(assessment, source.priors)[0],
        female=assessment.sex is Sex.FEMALE,
        patients=chosen.patients,
        week=chosen.week,
        seed=chosen.seed,
    )


def trial_text(found: TrialResult) -> str:
    """The trial to read."""
    lines = [f"Change of hairs above 40 µm from baseline to week {found.week}, hairs/cm²"]
    lines += [
        f"  {one.name:10} {one.patients:7d} patients  mean {one.mean:+6.1f}  SD {one.sd:5.1f}"
        for one in found.arms
    ]
    lines.append(
        f"Treated less untreated: {found.difference:+.1f}"
        f" (95 % interval {found.low:+.1f} to {found.high:+.1f})"
    )
    if found.per_arm_for_80:
        lines.append(
            f"A study would need {found.per_arm_for_80} patients in each arm (80 % power)."
        )
    lines.append(
        "Virtual patients carry the model's assumptions; this is no evidence of an effect."
    )
    return "\n".join(lines)
