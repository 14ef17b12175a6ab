"""Marks on a time axis: in their order, within the drawing, on their own lanes."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.gateways.journey_chart import NARROW, WIDE, Axis, Expected, Mark, draw, draw_band
from openmeso.terms.journey import Lane

TODAY = date(2026, 11, 25)
WORDS = {lane: lane.value for lane in Lane}
DAYS = st.dates(date(2015, 1, 1), date(2040, 1, 1))


def place(drawn):
    return float(re.match(r"M(-?[\d.]+)", drawn.path)[1])


@given(st.lists(DAYS, min_size=1, max_size=40), st.sampled_from([WIDE, NARROW]))
def test_later_stands_further_right_and_all_within_the_drawing(days, size):
    chart = draw([Mark(Lane.SESSIONS, on, "signed", "") for on in sorted(days)], TODAY, size, WORDS)
    places = [place(one) for one in chart.marks]
    assert places == sorted(places)
    # a mark's outline begins at most seven units before its middle
    assert size.left <= places[0] <= places[-1] <= size.width
    assert size.left <= float(chart.today) <= size.width


@given(DAYS, DAYS, st.sampled_from([WIDE, NARROW]))
def test_dates_are_firsts_of_months_on_the_axis_and_no_more_than_fit(first, last, size):
    axis = Axis(min(first, last), max(first, last), size)
    dates = axis.dates(size.dates)
    assert len(dates) <= size.dates
    assert all(one.day == 1 and axis.first <= one <= axis.last for one in dates)
    assert list(dates) == sorted(set(dates))


def test_equal_days_are_equally_far_apart():
    axis = Axis(TODAY, TODAY + timedelta(days=300), WIDE)
    steps = {
        round(axis.at(TODAY + timedelta(days=n + 30)) - axis.at(TODAY + timedelta(days=n)), 6)
        for n in range(0, 270, 10)
    }
    assert len(steps) == 1


def test_lanes_without_a_mark_are_left_out():
    marks = [Mark(Lane.PHOTOS, TODAY, "photos", ""), Mark(Lane.SESSIONS, TODAY, "signed", "")]
    chart = draw(marks, TODAY, WIDE, WORDS)
    assert [lane.words for lane in chart.lanes] == ["sessions", "photos"]


def test_a_dose_is_as_tall_as_its_share():
    marks = [Mark(Lane.DOSES, TODAY, "dose", "", size=share) for share in (1.0, 0.5)]
    heights = [
        re.search(r"v-([\d.]+)h6", one.path)[1] for one in draw(marks, TODAY, WIDE, WORDS).marks
    ]
    assert [float(one) for one in heights] == [30.0, 15.0]


def test_what_lasts_reaches_from_its_first_day_to_its_last():
    later = TODAY + timedelta(days=40)
    span = Mark(Lane.REACTIONS, TODAY, "open", "", until=later)
    (one,) = draw([span], TODAY, WIDE, WORDS).marks
    axis = Axis(TODAY, later, WIDE)
    assert place(one) == pytest.approx(axis.at(TODAY), abs=0.1)
    assert float(re.search(r"H([\d.]+)v8", one.path)[1]) == pytest.approx(axis.at(later), abs=0.1)


def test_a_forecast_stands_on_the_same_axis_and_within_its_band():
    days = [TODAY + timedelta(weeks=4 * n) for n in range(5)]
    axis = Axis(TODAY, days[-1], WIDE)
    expected = Expected(days, [90] * 5, [100] * 5, [120] * 5, [(days[2], 100.0)])
    chart = draw_band(expected, axis, TODAY, WIDE)
    ((x, y),) = chart.points
    low, high, middle = float(chart.levels[0][0]), float(chart.levels[1][0]), float(y)
    assert float(x) == pytest.approx(axis.at(days[2]), abs=0.1)
    # upwards is more: a third of the way from 90 to 120
    assert low > middle > high
    assert (low - middle) / (low - high) == pytest.approx(1 / 3, abs=0.01)
    assert chart.middle.startswith(f"M{axis.at(days[0]):.1f} {middle:.1f}L")
