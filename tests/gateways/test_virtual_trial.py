"""Virtual trial: the same numbers whoever computes the blocks, and the numbers of a trial."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from openmeso.cli.plan import computed
from openmeso.gateways.forecast_library import library_source
from openmeso.gateways.knowledge import load_knowledge
from openmeso.gateways.virtual_trial import run_here, run_on_dask
from openmeso.science.forecast.patient_effect import exposures
from openmeso.science.forecast.virtual_trial import VirtualTrial, blocks, result, run_block
from openmeso.terms.forecast import ForecastInputError

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "man-norwood-iii-vertex.json"


@pytest.fixture(scope="module")
def trial():
    source = library_source()
    plan = computed(json.loads(EXAMPLE.read_text()), load_knowledge())
    exposed = exposures(plan, None, source.priors)
    return VirtualTrial(source, plan, exposed, "moderate", False, 1500, 26, 7)


@pytest.fixture(scope="module")
def alone(trial):
    return run_here(trial, 1)


def test_more_workers_change_no_number(trial, alone):
    assert run_here(trial, 2) == alone


@pytest.mark.enable_socket
def test_dask_gives_the_same_numbers(trial, alone):
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        assert run_on_dask(trial, client) == alone


def test_blocks_have_their_own_chance_and_every_patient_an_arm(trial, alone):
    (first, seed), (second, other) = blocks(trial)
    assert (first, second) == (1000, 500)
    assert seed.spawn_key != other.spawn_key
    assert [one.patients for one in alone.arms] == [750, 750]
    assert alone.low < alone.difference < alone.high
    again = replace(trial, seed=8)
    assert run_here(again, 1).difference != alone.difference


def test_the_result_is_that_of_the_patients_put_together(trial, alone):
    found = [run_block(trial, *block) for block in blocks(trial)]
    assert result(trial, found) == alone
    total = sum(arms[1].total for arms in found)
    assert alone.arms[1].mean == pytest.approx(total / 750)


@pytest.mark.parametrize(("field", "value"), [("patients", 3), ("week", 53), ("seed", -1)])
def test_what_is_no_trial_is_refused_by_name(trial, field, value):
    with pytest.raises(ForecastInputError, match=f"{field}: expected .*; got {value}"):
        replace(trial, **{field: value})
