"""Forecasts see the design only; scores see both."""

from dataclasses import replace

import numpy as np
import pytest

from openmeso.gateways.posterior import read_evidence, read_posterior
from openmeso.gateways.trials import read_trials
from openmeso.science.forecast.backtest import backtest, naive_of
from openmeso.science.forecast.calibration import Effort, leave_one_study_out
from openmeso.science.forecast.forecast import forecast, noise
from openmeso.science.forecast.quantity import Kind
from openmeso.terms.study import ArmOutcome, TrialRow
from tests.science.forecast.test_quantity import DESIGN

POSTERIOR, PROVENANCE = read_posterior()
ROWS = read_trials()
NOISE = noise(len(POSTERIOR.draws.values), 4.0, np.random.default_rng(1))


def run(rows):
    return backtest(rows, POSTERIOR, NOISE, ROWS)


@pytest.fixture(scope="module")
def whole():
    return run(ROWS)


def bands(made):
    return {
        one.row.design.row_id: (
            one.forecast.change,
            one.forecast.low_50,
            one.forecast.high_90,
            one.naive.mean,
        )
        for one in made.outlooks
    }


def test_forecasts_do_not_change_when_outcomes_are_blank_or_false(whole):
    blank = run([replace(row, outcome=ArmOutcome()) for row in ROWS])
    false = [replace(row, outcome=ArmOutcome(9e3, 9e3, 9e3, 9e3, 9e3)) for row in ROWS]
    assert bands(blank) == bands(whole)
    assert bands(run(false)) == bands(whole)
    assert blank.block().n == 0
    assert blank.block().crps is None


def test_forecasts_do_not_depend_on_the_other_rows(whole):
    known, some = bands(whole), bands(run(ROWS[30:20:-1]))
    assert some == {row_id: known[row_id] for row_id in some}
    assert len(some) > 3


def test_every_row_is_forecast_or_refused_with_a_reason(whole):
    made = whole
    assert len(made.outlooks) + len(made.refused) == len(ROWS)
    assert all(reason for _, reason in made.refused)
    assert all(
        o.forecast.low_90 < o.forecast.low_50 < o.forecast.change < o.forecast.high_50
        < o.forecast.high_90
        for o in made.outlooks
    )  # fmt: skip


def test_an_unknown_class_is_refused_and_an_unseen_one_borrows():
    unknown = TrialRow(replace(DESIGN, intervention_class="laser"), ArmOutcome(), 2, "", "")
    (refused,) = run([unknown]).refused
    assert refused[1] == "intervention class 'laser' is not known"
    unseen = replace(DESIGN, intervention_class="mesotherapy_dutasteride", intervention="")
    made = forecast(unseen, POSTERIOR, NOISE)
    assert made.unseen_class
    assert not forecast(DESIGN, POSTERIOR, NOISE).unseen_class


def test_a_class_never_seen_is_forecast_with_more_doubt():
    seen = forecast(DESIGN, POSTERIOR, NOISE)
    unseen = forecast(
        replace(DESIGN, intervention_class="microneedling_plus_dutasteride"), POSTERIOR, NOISE
    )
    assert unseen.high_90 - unseen.low_90 > seen.high_90 - seen.low_90


def test_more_drug_and_more_weeks_forecast_more_hair():
    def change(**other):
        return forecast(replace(DESIGN, **other), POSTERIOR, NOISE).change

    assert change(concentration_mg_ml=10.0) < change(concentration_mg_ml=20.0) < change()
    assert change(followup_week=4.0) < change(followup_week=12.0) < change()
    assert change(intervention_class="control_placebo") < change()
    five_years = {"intervention_class": "control_placebo", "followup_week": 260.0}
    assert change(**five_years) < -20


def test_percent_and_count_tell_the_same_story():
    count = forecast(DESIGN, POSTERIOR, NOISE)
    percent = forecast(replace(DESIGN, outcome_unit="% of baseline"), POSTERIOR, NOISE)
    baseline = POSTERIOR.priors.baseline["density"]
    assert percent.change == pytest.approx(100 * count.change / baseline, abs=1.0)


def test_the_naive_forecaster_never_sees_the_study_it_forecasts():
    berger = next(r for r in ROWS if r.design.row_id == "R0027")
    others = [
        row
        for row in ROWS
        if row.design.intervention_class == "topical_minoxidil"
        and row.design.study_key != "Berger2003"
    ]
    with_itself, without = naive_of(berger.design, ROWS), naive_of(berger.design, others)
    assert with_itself.mean == without.mean
    assert with_itself.rows == without.rows > 5


def test_leaving_one_study_out_forecasts_each_study_once():
    evidence = read_evidence()
    few = tuple(
        row
        for row in evidence.rows
        if row.design.study_key in ("Olsen2002", "Lucky2004", "GubelinHarcha2014")
    )
    parts = dict(leave_one_study_out(replace(evidence, rows=few), Effort(10, 1)))
    assert set(parts) == {"Olsen2002", "Lucky2004", "GubelinHarcha2014"}
    for study, part in parts.items():
        for one in part.of(Kind.DENSITY):
            assert one.row.design.study_key == study
            assert not one.calibrated_on
