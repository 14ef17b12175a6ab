"""Weights from measurements: hand-worked values, fall-backs, and simulation-based calibration."""

import numpy as np
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from scipy import stats

from openmeso.science.forecast.patient_effect import drives, exposures, stop_weeks, treated
from openmeso.science.forecast.patient_outcome import counting_sd, outcomes
from openmeso.science.forecast.update import log_likelihood, weigh
from openmeso.terms.forecast import ForecastInputError, MeasuredOutcome

VISITS = (0, 8, 16, 24, 36)


def values(plan, library):
    exposed = exposures(plan, None, library.source.priors)
    readings = treated(drives(plan, exposed, library), stop_weeks(plan, library), library)
    return outcomes(readings, library).value


@pytest.fixture(scope="module")
def known(plan, library):
    return values(plan, library)


@pytest.fixture(scope="module")
def truths(plan, others):
    return values(plan, others)


@pytest.fixture(scope="module")
def ranks(known, truths, library, others):
    """Where each virtual patient's true count at week 52 falls in its forecast from 5 counts."""
    random = np.random.default_rng(5)
    found = []
    noise = {
        week: counting_sd(
            "count", truths["count"][week], truths["count"][week], others, "corrected"
        )
        for week in VISITS
    }
    for i in range(others.size):
        visits = [
            MeasuredOutcome(
                week,
                "count",
                max(0.0, truths["count"][week, i] + noise[week][i] * random.standard_normal()),
                method="corrected",
            )
            for week in VISITS
        ]
        weights, _ = weigh(log_likelihood(visits, known, library), 100, 0.7)
        found.append(weights[known["count"][52] < truths["count"][52, i]].sum())
    return np.array(found)


def test_simulation_based_calibration_ranks_are_uniform(ranks):
    counts = np.histogram(ranks, bins=10, range=(0, 1))[0]
    assert stats.chisquare(counts).statistic < stats.chi2(9).ppf(0.999)


def test_the_90_percent_band_covers_virtual_patients(ranks):
    covered = np.mean((ranks > 0.05) & (ranks < 0.95))
    assert covered == pytest.approx(0.90, abs=0.05)


def test_five_counts_narrow_the_band(known, library):
    visits = [MeasuredOutcome(week, "count", 150, method="corrected") for week in VISITS]
    weights, said = weigh(log_likelihood(visits, known, library), 50, 0.7)
    year = known["count"][52].astype(float)
    before, mean = year.std(), weights @ year
    assert np.sqrt(weights @ (year - mean) ** 2) < 0.4 * before
    assert said.draws == library.size
    assert 100 < mean < 180


def test_likelihood_of_one_measurement_by_hand(known, library):
    one = MeasuredOutcome(0, "count", 160.0, sd=10.0)
    log = log_likelihood([one], known, library)
    start = float(known["count"][0, 3])
    assert log[3] == pytest.approx(-0.5 * ((160 - start) / 10) ** 2 - np.log(10), rel=1e-6)
    half = log_likelihood([MeasuredOutcome(0.5, "count", 160.0, sd=10.0)], known, library)
    middle = (start + float(known["count"][1, 3])) / 2
    assert half[3] == pytest.approx(-0.5 * ((160 - middle) / 10) ** 2 - np.log(10), rel=1e-6)


def test_weights_by_hand():
    weights, said = weigh(np.log([1.0, 2.0, 1.0]), 0, 0.7)
    assert weights == pytest.approx([0.25, 0.5, 0.25])
    assert said.ess == pytest.approx(1 / 0.375)
    assert (said.method, said.tempering, said.pareto_k) == ("weights", 1.0, None)


def test_a_patient_unlike_all_is_taken_in_only_in_part():
    weights, said = weigh(-(np.arange(2000.0) ** 2), 100, 0.7)
    assert said.method == "tempered weights"
    assert said.ess == pytest.approx(100, rel=1e-3)
    assert 0 < said.tempering < 1
    assert "only a part" in said.sentence
    assert weights.sum() == pytest.approx(1)


def test_a_light_tail_is_smoothed():
    random = np.random.default_rng(1)
    log = 1.3 * random.standard_normal(2000)
    plain, _ = weigh(log, 0, 0.7)
    least = 1 / np.sum(plain**2) * 1.001
    weights, said = weigh(log, least, 0.9)
    assert said.method in ("smoothed weights", "tempered weights")
    assert said.pareto_k is not None
    assert np.corrcoef(weights, plain)[0, 1] > 0.9


@pytest.mark.parametrize("k", [0.2, 0.5])
def test_the_pareto_tail_is_recognised(k):
    draws = stats.genpareto(k).rvs(4000, random_state=np.random.default_rng(3))
    _, said = weigh(np.log(np.maximum(draws, 1e-9)), 1e9, 0.7)
    assert said.pareto_k == pytest.approx(k, abs=0.25)


@settings(deadline=None, max_examples=25, phases=(Phase.explicit, Phase.generate))
@example([0.0] * 200)
@example([0.0] + [-800.0] * 250)
@given(st.lists(st.floats(-800, 800), min_size=200, max_size=300))
def test_weights_are_always_shares(log):
    weights, said = weigh(np.array(log), 100, 0.7)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    assert said.ess >= 99.9


def test_an_unknown_outcome_is_refused(known, library):
    with pytest.raises(ForecastInputError, match=r"expected count, .*; got 'length'"):
        log_likelihood([MeasuredOutcome(0, "length", 1.0, sd=1.0)], known, library)
    with pytest.raises(ValueError, match="not a number"):
        weigh(np.array([np.nan, 0.0]), 100, 0.7)


@settings(deadline=None)
@given(week=st.floats(), value=st.floats(), sd=st.floats())
def test_a_bad_measurement_is_refused_with_its_value(week, value, sd):
    fits = 0 <= week <= 52 and 0 <= value < np.inf and 0 < sd < np.inf
    if fits:
        assert MeasuredOutcome(week, "count", value, sd=sd).value == value
        return
    with pytest.raises(ForecastInputError, match=r"expected .*; got"):
        MeasuredOutcome(week, "count", value, sd=sd)


def test_a_method_or_an_sd_is_asked_for():
    with pytest.raises(ForecastInputError, match="automatic, corrected, matched"):
        MeasuredOutcome(0, "count", 150, method="by eye")
