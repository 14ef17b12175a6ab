"""Gain: nothing at the start, ordered bands, and the forecast's own numbers without a count."""

import pytest

from openmeso.gateways.forecast_library import library
from openmeso.gateways.knowledge import load_knowledge
from openmeso.science.forecast.gain import gain
from openmeso.science.forecast.patient import forecast_of
from openmeso.science.forecast.simulation import simulate
from openmeso.science.injection.reach import reach
from tests.gateways.example_plan import example_plan


@pytest.fixture(scope="module")
def found():
    plan, shared = example_plan(), library("moderate", False)
    simulated = simulate(plan, reach(plan, load_knowledge()), shared)
    return forecast_of(plan.request.assessment, simulated, shared), gain(simulated, shared)


def test_before_the_first_session_nothing_has_changed(found):
    _, change = found
    for band in (change.treated, change.untreated):
        assert {each[0] for each in (band.p5, band.p25, band.p50, band.p75, band.p95)} == {0.0}


def test_bands_lie_in_each_other(found):
    band = found[1].treated
    for week in zip(band.p5, band.p25, band.p50, band.p75, band.p95, strict=True):
        assert list(week) == sorted(week)


def test_it_is_far_narrower_than_the_count(found):
    made, change = found
    count = made.outcome("count").treated
    assert change.treated.p95[26] - change.treated.p5[26] < 0.25 * (count.p95[26] - count.p5[26])


def test_no_count_no_counting_error(found):
    change = found[1]
    assert set(change.doubt.counting) == {0.0}
    parts = zip(change.doubt.patient, change.doubt.parameter, change.doubt.structural, strict=True)
    assert [sum(week) for week in parts][1:] == pytest.approx([1.0] * 52)


def test_untreated_hair_thins(found):
    assert found[1].untreated.p50[52] < 0.0


def test_accounts_weigh_alike(found):
    structures = found[1].structures
    assert sum(each.weight for each in structures) == pytest.approx(1.0)
    lowest, highest = (pick(each.treated[52] for each in structures) for pick in (min, max))
    assert lowest - 1e-6 <= found[1].treated.p50[52] <= highest + 1e-6
