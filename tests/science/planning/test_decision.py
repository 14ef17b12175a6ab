"""Advice at the decision visits: an assumption that says so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.planning.decision import advise, response_of
from openmeso.terms.course import ExpectedChange, Response, Verdict
from openmeso.terms.forecast import MeasuredOutcome

EXPECTED = ExpectedChange(mean=10.0, low90=2.0, high90=18.0, week=16)


def response(change: float, detectable: float = 5.0, week: int = 16) -> Response:
    return Response(change, detectable, week)


@pytest.mark.parametrize(
    ("week", "measured", "red_flags", "verdict"),
    [
        (4, response(9.0), (), Verdict.TOO_EARLY),
        (4, response(9.0), ("infection",), Verdict.STOP),
        (16, response(9.0), ("infection",), Verdict.STOP),
        (16, None, (), Verdict.NOT_MEASURED),
        (16, response(9.0), (), Verdict.CONTINUE),
        (
            16,
            response(3.0),
            (),
            Verdict.CONTINUE,
        ),  # no change beyond the error, but not yet six months
        (16, response(-6.0), (), Verdict.CHANGE),
        (26, response(3.0), (), Verdict.STOP),
        (26, response(-6.0), (), Verdict.STOP),
        (26, response(9.0), (), Verdict.CONTINUE),
    ],
)
def test_the_rule(week, measured, red_flags, verdict):
    advice = advise(week, 16, measured, EXPECTED, red_flags=red_flags)
    assert advice.verdict is verdict
    assert advice.reasons
    assert all(one.facts or one.assumption for one in advice.reasons)
    assert any(one.assumption for one in advice.reasons)


@pytest.mark.parametrize("change", [-5.0, 0.0, 5.0])
def test_a_change_within_its_error_is_called_none(change):
    codes = {one.code for one in advise(16, 16, response(change), None).reasons}
    assert "no_change_beyond_error" in codes


@pytest.mark.parametrize(("change", "code"), [(1.0, "below_forecast"), (9.0, "within_forecast")])
def test_it_is_laid_beside_the_forecast(change, code):
    assert code in {one.code for one in advise(16, 16, response(change), EXPECTED).reasons}


def count(week: float, value: float, sd: float | None = 5.0) -> MeasuredOutcome:
    return MeasuredOutcome(week, "count", value, sd, method="automatic")


def test_a_change_runs_from_the_start_to_the_last_visit():
    measured = (
        count(0, 120),
        count(12, 128),
        MeasuredOutcome(24, "anagen", 80, 3),
        count(23.6, 141),
    )
    found = response_of(measured, lambda _: 0.0)
    assert found is not None
    assert (found.change_per_cm2, found.week) == (pytest.approx(21), 24)
    assert found.detectable_per_cm2 == pytest.approx(1.96 * np.sqrt(50))


def test_several_counts_of_one_day_are_one_and_sharper():
    found = response_of((count(0, 118), count(0, 122), count(12, 130, None)), lambda _: 4.0)
    assert found is not None
    assert found.change_per_cm2 == pytest.approx(10)
    assert found.detectable_per_cm2 == pytest.approx(1.96 * np.sqrt(25 / 2 + 16))


@pytest.mark.parametrize("measured", [(), (count(0, 100),), (count(12, 100),)])
def test_no_change_without_a_start_and_a_later_count(measured):
    assert response_of(measured, lambda _: 5.0) is None


@given(sd=st.floats(1, 30), density=st.floats(20, 300), seed=st.integers(0, 2**32 - 1))
def test_no_change_is_called_one_in_twenty_times(sd, density, seed):
    """Two counts of the same hairs, 400 times: a real change is called in 5 % (4 sd of chance)."""
    rng = np.random.default_rng(seed)
    pairs = np.abs(rng.normal(density + 20 * sd, sd, size=(400, 2)))
    called = 0
    for was, now in pairs:
        found = response_of((count(0, was, sd), count(12, now, sd)), lambda _: sd)
        assert found is not None
        called += abs(found.change_per_cm2) > found.detectable_per_cm2
    assert called <= 400 * 0.05 + 4 * np.sqrt(400 * 0.05 * 0.95)
