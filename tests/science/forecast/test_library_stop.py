"""Courses read off kept ones beside the exact: how far the quick answer of *Explore* may be off."""

import numpy as np
import pytest

from openmeso.science.forecast.gain import gain
from openmeso.science.forecast.library import COURSES, make_library
from openmeso.science.forecast.library_stop import PLACES, STOP_WEEKS, stopped
from openmeso.science.forecast.patient import forecast_of
from openmeso.science.forecast.simulation import glimpse, simulate
from openmeso.terms.forecast import LAST_WEEK
from tests.science.forecast.conftest import of_size

PERCENTS = ("p5", "p25", "p50", "p75", "p95")


@pytest.fixture(scope="module")
def small(source):
    return make_library(of_size(source, 10, 2), np.random.default_rng(3), "moderate", False)


@pytest.fixture(scope="module")
def kept(small):
    return {name: stopped(small, name) for name in COURSES}


@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize("week", [1, 4, 10, 26, 45, 51, 52])
def test_a_stop_between_is_nearly_exact(small, kept, course, week):
    stop = np.full(small.size, float(week))
    for node, exact in zip(kept[course], small.treated(course, stop), strict=True):
        off = np.abs(node.until(stop) - exact[PLACES])
        # of a follicle: at 250 follicles/cm² and three times the effect, a quarter of a hair
        assert off[0].max() < (1e-5 if week in STOP_WEEKS else 1e-3)
        # hairs shed a day by a follicle, of which there are some 0.004: four in a hundred
        assert off[1].max() < 1.5e-4


def test_each_draw_has_its_own_stop(small, kept):
    stop = np.where(np.arange(small.size) % 2, 5.0, 90.0)
    node, exact = kept["minoxidil"][0], small.treated("minoxidil", stop)[0]
    assert node.until(stop) == pytest.approx(exact[PLACES], abs=1e-5)


@pytest.mark.parametrize(("sessions", "days"), [(4, 7), (10, 7), (6, 30)])
def test_bands_and_chances_are_those_of_the_exact_course(small, kept, made_plan, sessions, days):
    plan = made_plan(phases=[{"sessions": sessions, "interval_days": days}])
    exact, quick = simulate(plan, None, small), glimpse(plan, None, small, kept)
    wide, near = gain(exact, small).treated, gain(quick, small).treated
    for name in PERCENTS:
        assert getattr(near, name) == pytest.approx(getattr(wide, name), abs=0.05)
    patient = plan.request.assessment
    full, short = (forecast_of(patient, one, small, names=()) for one in (exact, quick))
    for one, other in zip(full.milestones, short.milestones, strict=True):
        assert one.probability == pytest.approx(other.probability, abs=2 / small.size)
    assert len(full.weeks) == LAST_WEEK + 1
    assert short.outcomes == ()
