"""`openmeso validate` as it is run, and that a broken equation makes it fail."""

import json
from html.parser import HTMLParser

import pytest

from openmeso.cli import validate as command
from openmeso.cli.main import main
from openmeso.gateways import leave_one_study_out
from openmeso.gateways.posterior import PosteriorError
from openmeso.science.injection import absorption, bolus
from openmeso.science.validation.check import CHECKS

pytestmark = pytest.mark.slow


def test_every_check_passes_and_is_reported_alike_twice(capsys, tmp_path):
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    assert main(["validate", "--json", "--html", str(first)]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["passed"]
    assert [one["name"] for one in data["checks"]] == [one.name for one in CHECKS]
    for one in data["checks"]:
        assert one["finding"]["error"] <= one["tolerance"]
        assert one["source"]
        assert all(line["x"] for line in one["finding"]["figure"]["lines"])
    pdf = tmp_path / "report.pdf"
    assert main(["validate", "--html", str(second), "--pdf", str(pdf)]) == 0
    assert first.read_bytes() == second.read_bytes()
    assert pdf.read_bytes().startswith(b"%PDF")
    assert first.read_text().count('role="img"') == len(CHECKS)
    seen = []

    class Links(HTMLParser):
        def handle_starttag(self, tag, attrs):
            seen.extend(name for name, _ in attrs if name in ("src", "href"))

    Links().feed(first.read_text())
    assert not seen
    assert "FAILED" not in first.read_text()


@pytest.mark.parametrize(
    ("module", "name", "breaks"),
    [
        (bolus, "ball_concentration", {"ball", "mass", "exposure"}),
        (bolus, "ball_exposure", {"exposure"}),
        (absorption, "body_mg", {"body"}),
    ],
)
def test_a_broken_equation_fails_its_checks(capsys, monkeypatch, tmp_path, module, name, breaks):
    right = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *given: right(*given) * 1.001)
    own = tuple(one for one in CHECKS if one.name in {"ball", "mass", "exposure", "body", "phases"})
    monkeypatch.setattr(command.validate, "__defaults__", (own,))
    report = tmp_path / "report.html"
    assert main(["validate", "--json", "--html", str(report)]) == 1
    data = json.loads(capsys.readouterr().out)
    failed = {one["name"] for one in data["checks"] if not one["passed"]}
    if name == "ball_concentration":
        assert {"ball", "mass"} <= failed <= breaks
    else:
        assert failed == breaks
    assert "FAILED" in report.read_text()


def test_a_stale_run_is_refused(capsys, monkeypatch):
    monkeypatch.setattr(leave_one_study_out, "evidence_hashes", lambda: {"trials.csv": "other"})
    with pytest.raises(PosteriorError, match="made from other evidence"):
        leave_one_study_out.read_left_out()
    assert main(["validate"]) == 2
    assert "leave-one-study-out" in capsys.readouterr().err
