"""Forecast library: its assumptions read from their file, and libraries kept once made."""

import json
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from openmeso.gateways.posterior import POSTERIOR, read_posterior
from openmeso.science.forecast.library import Library, Source, make_library
from openmeso.science.forecast.library_prior import Borrowed, Delivery, PatientPriors, Regrowth

PATIENT = POSTERIOR.parent / "patient.toml"
_KEPT = 6


def read_patient_priors(path: Path = PATIENT) -> PatientPriors:
    """The assumptions of a patient's forecast."""
    data = tomllib.loads(path.read_text())
    singles = ("measurement", "draws", "update", "milestone")
    value = {
        f"{table}.{name}": float(one["value"])
        for table in singles
        for name, one in _items(data, table)
    }
    value |= {f"responder.{name}": float(one["value"]) for name, one in _items(data, "responder")}
    return PatientPriors(
        patient={name: float(one["log_sd"]) for name, one in _items(data, "patient")},
        severity={name: float(one["history"]) for name, one in _items(data, "severity")},
        grade={name: _grades(one) for name, one in _items(data, "grade")},
        regrowth={
            name: Regrowth(one["words"], one["exponent"], float(one["p_up"]))
            for name, one in _items(data, "regrowth")
        },
        delivery={name: _delivery(one) for name, one in _items(data, "delivery")},
        ingredient={name: Borrowed(**one) for name, one in _items(data, "ingredient")},
        effect={
            name: (float(one["middle"]), float(one["sd"])) for name, one in _items(data, "effect")
        },
        method_cv={name: float(one["cv"]) for name, one in _items(data, "method")},
        value=value,
        devices=tuple(data["needling"]["devices"]),
    )


def _items(data: Mapping[str, Any], table: str) -> list[tuple[str, Any]]:
    return list(data[table].items())


def _grades(one: Mapping[str, Any]) -> dict[str, str]:
    return {
        grade: severity
        for severity, grades in one.items()
        if severity != "basis"
        for grade in grades
    }


def _delivery(one: Mapping[str, Any]) -> Delivery:
    return Delivery(
        one["words"],
        tuple((float(share), float(exposure)) for share, exposure in one["strata"]),
        float(one["outlasts_weeks"]),
        float(one["usual_interval_days"]),
        one["basis"],
    )


@lru_cache(maxsize=1)
def library_source() -> Source:
    """Posterior and assumptions; raises :class:`PosteriorError` when the posterior is stale."""
    posterior, _ = read_posterior()
    cycle = json.loads(POSTERIOR.read_text())["hair_cycle"]
    log_sd = {
        name: sd * (1 - float(cycle[name]["informed"]))
        for name, (_, sd) in posterior.priors.follicle.items()
    }
    return Source(posterior, read_patient_priors(), log_sd)


@lru_cache(maxsize=_KEPT)
def library(severity: str, female: bool) -> Library:
    """The shared library of a severity and sex, made once in a process."""
    source = library_source()
    random = np.random.default_rng(int(source.priors.value["draws.seed"]))
    return make_library(source, random, severity, female)
