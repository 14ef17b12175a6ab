"""`openmeso backtest` and `openmeso calibrate` as they are run."""

import contextlib
import csv
import io
import json

import pytest

from openmeso.cli.main import main
from openmeso.gateways.trials import TRIALS

SCORES = (
    "n", "mae", "naive_zero_mae", "naive_class_mae", "coverage_50", "coverage_90", "crps",
    "naive_class_crps",
)  # fmt: skip
OUTCOMES = (
    "baseline_mean", "baseline_sd", "followup_mean", "followup_sd", "change_mean", "change_sd",
    "change_ci_low", "change_ci_high", "change_pct", "responder_n", "responder_pct", "p_value",
)  # fmt: skip


def run(capsys, *words):
    code = main(["backtest", *map(str, words)])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture(scope="module")
def whole():
    """What the command prints for OpenMeso's own trials."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(["backtest", str(TRIALS), "--json"]) == 0
    return out.getvalue()


def test_json_has_scores_families_and_rows(whole):
    data = json.loads(whole)
    assert set(SCORES) < set(data)
    assert data["unit"] == "hairs/cm2"
    assert data["n"] == data["families"]["density"]["n"] > 30
    for family in data["families"].values():
        assert set(SCORES) < set(family)
    density = [r for r in data["rows"] if r["family"] == "density" and r["observed"] is not None]
    errors = [abs(row["predicted"] - row["observed"]) for row in density]
    assert data["mae"] == pytest.approx(sum(errors) / len(errors), abs=1e-3)
    assert data["coverage_90"] == pytest.approx(
        sum(r["interval_90"][0] <= r["observed"] <= r["interval_90"][1] for r in density)
        / len(density),
        abs=1e-4,
    )
    assert len(data["rows"]) + len(data["not_forecast"]) == 174
    assert all(one["reason"] for one in data["not_forecast"])


def test_twice_gives_the_same(capsys, whole):
    assert run(capsys, TRIALS, "--json") == (0, whole, "")


def test_a_file_never_seen_without_outcomes(capsys, tmp_path, whole):
    with TRIALS.open(newline="") as source:
        rows = list(csv.DictReader(source))
    new = tmp_path / "new.csv"
    with new.open("w", newline="") as sink:
        writer = csv.DictWriter(sink, rows[0])
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, **dict.fromkeys(OUTCOMES, ""), "study_key": "New"})
    code, out, _ = run(capsys, new, "--json")
    blank = json.loads(out)
    assert code == 0
    assert blank["n"] == 0
    assert blank["mae"] is None
    assert not any(row["calibrated_on"] for row in blank["rows"])
    assert [row["predicted"] for row in blank["rows"]] == [
        r["predicted"] for r in json.loads(whole)["rows"]
    ]


def test_bad_rows_are_listed_and_the_rest_is_forecast(capsys, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text(
        "row_id,study_key,intervention_class,outcome_family,outcome_unit,followup_week,change_mean\n"
        "A1,S,topical_minoxidil,density,hairs/cm2,24,15\n"
        "A2,S,laser,density,hairs/cm2,24,15\n"
        "A3,S,topical_minoxidil,density,hairs/cm2,later,15\n"
    )
    code, out, err = run(capsys, path, "--json")
    data = json.loads(out)
    assert code == 0
    assert "odd.csv:4: followup_week: expected a number; got 'later'" in err
    assert [row["row_id"] for row in data["rows"]] == ["A1"]
    assert {one["line"] for one in data["not_forecast"]} == {3, 4}
    code, out, _ = run(capsys, path)
    assert "A1" in out
    assert "intervention class 'laser' is not known" in out


@pytest.mark.parametrize(
    ("content", "says"), [(None, "No such file"), ("row_id\n", "lacks the columns")]
)
def test_a_file_that_cannot_be_read_is_refused(capsys, tmp_path, content, says):
    path = tmp_path / "bad.csv"
    if content is not None:
        path.write_text(content)
    code, out, err = run(capsys, path)
    assert (code, out) == (2, "")
    assert says in err


def test_calibrate_writes_the_artefact_it_reports(capsys, tmp_path):
    out = tmp_path / "posterior.json"
    assert main(["calibrate", "--out", str(out), "--draws", "5", "--thin", "1"]) == 0
    said = capsys.readouterr().out
    assert "net count 1 year" in said
    assert len(json.loads(out.read_text())["draws"]) == 5
