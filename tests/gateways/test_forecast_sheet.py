"""Reach and forecast in words: by hand, from round numbers."""

from dataclasses import replace

import pytest

from openmeso.gateways.forecast_sheet import Seen, forecast_sheet
from openmeso.gateways.knowledge import load_knowledge
from openmeso.gateways.reach_sheet import duration, in_ten, reach_sheet
from openmeso.terms.forecast import Band, DoubtShares, MeasuredOutcome
from tests.gateways.example_forecast import example_forecast, example_reach
from tests.gateways.example_plan import example_plan


@pytest.fixture(scope="module")
def known():
    return load_knowledge()


class TestReachSheet:
    def test_each_class_counts_follicles_in_ten(self, known):
        sheet = reach_sheet(example_reach(), example_plan(), known)
        lines = sheet.substances[0].classes
        assert [(line.reached, line.doubt) for line in lines] == [
            ("about 6 in 10", "31–88 %"),
            ("about 9 in 10", "60–96 %"),
            ("about 7 in 10", "40–90 %"),
        ]

    def test_an_hour_count_without_a_mark_is_left_out(self, known):
        sheet = reach_sheet(example_reach(), example_plan(), known)
        seen = [one.bulb.hours_above for one in sheet.substances[0].detail.courses]
        assert seen == ["1.4", "2.1", "–"]

    def test_the_map_says_what_its_colours_stand_for(self, known):
        reach = example_reach()
        inhibition = replace(reach.substances[0].readings[0], id="inhibition")
        inhibitor = replace(reach.substances[0], readings=(inhibition,))
        sheet = reach_sheet(
            replace(reach, substances=(*reach.substances, inhibitor)), example_plan(), known
        )
        assert [one.map_of for one in sheet.substances] == [
            "Exposure at the depth of terminal bulbs, mean between sessions; "
            "50 % is that of the usual lotion",
            "Enzyme inactivated at the depth of terminal bulbs, mean between sessions",
        ]

    def test_a_map_of_a_view_is_drawn_at_the_views_scale(self, known):
        sheet = reach_sheet(example_reach(), example_plan(), known)
        assert [heat.drawing.id for heat in sheet.substances[0].heats] == ["scalp_top"]


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1.0, "nearly all"),
        (0.96, "more than 9 in 10"),
        (0.25, "about 2 in 10"),
        (0.05, "about 1 in 20"),
        (0.0, "hardly any"),
    ],
)
def test_shares_are_said_as_people_count(share, words):
    assert in_ten(share) == words


def test_long_times_are_said_in_days():
    assert duration(72.0) == "3 days"


class TestForecastSheet:
    def test_the_table_has_the_weeks_of_the_field(self):
        lines = forecast_sheet(example_forecast(), example_plan()).first.weeks
        assert [line.week for line in lines] == [0, 4, 8, 12, 16, 24, 36, 52]
        # at week 0 all start at 150; at week 52 150 + 12 ± 20·√2, untreated 150 − 5.2
        assert (lines[0].treated, lines[0].nine_in_ten) == ("150", "150–150")
        assert (lines[-1].treated, lines[-1].nine_in_ten) == ("162", "134–190")
        assert lines[-1].untreated == "145"

    def test_the_drawing_is_told_in_words(self):
        said = forecast_sheet(example_forecast(), example_plan()).first.said
        assert said == (
            "Hair count in hairs/cm²: 150 before; in week 26 162 with treatment, half of all "
            "between 154–170 and nine in ten between 142–182; 147 without."
        )

    def test_doubt_is_told_largest_first(self):
        doubt = forecast_sheet(example_forecast(), example_plan()).first.doubt
        assert [line.text for line in doubt] == ["50 %", "25 %", "15 %", "10 %"]
        assert doubt[0].words == "how patients differ from each other"

    def test_every_session_has_its_mark(self):
        plan = example_plan()
        chart = forecast_sheet(example_forecast(), plan).first.wide
        assert len(chart.sessions) == plan.sessions
        assert chart.sessions[0] == chart.left

    def test_a_chance_shows_its_range(self):
        milestones = forecast_sheet(example_forecast(), example_plan()).milestones
        assert [line.chance for line in milestones] == ["42 % (30–50 %)", "70 %"]

    def test_three_parameters_are_named(self):
        influential = forecast_sheet(example_forecast(), example_plan()).influential
        assert [share for _, share in influential] == ["40 %", "20 %", "10 %"]


class TestGain:
    def test_it_comes_first(self):
        assert _with_gain().first.course.name == "gain"

    def test_doubt_that_is_none_is_not_told(self):
        assert [line.text for line in _with_gain().first.doubt] == ["100 %"]


def _with_gain():
    made = example_forecast()
    count = made.outcome("count")
    start = count.treated.p50[0]

    def less(band):
        rows = (band.p5, band.p25, band.p50, band.p75, band.p95)
        return Band(*(tuple(each - start for each in row) for row in rows))

    none, all_ = tuple(0.0 for _ in made.weeks), tuple(1.0 for _ in made.weeks)
    gain = replace(
        count,
        name="gain",
        treated=less(count.treated),
        untreated=less(count.untreated),
        doubt=DoubtShares(none, all_, none, none),
    )
    return forecast_sheet(made, example_plan(), gain)


class TestWhatWasMeasured:
    @pytest.fixture
    def sheet(self):
        before = example_forecast()
        courses = tuple(
            replace(one, treated=replace(one.treated, p50=one.treated.p75))
            for one in before.outcomes
        )
        likelier = tuple(replace(one, probability=0.9, high=0.9) for one in before.milestones)
        after = replace(before, outcomes=courses, milestones=likelier)
        seen = Seen((MeasuredOutcome(12.0, "count", 160.0, 10.0),), after)
        return forecast_sheet(before, example_plan(), None, seen)

    def test_the_measured_outcome_alone_is_drawn_with_it(self, sheet):
        assert [one.course.name for one in sheet.measured] == ["count"]
        count, diameter = sheet.outcomes
        assert len(count.wide.dots) == len(count.narrow.dots) == 1
        assert count.is_updated
        assert count.wide.updated
        assert not diameter.is_updated
        assert diameter.wide.updated == diameter.wide.updated_90 == ""
        assert diameter.wide.dots == ()

    def test_the_table_has_both_forecasts(self, sheet):
        week = next(line for line in sheet.outcomes[0].weeks if line.week == 24)
        assert week.treated == "161"
        assert week.updated.startswith("169 (")
        assert all(not line.updated for line in sheet.outcomes[1].weeks)

    def test_a_step_has_its_chance_before_and_after(self, sheet):
        assert [(line.chance, line.updated) for line in sheet.milestones] == [
            ("42 % (30–50 %)", "90 % (30–90 %)"),
            ("70 %", "90 % (70–90 %)"),
        ]

    def test_the_interval_is_of_nine_in_ten(self, sheet):
        dot = sheet.outcomes[0].wide.dots[0]
        first, *_, last = sheet.outcomes[0].wide.y_ticks
        per_unit = (float(first.at) - float(last.at)) / (float(last.text) - float(first.text))
        assert float(dot.low) - float(dot.high) == pytest.approx(2 * 16.449 * per_unit, abs=0.3)

    def test_measurements_that_no_forecast_could_take_in_are_dots_alone(self):
        seen = Seen((MeasuredOutcome(12.0, "count", 160.0, 10.0),))
        count = forecast_sheet(example_forecast(), example_plan(), None, seen).outcomes[0]
        assert count.is_measured
        assert not count.is_updated
        assert count.wide.updated == ""
