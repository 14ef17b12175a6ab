"""`openmeso virtual-trial` as it is run: the same numbers whoever computes them."""

import json
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from openmeso.cli.main import main, parser
from openmeso.cli.virtual_trial import trial_of
from openmeso.gateways.virtual_trial import run_on_dask

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SMALL = ["virtual-trial", str(EXAMPLES / "man-norwood-iii-vertex.json"), "--patients", "1010"]


def printed(capsys, *words):
    assert main([*SMALL, "--json", *words]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def alone(capsys):
    return printed(capsys, "--workers", "1")


@pytest.mark.enable_socket
def test_two_workers_and_a_cluster_find_the_same(capsys, alone):
    assert printed(capsys, "--workers", "2") == alone
    cluster = LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    )
    with cluster, Client(cluster) as client:
        found = run_on_dask(trial_of(parser().parse_args(SMALL)), client)
    assert [one.mean for one in found.arms] == [one["mean"] for one in alone["arms"]]
    assert (found.low, found.high) == (alone["low"], alone["high"])
    assert [one["patients"] for one in alone["arms"]] == [505, 505]


def test_it_says_in_words_what_it_is(capsys):
    assert main([*SMALL, "--workers", "1", "--week", "12", "--seed", "3"]) == 0
    said = capsys.readouterr().out
    assert "to week 12" in said
    assert "treated        505 patients" in said
    assert "no evidence of an effect" in said


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--patients", "3"), "patients: expected 4 or more; got 3"),
        (("--week", "53"), "week: expected 1 to 52; got 53"),
        (("--seed", "-1"), "seed: expected 0 or more; got -1"),
        (("--workers", "0"), "workers: expected 1 or more; got 0"),
    ],
)
def test_bad_input_is_named_with_what_is_accepted(capsys, words, named):
    assert main([*SMALL, *words]) == 2
    assert named in capsys.readouterr().err
