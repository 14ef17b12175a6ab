"""A patient's forecast: what it says, and what it must not."""

from dataclasses import replace

import numpy as np
import pytest

from openmeso.gateways.knowledge import load_knowledge
from openmeso.science.forecast.doubt import band, drawn, shares
from openmeso.science.forecast.patient import forecast, severity_of
from openmeso.science.forecast.patient_effect import (
    Drive,
    drives,
    exposures,
    full_effect,
    modelled,
    needling,
    treated,
)
from openmeso.science.injection.reach import reach
from openmeso.terms.assessment import ScaleScore, Sex
from openmeso.terms.forecast import (
    Exposure,
    ForecastInputError,
    MeasuredOutcome,
    NoForecast,
)
from openmeso.terms.provenance import Statement

ASSUMED = Statement("assumed", (), "test")


@pytest.fixture(scope="module")
def made(plan, library):
    return forecast(plan.request.assessment, plan, None, library)


def everywhere(level, ingredient="minoxidil"):
    return [Exposure(ingredient, name, ((1.0, level),), ASSUMED) for name in ("solution", "depot")]


def test_bands_are_in_order_and_of_every_week(made):
    assert made.weeks == tuple(range(53))
    for one in made.outcomes:
        for found in (one.treated, one.untreated):
            rows = np.array([found.p5, found.p25, found.p50, found.p75, found.p95])
            assert rows.shape == (5, 53)
            assert (np.diff(rows, axis=0) >= 0).all()
            assert np.isfinite(rows).all()


def test_doubt_is_split_whole_and_the_accounts_stay_apart(made):
    for one in made.outcomes:
        parts = np.array(
            [one.doubt.counting, one.doubt.patient, one.doubt.parameter, one.doubt.structural]
        )
        assert parts.sum(axis=0) == pytest.approx(np.ones(53))
        assert (parts >= 0).all()
        assert [s.weight for s in one.structures] == pytest.approx([0.25] * 4)
    medians = [one.treated[26] for one in made.outcome("count").structures]
    assert len(set(medians)) == 4


def test_law_of_total_variance_adds_up(made, library, plan):
    random = np.random.default_rng(2)
    values = random.standard_normal((1, library.size)) + 2.0 * library.is_structure(0, "depot")
    even = np.full(library.size, 1 / library.size)
    found = shares(values, np.ones_like(values), even, library)
    # Patients 1, counting 1, two accounts one apart from their middle: 1, no parameter.
    assert found.structural[0] == pytest.approx(1 / 3, abs=0.06)
    assert found.patient[0] == pytest.approx(1 / 3, abs=0.06)
    assert found.parameter[0] < 0.06


def test_before_the_first_session_nothing_has_happened(made):
    for one in made.outcomes:
        assert one.treated.p50[0] == pytest.approx(one.untreated.p50[0], rel=1e-5)


def test_milestones_are_chances_with_a_definition(made):
    assert [one.week for one in made.milestones] == [8, 8, 13, 26, 26, 52]
    for one in made.milestones:
        assert 0 <= one.low <= one.probability <= one.high <= 1
        assert "week" in one.definition


def test_it_names_three_parameters_and_what_is_extrapolated(made):
    assert len(made.influential) == 3
    assert made.influential[0].share >= made.influential[2].share > 0
    assert "extrapolation" in made.extrapolation.text
    assert "F0280" in made.extrapolation.facts
    assert any("No transport was computed" in one for one in made.assumptions)


def test_full_exposure_brings_what_the_trials_of_lotion_saw(plan, library):
    stop = np.full(library.size, 60.0)
    every = drives(plan, everywhere(1.0), library)
    count = library.own["follicles"] * treated(every, stop, library)[1, 24]
    none = library.own["follicles"] * library.untreated[1, 24]
    wanted = full_effect("minoxidil", library).mean()
    assert np.mean(count - none) == pytest.approx(wanted, rel=0.3)
    assert 10 < wanted < 25


def test_more_exposure_brings_more_and_none_nothing(plan, library):
    stop = np.full(library.size, 60.0)
    means = []
    for level in (0.0, 0.5, 1.0):
        count = treated(drives(plan, everywhere(level), library), stop, library)[1, 26]
        means.append(np.mean(library.own["follicles"] * (count - library.untreated[1, 26])))
    assert means[0] == pytest.approx(0, abs=0.7)  # the needles: centred on nothing
    assert means[0] < means[1] < means[2]


