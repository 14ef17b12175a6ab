"""The forecast against virtual patients drawn apart, studies left out and published plateaus."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from openmeso.science.forecast.library import Library
from openmeso.science.forecast.patient_effect import drives, exposures, stop_weeks, treated
from openmeso.science.forecast.patient_outcome import counting_sd, outcomes
from openmeso.science.forecast.update import log_likelihood, weigh
from openmeso.science.injection.inactivation import mean_inhibition, nm_from_ng_ml
from openmeso.science.validation import caserini_2014, drake_1999
from openmeso.science.validation.material import Material
from openmeso.terms.forecast import MeasuredOutcome
from openmeso.terms.plan import Plan
from openmeso.terms.provenance import Quantity
from openmeso.terms.validation import Figure, Finding, Line

Floats = NDArray[np.float64]

VISITS = (0, 8, 16, 24, 36)
_YEAR = 52
_BINS = 10
_ENOUGH = 20
COVERED = (0.80, 0.97)
"""Shares of outcomes that a 90 % band may cover: the goal of the leave-one-study-out run."""


def _values(plan: Plan, library: Library) -> Mapping[str, Any]:
    exposed = exposures(plan, None, library.source.priors)
    readings = treated(drives(plan, exposed, library), stop_weeks(plan, library), library)
    return outcomes(readings, library).value


def simulation_based_calibration(material: Material) -> Finding:
    """Ranks of true counts at a year in forecasts from five counts: all must be as frequent."""
    known, library = _values(material.plan, material.library), material.library
    truths, others = _values(material.plan, material.others), material.others
    random = np.random.default_rng(5)
    sd = {
        week: counting_sd(
            "count", truths["count"][week], truths["count"][week], others, "corrected"
        )
        for week in VISITS
    }
    ranks = []
    for i in range(others.size):
        visits = [
            MeasuredOutcome(
                week,
                "count",
                max(0.0, truths["count"][week, i] + sd[week][i] * random.standard_normal()),
                method="corrected",
            )
            for week in VISITS
        ]
        weights, _ = weigh(log_likelihood(visits, known, library), 100, 0.7)
        below = known["count"][_YEAR] < truths["count"][_YEAR, i]
        ranks.append(float(weights[below].sum()))
    return _uniform(np.array(ranks))


def _uniform(ranks: Floats) -> Finding:
    counts, edges = np.histogram(ranks, bins=_BINS, range=(0.0, 1.0))
    expected = len(ranks) / _BINS
    band = stats.binom(len(ranks), 1.0 / _BINS).ppf([0.005, 0.995])
    covered = float(np.mean((ranks > 0.05) & (ranks < 0.95)))
    middle = tuple(map(float, (edges[1:] + edges[:-1]) / 2))
    return Finding(
        float(((counts - expected) ** 2 / expected).sum()),
        f"{len(ranks)} virtual patients, five counts each; 90 % bands cover {covered:.1%}",
        Figure(
            "rank of the truth in its forecast",
            "patients in a tenth",
            (
                Line("found", middle, tuple(map(float, counts)), True),
                Line("expected", (0.0, 1.0), (expected, expected)),
                Line("99 % range, low", (0.0, 1.0), (float(band[0]),) * 2),
                Line("99 % range, high", (0.0, 1.0), (float(band[1]),) * 2),
            ),
        ),
    )


def _left_out(material: Material) -> list[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = material.left_out["rows"]
    return [row for row in rows if row["family"] == "density" and row["observed"] is not None]


def left_out_error(material: Material) -> Finding:
    """Mean error of studies left out, as a part of the better naive forecaster's."""
    found, rows = material.left_out, _left_out(material)
    naive = min(found["naive_zero_mae"], found["naive_class_mae"])
    seen = tuple(float(row["observed"]) for row in rows)
    ends = (min(seen), max(seen))
    return Finding(
        float(found["mae"] / naive),
        f"mean error {found['mae']:.1f} hairs/cm²; no change {found['naive_zero_mae']:.1f},"
        f" class mean {found['naive_class_mae']:.1f}; {found['n']} rows",
        Figure(
            "forecast change, hairs/cm²",
            "published change, hairs/cm²",
            (
                Line("equal", ends, ends),
                Line("rows", tuple(float(row["predicted"]) for row in rows), seen, True),
            ),
        ),
        _families(found["families"]),
    )


