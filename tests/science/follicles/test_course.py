"""What is measured over time, with and without a drug."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.follicles.chain import after_years, healthy
from openmeso.science.follicles.course import Epoch, Stratum, course, course_in_strata
from openmeso.science.follicles.effect import NO_EFFECT, DrugEffect
from openmeso.science.follicles.halloy_2000 import DAYS_PER_MONTH, halloy_cycle
from tests.science.follicles.test_chain import CYCLE

START = after_years(CYCLE, 12.0)
WEEKS = np.arange(0.0, 105.0, 8.0) * 7
INHIBITOR = DrugEffect(anagen=1.3, kenogen=0.83, p_down=0.31)
OPENER = DrugEffect(anagen=1.2, telogen=0.6, kenogen=0.5, growth=1.15)


def test_measures_worked_by_hand():
    cycle = halloy_cycle()
    found = course(cycle, healthy(cycle), np.array([0.0]), follicles_per_cm2=200.0)
    assert found.total_per_cm2[0] == pytest.approx(150.0)  # 200 less the quarter in latency
    assert found.terminal_per_cm2[0] == pytest.approx(150.0)
    assert found.anagen_pct[0] == pytest.approx(60.0)
    assert found.mean_diameter_um[0] == pytest.approx(60.0)
    assert found.tv_ratio[0] == np.inf
    assert found.shed_per_cm2_day[0] == pytest.approx(60 / (2.4 * DAYS_PER_MONTH))
    growth = 30 + 30 * 337 / 45
    assert found.growth_mass[0] == pytest.approx(90 * growth * np.pi / 4 * 3600)
    assert found.lost_pct[0] == 0


def test_without_a_drug_hair_declines():
    found = course(CYCLE, START, WEEKS)
    for falling in (found.non_vellus_per_cm2, found.terminal_per_cm2, found.growth_mass):
        assert np.all(np.diff(falling) < 0)
    assert np.all(np.diff(found.lost_pct) > 0)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_more_inhibition_leaves_more_hair(one, other):
    less, more = sorted((one, other))
    low, high = (
        course(CYCLE, START, WEEKS, [Epoch(0.0, INHIBITOR.at(exposure))])
        for exposure in (less, more)
    )
    assert np.all(high.non_vellus_per_cm2 - low.non_vellus_per_cm2 > -1e-12)
    assert np.all(high.terminal_per_cm2 - low.terminal_per_cm2 > -1e-12)
    assert np.all(low.lost_pct - high.lost_pct > -1e-12)


@given(st.floats(0.3, 1.0), st.floats(0.3, 1.0))
def test_a_shorter_kenogen_shows_more_hair(one, other):
    short, long = (
        course(CYCLE, START, WEEKS[:6], [Epoch(0.0, DrugEffect(kenogen=factor))])
        for factor in sorted((one, other))
    )
    assert np.all(short.total_per_cm2 - long.total_per_cm2 > -1e-12)


def test_a_shorter_telogen_sheds_first():
    days = np.array([1.0, 14.0, 365.0])
    treated = course(CYCLE, START, days, [Epoch(0.0, OPENER)])
    untreated = course(CYCLE, START, days)
    extra = treated.shed_per_cm2_day / untreated.shed_per_cm2_day
    assert extra[0] == pytest.approx(1 / 0.6, rel=0.1)
    assert extra[2] < extra[0]


def test_what_a_drug_gave_fades_when_it_is_stopped():
    days = np.array([336.0, 700.0, 1100.0, 1800.0])
    stopped = course(CYCLE, START, days, [Epoch(0.0, OPENER), Epoch(340.0)])
    untreated = course(CYCLE, START, days)
    gain = stopped.non_vellus_per_cm2 - untreated.non_vellus_per_cm2
    assert gain[0] > 0
    assert abs(gain[-1]) < 0.15 * gain[0]
    assert stopped.growth_mass[0] / untreated.growth_mass[0] > 1.15


def test_the_living_small_can_come_back_but_not_the_lost():
    """After long loss fewer follicles are left for the same drug to bring back."""

    def gain(years):
        start = after_years(CYCLE, years)
        with_drug = course(CYCLE, start, np.array([728.0]), [Epoch(0.0, INHIBITOR)])
        return (with_drug.non_vellus_per_cm2 - course(CYCLE, start, [728.0]).non_vellus_per_cm2)[0]

    assert gain(12.0) > gain(2.0) > 0
    assert gain(60.0) < gain(12.0)


def test_strata_are_added_and_no_mean_exposure_is_used():
    halves = [
        Stratum(0.5, (Epoch(0.0, OPENER),)),
        Stratum(0.5, (Epoch(0.0, NO_EFFECT),)),
    ]
    mixed = course_in_strata(CYCLE, START, WEEKS, halves, 200.0)
    one = course(CYCLE, START, WEEKS, [Epoch(0.0, OPENER)], 200.0)
    other = course(CYCLE, START, WEEKS, follicles_per_cm2=200.0)
    mean = (one.total_per_cm2 + other.total_per_cm2) / 2
    assert mixed.total_per_cm2 == pytest.approx(mean, abs=1e-10)
    mass = (one.growth_mass + other.growth_mass) / 2
    assert mixed.growth_mass == pytest.approx(mass, rel=1e-12)
    middle = course(CYCLE, START, WEEKS, [Epoch(0.0, OPENER.at(0.5))], 200.0)
    assert np.abs(middle.total_per_cm2 - mixed.total_per_cm2).max() > 0.1


def test_effects_combine_and_stay_within_their_chances():
    both = INHIBITOR * OPENER
    assert both.anagen == pytest.approx(1.3 * 1.2)
    assert INHIBITOR.at(0.0) == NO_EFFECT
    assert INHIBITOR.at(1.0) == INHIBITOR
    assert DrugEffect(p_down=9.0).on(CYCLE).p_down == 1.0
    assert DrugEffect(p_down=9.0).on(CYCLE).p_up == 0.0


def test_impossible_courses_are_refused():
    with pytest.raises(ValueError, match="exposure is a part from 0 to 1"):
        OPENER.at(1.5)
    with pytest.raises(ValueError, match="multiplier kenogen must be above 0; got -1"):
        DrugEffect(kenogen=-1.0)
    with pytest.raises(ValueError, match="epochs must ascend from day 0"):
        course(CYCLE, START, WEEKS, [Epoch(5.0)])
    with pytest.raises(ValueError, match="add up to 1"):
        course_in_strata(CYCLE, START, WEEKS, [Stratum(0.5, (Epoch(0.0),))])
