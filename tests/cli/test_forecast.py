"""`openmeso forecast` as it is run."""

import json
from pathlib import Path

import pytest

from openmeso.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "man-norwood-iii-vertex.json"


def run(capsys, *words):
    code = main(["forecast", *map(str, words)])
    out, err = capsys.readouterr()
    return code, out, err


def test_json_and_text_say_the_same(capsys, tmp_path):
    file = tmp_path / "measured.json"
    visits = [
        {"week": 0, "outcome": "count", "value": 160, "method": "corrected"},
        {"week": 12, "outcome": "count", "value": 166, "sd": 9},
    ]
    file.write_text(json.dumps(visits))
    code, out, err = run(capsys, EXAMPLE, "--measurements", file, "--json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert len(data["outcomes"]) == 7
    assert data["update"]["ess"] > 100
    code, text, _ = run(capsys, EXAMPLE, "--measurements", file)
    assert code == 0
    assert data["sentence"] in text
    for one in data["milestones"]:
        assert one["sentence"] in text
    assert "no dose advice" in text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "is not JSON"),
        ("{}", "measurements: expected a list; got dict"),
        ("[3]", "measurements[0]: expected an object; got 3"),
        ('[{"week": -1, "outcome": "count", "value": 9, "sd": 1}]', "got -1"),
        ('[{"week": 1, "outcome": "count", "value": "many", "sd": 1}]', "[0].value: expected a n"),
        ('[{"week": 1, "outcome": "count", "value": 9}]', "[0].method: expected one of automatic"),
        ('[{"week": 1, "outcome": "count", "value": 9, "sd": 0}]', "[0].sd: expected a number abo"),
        ('[{"week": 1, "outcome": "length", "value": 9, "sd": 1}]', "got 'length'"),
        ('[{"weak": 1}]', "got 'weak'"),
    ],
)
def test_bad_measurements_are_refused(capsys, tmp_path, content, says):
    file = tmp_path / "measured.json"
    file.write_text(content)
    code, out, err = run(capsys, EXAMPLE, "--measurements", file)
    assert (code, out) == (2, "")
    assert says in err


def test_a_condition_without_a_forecast_says_so(capsys, tmp_path):
    data = json.loads(EXAMPLE.read_text())
    data["assessment"]["indication"] = "telogen_effluvium"
    data["assessment"]["scores"] = []
    data["choice"]["preset"] = "whole_scalp"
    file = tmp_path / "request.json"
    file.write_text(json.dumps(data))
    code, out, err = run(capsys, file)
    assert (code, out) == (1, "")
    assert "got telogen_effluvium" in err


def test_a_missing_file_is_refused(capsys):
    code, _, err = run(capsys, "nowhere.json")
    assert code == 2
    assert "nowhere.json" in err