def test_strata_are_not_their_mean(library):
    stop = np.full(library.size, 60.0)
    even = np.ones((1, library.size))
    mean = Drive("x", "minoxidil", 1.5 * even, even)
    half = np.full((2, library.size), 0.5)
    split = Drive("x", "minoxidil", np.vstack([0 * even, 3 * even]), half)
    one, two = (treated([each], stop, library)[1, 26] for each in (mean, split))
    assert two.mean() < one.mean()
    halves = (library.treated("minoxidil", stop)[1][1, 26] + library.untreated[1, 26]) / 2
    assert two == pytest.approx(halves, abs=1e-5)


def test_injection_needles_are_centred_on_nothing_and_devices_are_not(plan, library):
    assert np.mean(needling(plan, library)) == pytest.approx(0, abs=0.7)
    device = replace(plan, choice=replace(plan.choice, technique="microneedling"))
    effect = needling(device, library)
    assert np.mean(effect) > 0.5
    assert np.std(effect) > 3


def test_vitamins_alone_are_centred_on_the_untreated_course(made_plan, library):
    formula = {"name": "Vitamins", "components": [{"product": "dexpanthenol", "parts": 1}]}
    plan = made_plan(formula=formula)
    assert modelled(plan, library.source.priors) == ()
    made = forecast(plan.request.assessment, plan, None, library)
    count = made.outcome("count")
    assert count.treated.p50[52] == pytest.approx(count.untreated.p50[52], rel=0.02)
    assert "centred on nothing" in made.extrapolation.text
    no_worse = next(one for one in made.milestones if "no worse" in one.words)
    assert 0.35 < no_worse.probability < 0.65


def test_the_computed_transport_is_taken(plan, library):
    found = reach(plan, load_knowledge())
    first, second = exposures(plan, found, library.source.priors)
    levels = [sum(s * e for s, e in one.strata) for one in (first, second)]
    assert levels[0] < levels[1]
    assert first.low
    assert first.high
    made = forecast(plan.request.assessment, plan, found, library)
    assert not any("No transport" in one for one in made.assumptions)


def test_measurements_of_the_start_say_where_it_starts(plan, library):
    start = [MeasuredOutcome(0, "count", 120, method="matched")]
    made = forecast(plan.request.assessment, plan, None, library, start)
    assert made.outcome("count").untreated.p50[0] == pytest.approx(120, rel=0.08)
    assert made.update is not None
    assert made.update.ess >= 99
    assert sum(s.weight for s in made.outcome("count").structures) == pytest.approx(1)


def test_grades_say_the_severity(plan, library):
    priors, asked = library.source.priors, plan.request.assessment
    assert severity_of(asked, priors) == ("moderate", True)
    severe = replace(asked, scores=(ScaleScore("norwood_hamilton", "VI"),))
    assert severity_of(severe, priors) == ("severe", True)
    assert severity_of(replace(asked, scores=()), priors) == ("moderate", False)


def test_other_conditions_and_the_wrong_library_are_refused(plan, library):
    asked = plan.request.assessment
    with pytest.raises(NoForecast, match="got alopecia_areata"):
        forecast(replace(asked, indication="alopecia_areata"), plan, None, library)
    with pytest.raises(NoForecast, match="other sex"):
        forecast(replace(asked, sex=Sex.FEMALE), plan, None, library)


@pytest.mark.parametrize("strata", [(), ((0.5, 0.2),), ((1.0, 1.2),), ((1.0, float("nan")),)])
def test_bad_strata_are_refused(strata):
    with pytest.raises(ForecastInputError, match=r"expected .*; got"):
        Exposure("minoxidil", "solution", strata, ASSUMED)


def test_bands_and_systematic_draws_by_hand():
    found = band(np.arange(101.0, dtype=np.float32)[None])
    assert (found.p5, found.p25, found.p50, found.p95) == ((5,), (25,), (50,), (95,))
    assert drawn(np.array([0.5, 0.0, 0.25, 0.25])).tolist() == [0, 0, 2, 3]
