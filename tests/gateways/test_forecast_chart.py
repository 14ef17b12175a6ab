"""The chart's drawing: where days and values land, worked out by hand."""

import re

from hypothesis import given
from hypothesis import strategies as st

from openmeso.gateways.forecast_chart import (
    NICE_STEPS,
    WIDE,
    Course,
    Curve,
    Dot,
    Point,
    Size,
    draw_chart,
    nice_step,
    number,
)

# 100 by 100 within margins of 10: a unit of the frame is a hundredth of the axes.
SQUARE = Size(120.0, 120.0, left=10.0, right=10.0, top=10.0, bottom=10.0)
RISING = Curve(days=(0.0, 360.0), middle=(0.0, 10.0))


def test_a_line_runs_from_corner_to_corner():
    assert draw_chart(Course(RISING), SQUARE).middle == "M10 110L110 10"


def test_a_band_goes_there_above_and_comes_back_below():
    curve = Curve((0.0, 360.0), (0.0, 5.0), (0.0, 4.0), (0.0, 6.0), (0.0, 0.0), (0.0, 10.0))
    chart = draw_chart(Course(curve), SQUARE)
    assert chart.band_90 == "M10 110L110 10L110 110L10 110Z"
    assert chart.band_50 == "M10 110L110 50L110 70L10 110Z"


def test_without_doubt_there_is_no_band():
    assert draw_chart(Course(RISING), SQUARE).band_90 == ""


def test_nothing_lies_on_the_line_of_no_change_when_all_is_above():
    assert draw_chart(Course(RISING), SQUARE).zero == ""


def test_the_line_of_no_change_stands_where_values_lie_on_both_sides():
    curve = Curve((0.0, 360.0), (-5.0, 5.0))
    assert draw_chart(Course(curve), SQUARE).zero == "60"


def test_sessions_after_the_forecast_are_left_out():
    chart = draw_chart(Course(RISING, session_days=(0.0, 180.0, 400.0)), SQUARE)
    assert chart.sessions == ("10", "60")


def test_an_untreated_course_widens_the_axis():
    loss = Curve((0.0, 360.0), (0.0, -10.0))
    chart = draw_chart(Course(RISING, untreated=loss), SQUARE)
    assert [tick.text for tick in chart.y_ticks] == ["−10", "−5", "0", "5", "10"]
    assert chart.untreated == "M10 60L110 110"


def test_a_flat_course_is_drawn_too():
    chart = draw_chart(Course(Curve((0.0, 360.0), (0.0, 0.0))), SQUARE)
    assert chart.middle == "M10 110L110 110"


def test_months_are_counted_from_the_first_session():
    assert [tick.text for tick in draw_chart(Course(RISING), WIDE).x_ticks] == [
        str(month) for month in range(13)
    ]


@given(span=st.floats(1e-6, 1e9))
def test_steps_are_round_and_about_five(span):
    step = nice_step(span)
    assert 1.9 <= span / step <= 5.0 + 1e-6
    assert any(
        abs(step / 10**power / nice - 1) < 1e-9 for power in range(-9, 10) for nice in NICE_STEPS
    )


@given(
    values=st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=20),
    last=st.floats(30.0, 800.0),
)
def test_everything_stays_within_the_axes(values, last):
    days = [last * n / (len(values) - 1) for n in range(len(values))]
    chart = draw_chart(Course(Curve(days, values)), WIDE)
    places = [tuple(map(float, each)) for each in re.findall(r"[ML](\S+) ([\d.]+)", chart.middle)]
    assert all(float(chart.left) <= x <= float(chart.right) for x, _ in places)
    assert all(float(chart.top) - 0.1 <= y <= float(chart.bottom) + 0.1 for _, y in places)


def test_what_was_measured_is_a_dot_with_its_interval():
    points = (Point(180.0, 5.0, 2.0, 8.0), Point(400.0, 5.0, 5.0, 5.0))
    chart = draw_chart(Course(RISING, points=points), SQUARE)
    assert chart.dots == (Dot("60", "60", "90", "30"),)  # the one after the forecast is left out


def test_an_interval_beyond_the_bands_widens_the_axis():
    chart = draw_chart(Course(RISING, points=(Point(180.0, 15.0, 10.0, 20.0),)), SQUARE)
    assert chart.y_ticks[-1].text == "20"
    assert chart.dots[0].high == "10"


def test_an_updated_course_is_drawn_beside_the_first():
    later = Curve((0.0, 360.0), (5.0, 5.0), low_90=(4.0, 4.0), high_90=(6.0, 6.0))
    chart = draw_chart(Course(RISING, updated=later), SQUARE)
    assert chart.updated == "M10 60L110 60"
    assert chart.updated_90 == "M10 50L110 50L110 70L10 70Z"
    assert chart.middle == "M10 110L110 10"


def test_a_negative_number_has_a_true_minus():
    assert number(-12.5) == "−12.5"
