"""Exact intervals of proportions: against the binomial itself and values printed elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from openmeso.science.planning.event_rate import proportion


@pytest.mark.parametrize(
    ("events", "of", "low", "high"),
    [
        (0, 541, 0.0, 0.006796),  # 1 - 0.025^(1/541)
        (20, 20, 0.831567, 1.0),  # 0.025^(1/20)
        (10, 100, 0.049005, 0.176223),  # the example of most textbooks
        (0, 0, 0.0, 1.0),
    ],
)
def test_known_intervals(events, of, low, high):
    found = proportion(events, of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)


@given(st.data(), st.integers(1, 2000))
def test_its_ends_are_where_the_tails_hold_two_and_a_half_per_cent(data, of):
    events = data.draw(st.integers(0, of))
    found = proportion(events, of)
    assert found.low <= events / of <= found.high
    if events:
        assert binom.sf(events - 1, of, found.low) == pytest.approx(0.025, abs=1e-7)
    if events < of:
        assert binom.cdf(events, of, found.high) == pytest.approx(0.025, abs=1e-7)


@pytest.mark.parametrize(("events", "of"), [(3, 2), (-1, 5)])
def test_more_than_there_were_is_refused(events, of):
    with pytest.raises(ValueError, match=f"expected 0 to {of} events; got {events}"):
        proportion(events, of)
