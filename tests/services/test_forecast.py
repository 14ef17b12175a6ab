"""Forecast service: whose plan, kept how long, and what is said when nothing can be."""

from dataclasses import replace

import pytest

from openmeso.services import forecast as forecasts
from openmeso.services.forecast import Question
from openmeso.services.refusal import NotAllowed
from openmeso.terms.forecast import MeasuredOutcome
from openmeso.terms.formula import Component, Formula
from openmeso.terms.plan import PlanInputError


@pytest.fixture
def question():
    return Question(
        ingredient="minoxidil",
        concentration_mg_ml=5.0,
        scale="norwood_hamilton",
        grade="III vertex",
        technique="point_by_point",
        spacing_mm=10.0,
        volume_per_point_ml=0.05,
        depth_mm=4.0,
        sessions=10,
        interval_days=7,
    )


def test_a_stranger_is_refused(draft, stranger):
    with pytest.raises(NotAllowed):
        forecasts.of_plan(by=stranger, plan_record=draft)


def test_a_plan_is_computed_once(draft, practitioner):
    first = forecasts.of_plan(by=practitioner, plan_record=draft)
    assert forecasts.of_plan(by=practitioner, plan_record=draft) is first


def test_the_gain_fits_the_forecast(draft, practitioner):
    found = forecasts.of_plan(by=practitioner, plan_record=draft)
    assert found.forecast is not None
    assert found.gain is not None
    assert len(found.gain.treated.p50) == len(found.forecast.weeks)


def test_equal_questions_have_equal_answers(question):
    assert forecasts.explore(question) is forecasts.explore(replace(question))


def test_the_dose_is_the_volume_times_the_concentration(question):
    found = forecasts.explore(question)
    points = found.plan.grid.points
    assert found.plan.doses[0].per_session == pytest.approx(points * 0.05 * 5.0)
    assert found.reach is not None
    assert found.reach.substances[0].dose_mg == pytest.approx(points * 0.05 * 5.0)


def test_a_pattern_of_women_is_a_womans_forecast(question):
    found = forecasts.explore(replace(question, scale="ludwig", grade="II"))
    assert found.plan.request.assessment.sex.value == "female"
    assert found.forecast is not None


def test_what_no_plan_can_be_made_of_is_refused(question):
    with pytest.raises(PlanInputError):
        forecasts.explore(replace(question, technique="wishful"))


def test_what_reaches_nothing_says_why(draft, practitioner, monkeypatch):
    def refuse(_plan):
        raise PlanInputError("choice.depth_mm", "is 90 mm.", "Expected 0 to 10 mm.")

    monkeypatch.setattr(forecasts, "_reach", refuse)
    forecasts._expectation.cache_clear()
    found = forecasts.of_plan(by=practitioner, plan_record=draft)
    forecasts._expectation.cache_clear()
    assert (found.reach, found.forecast) == (None, None)
    assert found.no_reach == "is 90 mm. Expected 0 to 10 mm."


def test_a_stale_posterior_is_told_not_hidden(draft, practitioner, monkeypatch):
    from openmeso.gateways import forecast_library
    from openmeso.gateways.posterior import PosteriorError

    def stale():
        raise PosteriorError("trials.json was made before: run openmeso calibrate")

    monkeypatch.setattr(forecast_library, "library_source", stale)
    forecasts._expectation.cache_clear()
    found = forecasts.of_plan(by=practitioner, plan_record=draft)
    forecasts._expectation.cache_clear()
    assert found.reach is not None
    assert "openmeso calibrate" in found.no_forecast


def test_an_unknown_mixture_is_named(draft, practitioner, assessed, choice):
    from openmeso.services import plan as plans

    formula = Formula("Saline", (Component("saline_0_9", 1.0),))
    plain = plans.draft(by=practitioner, patient=assessed, choice=replace(choice, formula=formula))
    found = forecasts.of_plan(by=practitioner, plan_record=plain)
    assert found.reach is not None
    assert found.reach.substances == ()
    assert found.reach.unknown


COUNTS = tuple(MeasuredOutcome(week, "count", 150.0, method="corrected") for week in (0, 8, 16, 24))


def test_counts_narrow_the_forecast_and_say_how(draft, practitioner):
    found = forecasts.of_measured_plan(by=practitioner, plan_record=draft, measured=COUNTS)
    before, after = found.before.forecast.outcome("count"), found.after.outcome("count")
    width = [one.treated.p95[26] - one.treated.p5[26] for one in (before, after)]
    assert width[1] < 0.6 * width[0]
    assert "virtual patients" in found.words
    again = forecasts.of_measured_plan(by=practitioner, plan_record=draft, measured=COUNTS)
    assert again.after is found.after


def test_counts_unlike_anybody_are_taken_in_only_in_part(draft, practitioner):
    odd = tuple(replace(one, value=10.0 * (1 + one.week)) for one in COUNTS)
    found = forecasts.of_measured_plan(by=practitioner, plan_record=draft, measured=odd)
    assert found.after.update.method == "tempered weights"
    assert "only a part" in found.words


def test_before_the_first_count_nothing_changes(draft, practitioner):
    found = forecasts.of_measured_plan(by=practitioner, plan_record=draft, measured=())
    assert found.after is None
    assert found.words == forecasts.NOTHING_MEASURED


def test_what_the_model_cannot_count_is_refused_in_words(draft, practitioner):
    odd = (replace(COUNTS[0], outcome="curls"),)
    found = forecasts.of_measured_plan(by=practitioner, plan_record=draft, measured=odd)
    assert found.after is None
    assert "'curls'" in found.words


def test_a_stranger_learns_nothing_of_what_was_measured(draft, stranger):
    with pytest.raises(NotAllowed):
        forecasts.of_measured_plan(by=stranger, plan_record=draft, measured=COUNTS)
