"""Forecasts of studies left out, kept as an artefact with the hashes of what they came from."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openmeso import __version__
from openmeso.gateways.posterior import POSTERIOR, PosteriorError, evidence_hashes
from openmeso.science.forecast.calibration import Effort

SCHEMA = 1
LEFT_OUT = POSTERIOR.parent / "leave_one_study_out.json"


def write_left_out(found: Mapping[str, Any], effort: Effort, path: Path = LEFT_OUT) -> None:
    """Write scores and rows; the same evidence and seed give the same bytes."""
    provenance = {
        "openmeso": __version__,
        "sha256": evidence_hashes(),
        "seed": effort.seed,
        "draws": effort.draws,
        "thin": effort.thin,
        "command": "openmeso calibrate --leave-one-study-out --out FILE",
    }
    data = {"schema": SCHEMA, "provenance": provenance, **found}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def read_left_out(path: Path = LEFT_OUT) -> dict[str, Any]:
    """The artefact; :class:`PosteriorError` when missing or made from other evidence."""
    again = f"run openmeso calibrate --leave-one-study-out --out {path.name}"
    try:
        data: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise PosteriorError(f"{path.name} cannot be read: {again}") from error
    if data.get("schema") != SCHEMA or data["provenance"]["sha256"] != evidence_hashes():
        raise PosteriorError(f"{path.name} was made from other evidence: {again}")
    return data
