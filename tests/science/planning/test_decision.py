"""Advice at the decision visits: an assumption that says so."""

import pytest

from openmeso.science.planning.decision import advise
from openmeso.terms.course import ExpectedChange, Response, Verdict

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
