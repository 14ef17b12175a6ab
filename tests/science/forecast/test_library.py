"""The library's courses against the exact chain of the hair cycle, and its reproducibility."""

import subprocess
import sys

import numpy as np
import pytest

from openmeso.science.follicles import after_years, course
from openmeso.science.forecast.library import STRUCTURES, make_library, tv_per_count
from openmeso.science.forecast.library_course import CYCLE, READINGS, Batch, starts
from openmeso.science.forecast.library_course import course as batch_course
from openmeso.terms.forecast import LAST_WEEK

THICK, SHED, LOST = (READINGS.index(name) for name in ("thick", "shed", "lost"))
DAYS = np.arange(LAST_WEEK + 1) * 7.0


@pytest.mark.parametrize("draw", [0, 333, 999])
def test_untreated_course_is_the_exact_chain(library, draw):
    exact = course(library.batch.cycle(draw), library.start[draw], DAYS)
    assert library.untreated[THICK, :, draw] == pytest.approx(exact.non_vellus_per_cm2, abs=2e-6)
    assert library.untreated[SHED, :, draw] == pytest.approx(exact.shed_per_cm2_day, abs=1e-7)
    assert 100 * library.untreated[LOST, :, draw] == pytest.approx(exact.lost_pct, abs=2e-3)


def test_follicles_are_conserved(library):
    assert library.start.sum(axis=1) == pytest.approx(np.ones(library.size), abs=1e-6)
    assert (np.diff(library.untreated[LOST], axis=0) > -1e-5).all()


def test_after_the_stop_the_untreated_cycle_holds(library):
    few = library.batch.part(slice(0, 5))
    start = library.start[:5]
    on = few.times({"kenogen": np.full(5, 0.5)})
    never = batch_course(few, few, start, 10)
    assert batch_course(few, on, start, 10, np.zeros(5)) == pytest.approx(never, rel=2e-6, abs=1e-6)
    late = batch_course(few, on, start, 10, np.array([0, 4, 4, 10, 11]))
    held = batch_course(few, on, start, 10)
    assert late[:, :, 0] == pytest.approx(never[:, :, 0], rel=2e-6, abs=1e-6)
    assert late[:, :4, 1] == pytest.approx(held[:, :4, 1], rel=2e-6, abs=1e-6)
    assert late[:, :10, 3] == pytest.approx(held[:, :10, 3], rel=2e-6, abs=1e-6)


def test_start_is_near_that_of_a_sharp_history(source):
    value = {name: np.full(1, one) for name, one in source.posterior.structure}
    batch = Batch({name: value[name] for name in CYCLE})
    start = starts(batch, value["history_years"])
    sharp = after_years(batch.cycle(0), float(value["history_years"][0]))
    here, there = (
        course(batch.cycle(0), one, np.zeros(1)).non_vellus_per_cm2[0] for one in (start[0], sharp)
    )
    assert here == pytest.approx(there, rel=0.02)


def test_the_average_count_is_near_that_of_the_trials(library, source):
    count = library.own["follicles"] * library.untreated[THICK, 0]
    assert np.median(count) == pytest.approx(source.posterior.priors.baseline["density"], rel=0.1)


def test_the_same_seed_gives_the_same_and_another_does_not(others, source):
    from_same = make_library(others.source, np.random.default_rng(11), "moderate", False)
    assert (from_same.untreated == others.untreated).all()
    other = make_library(others.source, np.random.default_rng(12), "moderate", False)
    assert not (other.untreated == others.untreated).all()


def test_accounts_are_laid_out_apart(library):
    assert np.bincount(library.structure).tolist() == [250] * len(STRUCTURES)
    assert (
        library.is_structure(0, "depot").sum() == library.is_structure(1, "reversal").sum() == 500
    )
    assert 0.5 < tv_per_count(library.source.posterior) < 2


def test_nothing_but_a_forecast_waits_for_numba():
    code = (
        "import sys, openmeso.cli.forecast, openmeso.services\n"
        "sys.exit('numba' in sys.modules or 'scipy.optimize._optimize' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
