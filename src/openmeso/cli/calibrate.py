"""`openmeso calibrate`: learn from the published trials and write the posterior."""

import argparse
import sys
from pathlib import Path

from openmeso.cli.backtest_text import backtest_data, backtest_text
from openmeso.gateways.knowledge import KnowledgeError
from openmeso.gateways.leave_one_study_out import write_left_out
from openmeso.gateways.posterior import POSTERIOR, read_evidence, write_posterior
from openmeso.science.forecast.backtest import Backtest
from openmeso.science.forecast.calibration import (
    Calibration,
    Effort,
    Evidence,
    calibrate,
    joined,
    leave_one_study_out,
)


def run(chosen: argparse.Namespace) -> int:
    """Calibrate, or say how calibrations do on the studies that they never saw."""
    try:
        evidence = read_evidence()
    except (KnowledgeError, OSError) as refused:
        print(refused, file=sys.stderr)
        return 2
    effort = Effort(chosen.draws, chosen.thin, chosen.seed)
    if chosen.leave_one_study_out:
        return _leave_one_study_out(evidence, effort, chosen.out)
    made = calibrate(evidence, effort)
    path = chosen.out or POSTERIOR
    write_posterior(made, effort, path)
    print(_report(made))
    print(f"Written: {path}")
    return 0


def _leave_one_study_out(evidence: Evidence, effort: Effort, out: Path | None) -> int:
    parts: list[Backtest] = []
    for study, part in leave_one_study_out(evidence, effort):
        print(f"{len(parts) + 1:3d}  {study}", file=sys.stderr)
        parts.append(part)
    whole = joined(parts)
    if out:
        write_left_out(backtest_data(whole), effort, out)
    print(backtest_text(whole))
    return 0


def _report(made: Calibration) -> str:
    """The fit against the published means, and what the trials say nothing about."""
    lines = [f"{'Hair-cycle target':40} published  model     z"]
    for name, published, model, z in made.follicles.misfit:
        lines.append(f"{name:40} {published:9.3f} {model:6.3f} {z:5.1f}")
    lines.append("\nHair-cycle parameters, and by how much the trials narrowed the prior:")
    informed = dict(made.follicles.informed)
    for name, value in made.follicles.parameters:
        lines.append(f"{name:40} {value:9.3g} {100 * informed.get(name, 0):5.0f} %")
    draws = made.posterior.draws
    lines.append("\nStudy model: mean and SD")
    for name, column in zip(draws.names, draws.values.T, strict=True):
        lines.append(f"{name:40} {column.mean():9.2f} {column.std():6.2f}")
    lowest = sorted(made.study_weight.items(), key=lambda one: one[1])[:5]
    lines.append("\nStudies the others support least (weight; 1 is like the others):")
    lines += [f"{name:40} {weight:9.2f}" for name, weight in lowest]
    return "\n".join(lines)
