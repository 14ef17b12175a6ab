"""`openmeso validate`: run the checks of the science and report what was observed."""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from openmeso.cli.backtest_text import backtest_data
from openmeso.cli.plan import computed
from openmeso.gateways.forecast_library import library_source
from openmeso.gateways.knowledge import KnowledgeError, load_knowledge
from openmeso.gateways.leave_one_study_out import read_left_out
from openmeso.gateways.pdf import PdfError, pdf_from_html
from openmeso.gateways.plan_json import request_data
from openmeso.gateways.posterior import POSTERIOR, PosteriorError, evidence_hashes, read_evidence
from openmeso.gateways.validation_report import error_text, report_data, report_html
from openmeso.science.forecast.calibration import Effort, joined, leave_one_study_out
from openmeso.science.forecast.library import Library, make_library
from openmeso.science.validation.check import validate
from openmeso.science.validation.material import Material
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.validation import Validation

BAD_INPUT = 2
EFFORT = Effort(300, 6)
PLAN = POSTERIOR.parent / "validation_plan.json"


def run(chosen: argparse.Namespace) -> int:
    """Run every check; 1 when one fails."""
    try:
        knowledge = load_knowledge()  # before what takes minutes
        left_out = _left_out_anew() if chosen.full else read_left_out()
        found = list(validate(_material(knowledge, left_out)))
    except (KnowledgeError, PosteriorError, OSError) as refused:
        print(refused, file=sys.stderr)
        return BAD_INPUT
    provenance = left_out["provenance"]
    try:
        if chosen.html:
            chosen.html.write_text(report_html(found, provenance))
        if chosen.pdf:
            chosen.pdf.write_bytes(pdf_from_html(report_html(found, provenance)))
    except (OSError, PdfError) as refused:
        print(refused, file=sys.stderr)
        return BAD_INPUT
    if chosen.json:
        print(json.dumps(report_data(found, provenance), ensure_ascii=False, indent=2))
    else:
        print(_text(found, provenance))
    return 0 if all(one.passed for one in found) else 1


def _material(knowledge: Knowledge, left_out: Mapping[str, Any]) -> Material:
    source = library_source()
    return Material(
        structure=source.posterior.structure,
        priors=source.posterior.priors,
        substances=knowledge.substances,
        library=_library(50, 5, 7),
        others=_library(75, 1, 11),
        plan=computed(request_data(PLAN.read_bytes()), knowledge),
        left_out=left_out,
    )


def _library(averages: int, patients: int, seed: int) -> Library:
    """Virtual men with moderate thinning, drawn apart from any other seed's."""
    source = library_source()
    value = {**source.priors.value, "draws.parameters": averages, "draws.patients": patients}
    smaller = replace(source, priors=replace(source.priors, value=value))
    return make_library(smaller, np.random.default_rng(seed), "moderate", False)


def _left_out_anew() -> dict[str, Any]:
    parts = [part for _, part in leave_one_study_out(read_evidence(), EFFORT)]
    provenance = {
        "sha256": evidence_hashes(),
        "seed": EFFORT.seed,
        "draws": EFFORT.draws,
        "thin": EFFORT.thin,
        "recomputed": True,
    }
    return {"provenance": provenance, **backtest_data(joined(parts))}


def _text(found: list[Validation], provenance: Mapping[str, Any]) -> str:
    lines = [f"{'':6} {'observed':>10} {'tolerated':>10}  check"]
    for one in found:
        mark = "pass" if one.passed else "FAILED"
        lines.append(f"{mark:6} {error_text(one):>10} {one.tolerance:10.3g}  {one.title}")
    how = "made anew" if provenance.get("recomputed") else "read from a stored run (--full: anew)"
    lines.append(f"Forecasts of studies left out: {how}.")
    failed = sum(not one.passed for one in found)
    lines.append(f"{failed} of {len(found)} checks failed." if failed else "All checks passed.")
    return "\n".join(lines)