def _families(families: Mapping[str, Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    """Every family of outcomes, those too in which the forecast falls short."""
    head = ("family", "rows", "mean error", "no change", "class mean", "90 % covers", "CRPS",
            "class CRPS", "falls short in")  # fmt: skip
    return (head, *(_family(name, one) for name, one in families.items() if one["n"]))


def _family(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    short = [
        what
        for what, is_short in (
            ("error", one["mae"] > min(one["naive_zero_mae"], one["naive_class_mae"])),
            ("narrow bands", one["coverage_90"] < COVERED[0]),
            # of few rows a 90 % band may well cover every one
            ("wide bands", one["n"] >= _ENOUGH and one["coverage_90"] > COVERED[1]),
            ("CRPS", one["crps"] > one["naive_class_crps"]),
        )
        if is_short
    ]
    figures = (one[key] for key in ("mae", "naive_zero_mae", "naive_class_mae"))
    return (
        f"{name.replace('_', ' ')} ({one['unit']})",
        str(one["n"]),
        *(f"{value:.3g}" for value in figures),
        f"{one['coverage_90']:.0%}",
        f"{one['crps']:.3g}",
        f"{one['naive_class_crps']:.3g}",
        ", ".join(short) or "nothing",
    )


def left_out_coverage(material: Material) -> Finding:
    """How far the cover of 90 % bands lies outside 80 to 97 %."""
    rows = sorted(_left_out(material), key=lambda row: float(row["predicted"]))
    cover, place = float(material.left_out["coverage_90"]), tuple(map(float, range(len(rows))))
    return Finding(
        max(0.0, COVERED[0] - cover, cover - COVERED[1]),
        f"{cover:.0%} of {len(rows)} rows lie in their 90 % band,"
        f" {material.left_out['coverage_50']:.0%} in their 50 % band",
        Figure(
            "rows, lowest forecast first",
            "change, hairs/cm²",
            (
                Line("90 %, low", place, tuple(float(row["interval_90"][0]) for row in rows)),
                Line("forecast", place, tuple(float(row["predicted"]) for row in rows)),
                Line("90 %, high", place, tuple(float(row["interval_90"][1]) for row in rows)),
                Line("published", place, tuple(float(row["observed"]) for row in rows), True),
            ),
        ),
    )


def left_out_score(material: Material) -> Finding:
    """Probability score of studies left out, as a part of the class-mean forecaster's."""
    found, rows = material.left_out, _left_out(material)
    order = np.argsort([float(row["crps"]) for row in rows])
    scores = np.array([float(row["crps"]) for row in rows])[order]
    share = np.arange(1, len(rows) + 1) / len(rows)
    return Finding(
        float(found["crps"] / found["naive_class_crps"]),
        f"CRPS {found['crps']:.1f}, class mean {found['naive_class_crps']:.1f} hairs/cm²",
        Figure(
            "CRPS of a row, hairs/cm²",
            "share of rows at or below",
            (Line("rows", tuple(map(float, scores)), tuple(map(float, share))),),
        ),
    )


def finasteride_plateau(material: Material) -> Finding:
    """The dose curve that the forecast uses, against published scalp dihydrotestosterone."""
    half = material.priors.fixed["finasteride_ed50_mg"]
    hill = material.priors.fixed["finasteride_hill"]
    doses, falls = (np.array(one) for one in zip(*drake_1999.SCALP_FALL_PCT, strict=True))
    shape = doses**hill / (doses**hill + half**hill)
    net = falls - drake_1999.PLACEBO_FALL_PCT
    top = float(shape @ net / (shape @ shape))  # the plateau, by least squares
    fine = np.geomspace(0.005, 10.0, 80)
    curve = drake_1999.PLACEBO_FALL_PCT + top * fine**hill / (fine**hill + half**hill)
    return Finding(
        float(np.sqrt(np.mean((top * shape - net) ** 2))),
        f"plateau {top:.0f} points beyond placebo",
        Figure(
            "mg a day",
            "fall of scalp dihydrotestosterone, %",
            (
                Line("ours", tuple(map(float, fine)), tuple(map(float, curve))),
                Line("Drake 1999", tuple(map(float, doses)), tuple(map(float, falls)), True),
            ),
            log_x=True,
        ),
    )


def topical_is_as_good_as_oral(material: Material) -> Finding:
    """Inhibition from the plasma exposure of a lotion and of a tablet, which is nine times more."""
    drug = material.substances["finasteride"]
    k2 = _given(drug.inactivation_per_nm_h)
    recovery = np.log(2.0) / (24.0 * _given(drug.recovery_half_life_days))

    def inhibition(plasma_ng_h_ml: Floats) -> Floats:
        free = plasma_ng_h_ml * drug.unbound.middle
        nm_h = free * nm_from_ng_ml(1.0, drug.molecular_weight_g_mol.middle)
        return mean_inhibition(nm_h, k2, recovery, 24.0)

    given = np.array([caserini_2014.TOPICAL_AUC_NG_H_ML, caserini_2014.ORAL_AUC_NG_H_ML])
    found, fine = inhibition(given), np.geomspace(1e-3, 100.0, 80)
    return Finding(
        float(abs(found[1] - found[0])),
        f"lotion {found[0]:.1%}, tablet {found[1]:.1%} of the enzyme, though exposures differ"
        f" {given[1] / given[0]:.1f}-fold",
        Figure(
            "plasma exposure a day, ng·h/mL",
            "enzyme inhibited",
            (
                Line("ours", tuple(map(float, fine)), tuple(map(float, inhibition(fine)))),
                Line("lotion, tablet", tuple(map(float, given)), tuple(map(float, found)), True),
            ),
            log_x=True,
        ),
    )


def _given(quantity: Quantity | None) -> float:
    if quantity is None:
        raise ValueError("finasteride's card lacks its inactivation or its recovery")
    return quantity.middle
