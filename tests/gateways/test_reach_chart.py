"""Small charts of reach: courses in time, coverage curve and blood, laid back to what they show."""

import math
import re
from dataclasses import replace

import pytest

from openmeso.gateways.knowledge import load_knowledge
from openmeso.gateways.reach_chart import (
    SMALL,
    course_range,
    draw_blood,
    draw_course,
    draw_curve,
    time_unit,
)
from openmeso.gateways.reach_detail import reach_detail
from openmeso.gateways.reach_json import reach_to_json
from openmeso.gateways.reach_sheet import reach_sheet
from openmeso.science.injection.reach import reach
from openmeso.terms.reach import BloodPoint, BloodReach, BulgeReach, ClassReach, CoursePoint
from tests.gateways.example_forecast import example_reach
from tests.gateways.example_plan import example_plan

KNOWLEDGE = load_knowledge()
REACH = reach(example_plan(), KNOWLEDGE)

LEFT, RIGHT = SMALL.left, SMALL.width - SMALL.right
TOP, BOTTOM = SMALL.top, SMALL.height - SMALL.bottom
COURSE = tuple(
    CoursePoint(hour, middle, middle / 10, middle * 10)
    for hour, middle in ((0.0, 1000.0), (1.0, 100.0), (2.0, 10.0), (3.0, 1e-9))
)


def one_class() -> ClassReach:
    return ClassReach(
        "Terminal", 5.0, 0.6, 0.3, 0.9, 1000.0, 800.0, 1.4, 1.25, 0.5, (0.0,) * 5, COURSE, 0.0,
        BulgeReach(100.0, 1.0, 90.0, None, COURSE[1:]),
    )  # fmt: skip


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", path)]


def test_equal_ratios_take_equal_heights() -> None:
    span = course_range([one_class()])
    low, high, _ = span
    drawn = points(draw_course(one_class(), span, None).line)
    heights = [y for _, y in drawn]
    decades = (BOTTOM - TOP) / round(math.log10(high / low))
    assert heights[1] - heights[0] == pytest.approx(decades, abs=0.2)
    assert heights[2] - heights[1] == pytest.approx(decades, abs=0.2)


def test_what_lies_below_the_chart_ends_on_its_floor() -> None:
    drawn = points(draw_course(one_class(), (1.0, 10000.0, 3.0), None).line)
    assert drawn[-1] == (RIGHT, BOTTOM)
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in drawn)


def test_the_mark_stands_at_its_height_only_within_the_chart() -> None:
    span = (1.0, 10000.0, 3.0)
    half = draw_course(one_class(), span, 100.0)
    assert float(half.mark_y) == pytest.approx((TOP + BOTTOM) / 2, abs=0.1)
    assert draw_course(one_class(), span, 1e9).mark_y == ""


def test_long_courses_are_told_in_days() -> None:
    assert time_unit(72.0) == (1.0, "hours after the session")
    assert time_unit(73.0) == (24.0, "days after the session")


def test_the_coverage_curve_falls_from_all_to_none_and_says_the_mark() -> None:
    for one in REACH.substances:
        drawn = draw_curve(one)
        heights = [y for _, y in points(drawn.line)]
        assert heights == sorted(heights)
        assert LEFT < float(drawn.mark_x) < RIGHT


def test_the_blood_s_line_lies_in_its_band() -> None:
    course = tuple(BloodPoint(float(h), 5.0, 2.0, 9.0) for h in range(10))
    drawn = draw_blood(BloodReach(1, course, 5.0, 2.0, 9.0, 0.0, 4.0, 4.0, "So much."))
    band = [y for _, y in points(drawn.band)]
    line = [y for _, y in points(drawn.line)]
    assert min(band) < line[0] < max(band)
    assert drawn.said == "So much."


def test_tables_hold_what_the_charts_show() -> None:
    one = REACH.substances[0]
    told = reach_detail(one)
    assert [each.name for each in told.courses] == [each.name for each in one.size_classes]
    assert all(3 <= len(each.rows) <= 9 for each in told.courses)
    assert told.curve_rows[0][1] == f"{100 * one.coverage_curve[0][1]:.0f} %"
    assert len(told.blood_rows) == len(told.mass_rows) == 9
    assert told.mass_rows[0][1] == f"{one.dose_mg:.2g}"


def test_old_reaches_without_courses_can_still_be_drawn() -> None:
    found = example_reach()
    bare = replace(
        found,
        substances=tuple(
            replace(one, size_classes=tuple(replace(c, course=()) for c in one.size_classes))
            for one in found.substances
        ),
    )
    sheet = reach_sheet(bare, example_plan(), KNOWLEDGE)
    assert sheet.substances[0].detail.blood is None


def test_json_holds_every_output_but_the_cells_of_the_maps() -> None:
    data = reach_to_json(REACH)
    one = data["substances"][0]
    wanted = {
        "coverage_curve", "mark", "absorbed", "peak_rate_mg_h", "plasma", "blood", "balance",
        "balance_error", "equivalent", "readings", "responders", "size_classes",
    }  # fmt: skip
    assert wanted <= one.keys()
    assert "maps" not in one
    first = one["size_classes"][0]
    assert {"cmax", "tmax_h", "auc", "hours_above", "course"} <= first.keys()
    assert {"cmax", "tmax_h", "auc", "hours_above", "course"} <= first["bulge"].keys()
