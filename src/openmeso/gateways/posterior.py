"""Posterior: priors read from their file, and the calibrated posterior as a versioned artefact."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from openmeso import __version__
from openmeso.gateways.knowledge import FOLDER
from openmeso.gateways.trials import TARGETS, TRIALS, read_targets, read_trials
from openmeso.science.forecast.calibration import Calibration, Effort, Evidence
from openmeso.science.forecast.fit import Draws
from openmeso.science.forecast.forecast import Posterior
from openmeso.science.forecast.prior import Priors
from openmeso.science.forecast.structure import numbers

SCHEMA = 1
POSTERIOR = FOLDER / "posterior" / "trials.json"
RELATED = FOLDER / "posterior" / "related_studies.toml"
PRIORS = FOLDER / "posterior" / "priors.toml"
_SIGNIFICANT = 5


class PosteriorError(ValueError):
    """The artefact cannot be used; the message says why and what to do."""


def read_priors(path: Path = PRIORS) -> Priors:
    """The priors of the forecast."""
    data = tomllib.loads(path.read_text())
    return Priors(
        follicle=_pairs(data["follicle"], "middle", "log_sd"),
        dose=_pairs(data["dose"], "middle", "log_sd"),
        effect=_pairs(data["effect"], "middle", "sd"),
        measurement=_pairs(data["measurement"], "floor", "patient_sd"),
        spread=_singles(data["spread"], "scale"),
        fixed=_singles(data["fixed"], "value"),
        baseline=_singles(data["baseline"], "value"),
    )


def _pairs(table: Mapping[str, Any], first: str, second: str) -> dict[str, tuple[float, float]]:
    return {name: (float(one[first]), float(one[second])) for name, one in table.items()}


def _singles(table: Mapping[str, Any], key: str) -> dict[str, float]:
    return {name: float(one[key]) for name, one in table.items()}


def read_evidence() -> Evidence:
    """What OpenMeso's own calibration learns from."""
    groups = tomllib.loads(RELATED.read_text())["group"]
    related = tuple(frozenset(map(str, group["studies"])) for group in groups)
    return Evidence(read_trials(), read_targets(), read_priors(), related)


def evidence_hashes() -> dict[str, str]:
    """SHA-256 of each file that a calibration learns from."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (TRIALS, TARGETS, PRIORS)
    }


def write_posterior(made: Calibration, effort: Effort, path: Path = POSTERIOR) -> None:
    """Write the artefact; the same calibration gives the same bytes."""
    draws = made.posterior.draws
    data = {
        "schema": SCHEMA,
        "provenance": {
            "openmeso": __version__,
            "sha256": evidence_hashes(),
            "seed": effort.seed,
            "draws": effort.draws,
            "thin": effort.thin,
            "command": "openmeso calibrate",
        },
        "hair_cycle": {
            name: {"value": _short(value), "informed": _short(dict(made.follicles.informed)[name])}
            if name in dict(made.follicles.informed)
            else {"value": _short(value), "informed": 0.0}
            for name, value in made.follicles.parameters
        },
        "hair_cycle_targets": [
            {"name": n, "published": v, "model": _short(p), "z": round(z, 2)}
            for n, v, p, z in made.follicles.misfit
        ],
        "summary": {
            name: {"mean": _short(column.mean()), "sd": _short(column.std())}
            for name, column in zip(draws.names, draws.values.T, strict=True)
        },
        "study_weight": {name: round(weight, 2) for name, weight in made.study_weight.items()},
        "studies": list(made.posterior.studies),
        "names": list(draws.names),
        "draws": [[_short(value) for value in row] for row in draws.values],
    }
    text = json.dumps(data, indent=1, sort_keys=False)
    path.write_text(_one_line_per_draw(text) + "\n")


def read_posterior(path: Path = POSTERIOR) -> tuple[Posterior, Mapping[str, Any]]:
    """The posterior and its provenance.

    Raises :class:`PosteriorError` when it is missing, of another schema, or made from other
    evidence than the present files.
    """
    try:
        data = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise PosteriorError(f"{path.name} cannot be read: run openmeso calibrate") from error
    if data.get("schema") != SCHEMA:
        raise PosteriorError(f"{path.name} has another schema: run openmeso calibrate")
    old = [
        name for name, is_ in evidence_hashes().items() if data["provenance"]["sha256"][name] != is_
    ]
    if old:
        raise PosteriorError(
            f"{path.name} was made before {', '.join(old)} changed: run openmeso calibrate"
        )
    structure = numbers({name: one["value"] for name, one in data["hair_cycle"].items()})
    draws = Draws(tuple(data["names"]), np.array(data["draws"], dtype=float))
    posterior = Posterior(structure, draws, read_priors(), tuple(data["studies"]))
    return posterior, data["provenance"]


def _short(value: float) -> float:
    return float(f"{value:.{_SIGNIFICANT}g}")


def _one_line_per_draw(text: str) -> str:
    """Put each draw on one line: a changed posterior then reads as such in a diff."""
    head, mark, tail = text.partition('"draws": [\n')
    rows = json.loads("[" + tail.rstrip().removesuffix("}").rstrip())
    return head + mark + ",\n".join("  " + json.dumps(row) for row in rows) + "\n ]\n}"
