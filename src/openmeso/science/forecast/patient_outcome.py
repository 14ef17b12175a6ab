"""Outcomes of each virtual patient from the readings, and how precisely each is measured."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openmeso.science.forecast.library import Library, tv_per_count
from openmeso.science.forecast.library_course import READINGS, Array, Single

SHED_AREA_CM2 = 100.0
LABELS = {
    "count": ("Hairs above 40 µm", "hairs/cm2"),
    "terminal": ("Terminal hairs", "hairs/cm2"),
    "mean_diameter": ("Mean hair diameter", "um"),
    "tv_ratio": ("Terminal to vellus", "ratio"),
    "anagen": ("Growing hairs", "%"),
    "shedding": ("Hairs shed", "hairs/day/100 cm2"),
    "growth_mass": ("Hair mass grown", "% of the start"),
}
"""Label and unit of each outcome, in the order of the library's counting numbers."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Values by outcome, each as (week, draw)."""

    value: Mapping[str, Single]


def outcomes(readings: Single, library: Library) -> Outcomes:
    """Outcomes from treated, or untreated, readings.

    The ratio terminal:vellus starts at the patient's own and follows the modelled untreated
    course; a gain of count moves it as it does under an inhibitor, within the doubt of that link.
    """
    read = dict(zip(READINGS, readings, strict=True))
    base = dict(zip(READINGS, library.untreated, strict=True))
    per_cm2 = library.own["follicles"].astype(np.float32)
    found = densities(read, library)
    thick = np.maximum(read["thick"], 1e-6)
    start = np.maximum(base["thick"][0], 1e-6)
    return Outcomes(
        {
            "count": found["count"],
            "terminal": per_cm2 * read["terminal"],
            "mean_diameter": read["width"] / thick,
            "tv_ratio": _tv_ratio(base, (read["thick"] - base["thick"]) / start, library),
            "anagen": np.clip(100 * read["thick_anagen"] / thick, 0.0, 100.0),
            "shedding": found["shedding"],
            "growth_mass": 100 * read["grown"] / np.maximum(base["grown"][0], 1e-6),
        }
    )


def densities(read: Mapping[str, Single], library: Library) -> dict[str, Single]:
    """The count, and the shedding, from the readings of that name."""
    per_cm2 = library.own["follicles"].astype(np.float32)
    return {
        "count": per_cm2 * read["thick"],
        "shedding": SHED_AREA_CM2 * per_cm2 * read["shed"],
    }


def _tv_ratio(base: Mapping[str, Single], gain: Single, library: Library) -> Single:
    prior = library.source.posterior.priors
    ratio = base["thick"] / np.maximum(base["vellus"], 1e-6)
    link = tv_per_count(library.source.posterior) * np.exp(
        prior.fixed["link_log_sd"] * library.effects.column("phi:log_tv")
    )
    log = np.log(np.maximum(ratio / np.maximum(ratio[0], 1e-6), 1e-6)) + link * gain
    most = np.log(prior.fixed["most_tv_fold"])
    found: Single = (library.own["tv_ratio"] * np.exp(np.clip(log, -most, most))).astype(np.float32)
    return found


def counting_sd(name: str, value: Array, count: Array, library: Library, method: str) -> Array:
    """Standard deviation of one measurement of an outcome, chance of the field included.

    ``count`` is the hairs/cm² that the measurement rests on. Counts are binomial in the field's
    follicles; a method adds its coefficient of variation.
    """
    given = library.source.priors.value
    field = given["measurement.field_cm2"]
    cv = library.source.priors.method_cv[method]
    hairs = np.maximum(count * field, 1.0)
    if name in ("count", "terminal"):
        visible = np.clip(value / library.own["follicles"], 0.0, 1.0)
        found: Array = np.sqrt(value * (1 - visible) / field + (cv * value) ** 2)
        return found
    if name == "mean_diameter":
        spread = given["measurement.hair_diameter_sd_um"] ** 2 / hairs
        return np.sqrt(spread + (given["measurement.diameter_cv"] * value) ** 2)
    if name == "tv_ratio":
        chance = (1 + value) ** 2 / np.maximum(value, 1e-3) / hairs
        return np.asarray(value * np.sqrt(chance + given["measurement.tv_log_sd"] ** 2))
    if name == "anagen":
        chance = value * (100 - value) / hairs
        return np.sqrt(chance + (given["measurement.anagen_cv"] * value) ** 2)
    if name == "shedding":
        return np.sqrt(value + (given["measurement.shed_cv"] * value) ** 2)
    return np.asarray(value * np.sqrt(1 / hairs + given["measurement.mass_cv"] ** 2))
