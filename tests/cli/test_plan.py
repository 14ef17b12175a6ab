"""`openmeso plan`: the plan as text, JSON, PDF and calendar; bad input and blocks refused."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.cli.main import main
from openmeso.cli.plan import computed, reached
from openmeso.gateways.knowledge import load_knowledge
from openmeso.gateways.plan_json import PlanInputProblems, parse_request, plan_from_json
from openmeso.science.planning.plan import compute_plan
from openmeso.terms.plan import Plan
from openmeso.terms.reach import Skin

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
MAN = EXAMPLES / "man-norwood-iii-vertex.json"
WOMAN = EXAMPLES / "woman-ludwig-ii.json"
KNOWLEDGE = load_knowledge()

Captured = pytest.CaptureFixture[str]


def planned(file: Path, capsys: Captured) -> tuple[int, Plan]:
    code = main(["plan", str(file), "--json"])
    return code, plan_from_json(json.loads(capsys.readouterr().out))


def written(tmp_path: Path, data: Any) -> Path:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(data))
    return file


@pytest.mark.parametrize("file", [MAN, WOMAN], ids=lambda file: file.stem)
def test_a_good_example_is_a_plan_that_can_be_approved(file: Path, capsys: Captured) -> None:
    code, plan = planned(file, capsys)

    assert code == 0
    assert plan.can_be_approved
    request = parse_request(json.loads(file.read_text()), KNOWLEDGE)
    assert plan == compute_plan(request, KNOWLEDGE)


def test_the_doses_are_points_times_volume_times_strength(capsys: Captured) -> None:
    _, plan = planned(MAN, capsys)

    volume_ml = plan.grid.points * (plan.choice.volume_per_point_ml or 0)
    minoxidil = next(dose for dose in plan.doses if dose.ingredient == "minoxidil")
    assert minoxidil.per_ml == pytest.approx(5.0 / 2, rel=1e-12)  # one part in two
    assert minoxidil.per_session == pytest.approx(volume_ml * 2.5, rel=1e-12)
    assert minoxidil.per_course == pytest.approx(volume_ml * 2.5 * 10, rel=1e-12)


BLOCKED = [
    ("blocked-buflomedil", "blocked_ingredient:buflomedil", "Buflomedil"),
    ("blocked-dutasteride-in-pregnancy", "pregnancy_5ari:pregnancy", "regnan"),
    ("blocked-lidocaine-5-mg-per-kg", "dose_cap:lidocaine", "4.5 mg/kg"),
    ("blocked-topical-ampoule", "topical_product:minoxidil_topical_5", "surface only"),
]


@pytest.mark.parametrize(("name", "finding", "says"), BLOCKED, ids=lambda value: value)
def test_a_forbidden_plan_is_blocked_with_reason_and_source(
    name: str, finding: str, says: str, capsys: Captured
) -> None:
    code, plan = planned(EXAMPLES / f"{name}.json", capsys)

    assert code == 1
    assert plan.blocked
    found = next(one for one in plan.findings if one.id == finding)
    assert found.strength == "block"
    assert found.facts
    assert all(KNOWLEDGE.facts[one].url for one in found.facts)
    assert says in f"{found.title} {found.reason}"


@pytest.mark.parametrize(("name", "finding", "_"), BLOCKED, ids=lambda value: value)
def test_an_override_lifts_no_block(
    name: str, finding: str, _: str, tmp_path: Path, capsys: Captured
) -> None:
    data = json.loads((EXAMPLES / f"{name}.json").read_text())
    data["choice"]["overrides"] = [{"finding": finding, "reason": "the patient insists on it"}]

    code, plan = planned(written(tmp_path, data), capsys)

    assert code == 1
    assert plan.blocked
    assert finding in {one.id for one in plan.findings if one.strength == "block"}


def test_lidocaine_stands_at_five_milligrams_per_kilogram(capsys: Captured) -> None:
    _, plan = planned(EXAMPLES / "blocked-lidocaine-5-mg-per-kg.json", capsys)

    weight_kg = plan.request.assessment.weight_kg
    assert weight_kg is not None
    assert plan.doses[0].per_session / weight_kg == pytest.approx(5.0, rel=1e-6)


def test_an_override_lets_a_plan_go_on(tmp_path: Path, capsys: Captured) -> None:
    data = json.loads(MAN.read_text())
    data["choice"]["formula"]["components"] = [{"product": "dutasteride_0_05", "parts": 1}]
    _, before = planned(written(tmp_path, data), capsys)
    assert before.open_overrides
    data["choice"]["overrides"] = [
        {"finding": finding, "reason": "agreed with the patient on 16 November"}
        for finding in before.open_overrides
    ]

    code, after = planned(written(tmp_path, data), capsys)

    assert (code, after.open_overrides) == (0, ())


def test_the_text_puts_findings_first(capsys: Captured) -> None:
    code = main(["plan", str(EXAMPLES / "blocked-buflomedil.json"), "--text"])

    said = capsys.readouterr().out
    assert code == 1
    assert "BLOCKED: this plan cannot be approved, and no reason lifts a block." in said
    order = [said.index(part) for part in ("FINDINGS", "NUMBERS", "FORMULA", "SCHEDULE")]
    assert order == sorted(order)
    assert "https://" in said[: said.index("NUMBERS")]
    assert max(len(line) for line in said.splitlines() if "http" not in line) <= 110


def test_every_source_is_printed_on_request(capsys: Captured) -> None:
    main(["plan", str(MAN), "--text"])
    short = capsys.readouterr().out
    main(["plan", str(MAN), "--text", "--sources"])

    assert len(capsys.readouterr().out) > len(short)


def test_a_terminal_gets_text_and_a_pipe_json(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["plan", str(MAN)])
    assert capsys.readouterr().out.startswith("{")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    main(["plan", str(MAN)])
    assert capsys.readouterr().out.startswith("Androgenetic alopecia in men")


def test_the_request_is_read_from_standard_input(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(MAN.read_bytes())))

    assert main(["plan", "-", "--json"]) == 0


def test_bad_input_is_refused_with_path_expected_and_example(
    tmp_path: Path, capsys: Captured
) -> None:
    data = json.loads(MAN.read_text())
    data["assessment"]["checklist"][2]["answer"] = "perhaps"
    data["choice"]["technique"] = "napage"

    code = main(["plan", str(written(tmp_path, data))])

    out, refused = capsys.readouterr()
    assert (code, out) == (2, "")
    assert "assessment.checklist[2].answer: is no known word" in refused
    assert "  expected: one of yes, no, not_asked" in refused
    assert '  example:  "no"' in refused
    assert "  did you mean: nappage" in refused


def test_what_the_science_refuses_is_named_alike(tmp_path: Path, capsys: Captured) -> None:
    data = json.loads(MAN.read_text())
    bow_tie = [[-20, 20], [20, 60], [20, 20], [-20, 60]]
    data["choice"]["zones"] = [{"name": "a", "view": "scalp_top", "polygon": bow_tie}]

    code = main(["plan", str(written(tmp_path, data))])

    assert code == 2
    assert capsys.readouterr().err.startswith("choice.zones[0].polygon: ")


def test_a_missing_file_and_no_json_are_refused(tmp_path: Path, capsys: Captured) -> None:
    assert main(["plan", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
    (tmp_path / "bad.json").write_text("{")
    assert main(["plan", str(tmp_path / "bad.json")]) == 2
    assert "line 1, column 2" in capsys.readouterr().err


def test_faulty_knowledge_is_refused(tmp_path: Path, capsys: Captured) -> None:
    assert main(["plan", str(MAN), "--knowledge", str(tmp_path)]) == 2
    assert "products.toml:1: the file is missing" in capsys.readouterr().err


@pytest.mark.slow
def test_pdf_and_calendar_are_written(tmp_path: Path, capsys: Captured) -> None:
    pdf, ics = tmp_path / "plan.pdf", tmp_path / "plan.ics"

    assert main(["plan", str(MAN), "--pdf", str(pdf), "--ics", str(ics)]) == 0

    assert pdf.read_bytes().startswith(b"%PDF-")
    assert ics.read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert ics.read_bytes().count(b"BEGIN:VEVENT") == len(planned_visits(capsys))


def planned_visits(capsys: Captured) -> list[object]:
    return list(json.loads(capsys.readouterr().out)["visits"])


def test_no_leaflet_or_calendar_of_a_blocked_plan(tmp_path: Path, capsys: Captured) -> None:
    pdf, ics = tmp_path / "plan.pdf", tmp_path / "plan.ics"
    blocked = str(EXAMPLES / "blocked-buflomedil.json")

    assert main(["plan", blocked, "--pdf", str(pdf), "--voice", "patient"]) == 1
    assert main(["plan", blocked, "--ics", str(ics)]) == 1

    assert "cannot be approved" in capsys.readouterr().err
    assert not pdf.exists()
    assert not ics.exists()


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path, capsys: Captured) -> None:
    assert main(["plan", str(MAN), "--ics", str(tmp_path / "no" / "plan.ics")]) == 2
    assert "plan.ics" in capsys.readouterr().err


@pytest.mark.slow
def test_planning_needs_no_django() -> None:
    """Planning, knowledge and schema run where Django is not even importable."""
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from openmeso.cli.main import main\n"
        f"assert main(['plan', {str(MAN)!r}, '--text']) == 0\n"
        "assert main(['schema']) == 0\n"
        "assert main(['knowledge', 'check']) == 0\n"
    )
    ran = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr


def test_the_json_says_where_the_substances_go(capsys: Captured) -> None:
    main(["plan", str(MAN), "--json"])
    found = json.loads(capsys.readouterr().out)["reach"]
    one = found["substances"][0]

    assert one["ingredient"] == "minoxidil"
    assert one["blood"]["peak_low_ng_ml"] < one["blood"]["peak_ng_ml"]
    assert one["balance_error"] <= 1e-9
    assert one["size_classes"][0]["bulge"]["course"]


def test_the_text_says_it_in_words(capsys: Captured) -> None:
    main(["plan", str(MAN), "--text"])
    said = capsys.readouterr().out
    assert "WHERE IT GOES" in said
    assert "In the blood at most about" in said
    assert "sulfotransferase" in said


@pytest.mark.parametrize("bad", [8.5, 40.0])
def test_a_needle_longer_than_the_scalp_is_thick_is_refused(
    bad: float, tmp_path: Path, capsys: Captured
) -> None:
    data = json.loads(MAN.read_text())
    data["choice"]["depth_mm"] = bad
    assert main(["plan", str(written(tmp_path, data)), "--json"]) == 2
    said = capsys.readouterr().err
    assert "choice.depth_mm" in said
    assert f"{bad:g}" in said
    assert "8 mm" in said


NUMBERS = {
    "depth_mm": st.one_of(st.floats(-1e6, 0.0), st.floats(8.001, 1e6)),
    "volume_per_point_ml": st.one_of(st.floats(-1e6, 0.0), st.floats(1.001, 1e6)),
    "spacing_mm": st.floats(-1e6, 0.0),
}


@given(name=st.sampled_from(sorted(NUMBERS)), data=st.data())
@settings(max_examples=20, deadline=None)
def test_a_number_that_no_injection_has_is_refused_by_name(name: str, data: Any) -> None:
    bad = data.draw(NUMBERS[name])
    asked = json.loads(MAN.read_text())
    place = asked["choice"].setdefault("grid", {}) if name == "spacing_mm" else asked["choice"]
    place[name] = bad
    with pytest.raises(PlanInputProblems) as refused:
        reached(computed(asked, KNOWLEDGE), KNOWLEDGE, Skin.DERMIS)
    said = str(refused.value)
    assert name in said
    assert f"{bad:g}"[:6] in said or str(bad) in said


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_a_depth_that_is_no_number_is_refused(text: str, tmp_path: Path, capsys: Captured) -> None:
    data = json.loads(MAN.read_text())
    data["choice"]["depth_mm"] = "DEPTH"
    file = tmp_path / "request.json"
    file.write_text(json.dumps(data).replace('"DEPTH"', text))
    assert main(["plan", str(file)]) == 2
    assert f"{text} is no number of JSON" in capsys.readouterr().err


def test_a_skin_of_another_kind_is_said(capsys: Captured) -> None:
    main(["plan", str(MAN), "--json", "--skin", "dermis_on_fat"])
    found = json.loads(capsys.readouterr().out)["reach"]
    assert found["skin"] == "dermis_on_fat"
    assert "With dermis throughout" in found["substances"][0]["sentence"]
