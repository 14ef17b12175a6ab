"""Feature: a row of a trials file as the statistical model sees it; from the design alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np

from openmeso.science.forecast.intervention import (
    CLASSES,
    Intervention,
    changed_treatment,
    dose_of,
    has_no_control,
)
from openmeso.science.forecast.prior import Priors
from openmeso.science.forecast.quantity import Kind, NotForecastable, Quantity, quantity_of
from openmeso.science.forecast.structure import (
    LAST_WEEK,
    REFERENCE_WEEK,
    WEEKS,
    Numbers,
    change,
)
from openmeso.terms.study import ArmDesign

MEASURE = {
    Kind.DENSITY: "count",
    Kind.NET: "count",
    Kind.PERCENT: "count",
    Kind.TERMINAL: "terminal",
    Kind.WEIGHT: "weight",
    Kind.TV: "log_tv",
    Kind.TERMINAL_SHARE: "log_tv",
}
NOISE = {
    Kind.DENSITY: "density",
    Kind.NET: "net",
    Kind.PERCENT: "percent",
    Kind.TERMINAL: "terminal",
    Kind.WEIGHT: "weight",
    Kind.TV: "log_tv",
    Kind.TERMINAL_SHARE: "log_tv",
}
LINKS = ("terminal", "weight", "log_tv")
"""Measures whose size against the count is learnt: a factor around the hair-cycle model's."""


@dataclass(frozen=True, slots=True)
class Feature:
    """Weights of the model's coefficients for one row, in its latent unit.

    The latent change is ``link * (drift @ coefficients + dose * effect @ coefficients)``; it is in
    the unit of the kind, except that terminal:vellus kinds are ln ratio. ``spread`` turns study and
    arm deviations [hairs/cm²] into it. ``noise_sd`` is measurement and sampling.
    """

    quantity: Quantity
    intervention_class: str
    drift: Mapping[str, float]
    effect: Mapping[str, float]
    dose_name: str
    dose: float | None
    link: str
    spread: float
    noise_sd: float
    tv_baseline: float
    assumed: tuple[str, ...]


def feature_of(design: ArmDesign, structure: Numbers, priors: Priors) -> Feature:
    """The feature of a row; raises :class:`NotForecastable` with the reason."""
    quantity = quantity_of(design)
    if design.intervention_class not in CLASSES:
        raise NotForecastable(f"intervention class {design.intervention_class!r} is not known")
    week, n_arm, assumed = _stated(design, priors)
    if changed_treatment(design, week):
        raise NotForecastable("the arm had changed its treatment by then")
    female = female_share(design.population_sex)
    kind, chosen = quantity.kind, CLASSES[design.intervention_class]
    unit = _unit_per_hair(kind, priors)
    noise = priors.measurement[NOISE[kind]]
    return Feature(
        quantity=quantity,
        intervention_class=design.intervention_class,
        drift={} if kind is Kind.NET else _drift(design, week, n_arm, structure, priors),
        effect=_effect(chosen, design, unit * _course(chosen, kind, week, structure)),
        dose_name=chosen.dose,
        dose=dose_of(design),
        link=MEASURE[kind] if MEASURE[kind] in LINKS else "",
        spread=unit * _course(chosen, kind, REFERENCE_WEEK, structure),
        noise_sd=sqrt(noise[0] ** 2 + noise[1] ** 2 / n_arm),
        tv_baseline=exp(
            (1 - female) * log(priors.baseline["tv_male"])
            + female * log(priors.baseline["tv_female"])
        ),
        assumed=assumed,
    )


def _stated(design: ArmDesign, priors: Priors) -> tuple[float, float, tuple[str, ...]]:
    """Week and arm size, and what had to be assumed for want of them."""
    assumed = []
    week, n_arm = design.followup_week, design.n_arm
    if week is None:
        week = priors.fixed["unknown_week"]
        assumed.append(f"week {week:g}")
    if n_arm is None:
        assumed.append(f"{priors.fixed['unknown_n']:g} patients in the arm")
    if week > LAST_WEEK:
        raise NotForecastable(f"week {week:g} is beyond the {LAST_WEEK:g} weeks of the model")
    return week, float(n_arm or priors.fixed["unknown_n"]), tuple(assumed)


def _unit_per_hair(kind: Kind, priors: Priors) -> float:
    """What one hair/cm² of count is in the unit of the kind, before the measure's own course."""
    if MEASURE[kind] == "log_tv":
        return 1 / priors.baseline["density"]
    return 100 / priors.baseline["density"] if kind in (Kind.PERCENT, Kind.WEIGHT) else 1.0


def _course(chosen: Intervention, kind: Kind, week: float, structure: Numbers) -> float:
    """Net course of the measure at this week, over that of the count at the reference week."""
    drug = "finasteride" if chosen.mechanism == "inhibitor" else "minoxidil"
    if MEASURE[kind] == "log_tv":
        drug = "finasteride"  # the modelled minoxidil arm first shows thin hairs; no trial saw that
    course = change(structure, drug, MEASURE[kind]) - change(structure, "none", MEASURE[kind])
    count = change(structure, drug, "count") - change(structure, "none", "count")
    return float(np.interp(week, WEEKS, course) / np.interp(REFERENCE_WEEK, WEEKS, count))


def _effect(chosen: Intervention, design: ArmDesign, size: float) -> dict[str, float]:
    weights: dict[str, float] = {}
    if chosen.mechanism != "none":
        weights = {"any_active": size, f"mechanism:{chosen.mechanism}": size}
    if chosen.needling:
        weights["needling"] = size
    if weights:
        weights[f"class:{design.intervention_class}"] = size
    return weights


def _drift(
    design: ArmDesign, week: float, n_arm: float, structure: Numbers, priors: Priors
) -> dict[str, float]:
    """What happens without the drug: response to being in a trial, and untreated decline."""
    kind, chosen = quantity_of(design).kind, CLASSES[design.intervention_class]
    female = female_share(design.population_sex)
    unit = _unit_per_hair(kind, priors)
    onset = 1 - exp(-week / priors.fixed["onset_weeks"])
    size = onset * unit * _course(chosen, kind, REFERENCE_WEEK, structure)
    decline = np.interp(week, WEEKS, change(structure, "none", MEASURE[kind]))
    slower = 1 - female * (1 - priors.fixed["female_decline"])
    return {
        "placebo": size * (design.intervention_class != "control_untreated"),
        "female": size * female,
        "local": size * chosen.local * ("oral" not in design.intervention.lower()),
        "uncontrolled": size * has_no_control(design),
        "small_study": size * (sqrt(priors.fixed["unknown_n"] / n_arm) - 1),
        "decline": float(decline) * slower * unit * priors.baseline["density"],
    }


def female_share(population_sex: str) -> float:
    """Share of women from "M", "F", "M+F" or counts such as "5 M, 27 F"; a half when unknown."""
    counts = {sex: float(n) for n, sex in re.findall(r"(\d+)\s*([MF])\b", population_sex)}
    if counts:
        return counts.get("F", 0.0) / sum(counts.values())
    return {"M": 0.0, "F": 1.0}.get(population_sex.strip(), 0.5)
