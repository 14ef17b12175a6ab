"""Witnesses for the severity scales."""

import re

import pytest

from openmeso.gateways.knowledge import load_knowledge
from tests.knowledge.files import Raw

CODES = {
    "norwood_hamilton": ["I", "II", "III", "III vertex", "IV", "V", "VI", "VII"],
    "ludwig": ["I", "II", "III"],
    "sinclair": ["1", "2", "3", "4", "5"],
    "salt": ["S0", "S1", "S2", "S3", "S4", "S5"],
    "hair_shedding": ["1", "2", "3", "4", "5", "6"],
    "gais": ["1", "2", "3", "4", "5"],
    "nurnberger_muller": ["0", "1", "2", "3"],
    "wsrs": ["1", "2", "3", "4", "5"],
    "basp": [
        "L",
        "M0",
        "M1",
        "M2",
        "M3",
        "C0",
        "C1",
        "C2",
        "C3",
        "U1",
        "U2",
        "U3",
        "F1",
        "F2",
        "F3",
        "V1",
        "V2",
        "V3",
    ],
    "vas_pain": [],
    "hair_pull": [],
}


@pytest.mark.parametrize(("scale", "codes"), CODES.items())
def test_each_scale_has_its_published_steps(raw: Raw, scale: str, codes: list[str]) -> None:
    assert [grade["code"] for grade in raw("scales")[scale].get("grades", [])] == codes


def test_no_other_scale_is_offered(raw: Raw) -> None:
    assert set(raw("scales")) == set(CODES)


def test_salt_weights_add_up_and_give_the_map_its_areas(raw: Raw) -> None:
    weighting = raw("scales")["salt"]["notes"][0]["text"]
    weights = {name: int(percent) for name, percent in re.findall(r"(\w+) (\d+) %", weighting)}
    assert weights == {"top": 40, "left": 18, "right": 18, "back": 24}
    assert sum(weights.values()) == 100
    scalp_cm2 = 500  # F0466
    for name, area_cm2 in {"top": 200, "left": 90, "right": 90, "back": 120}.items():
        assert scalp_cm2 * weights[name] / 100 == area_cm2
        assert raw("maps/views")[f"scalp_{name}"]["area_cm2"] == area_cm2


def test_salt_bands_cover_every_score_once(raw: Raw) -> None:
    seen: list[int] = []
    for grade in raw("scales")["salt"]["grades"]:
        ends = [int(one) for one in re.findall(r"\d+", grade["name"])]
        seen += range(ends[0], ends[-1] + 1)
    assert seen == list(range(101))


def test_norwood_says_how_little_observers_agree(raw: Raw) -> None:
    notes = " ".join(one["text"] for one in raw("scales")["norwood_hamilton"]["notes"])
    assert "0.63 to 0.68" in notes  # F0274


def test_grades_that_draw_a_map_name_it_as_agreed(raw: Raw) -> None:
    drawn = {
        grade["preset"]
        for scale in ("norwood_hamilton", "ludwig", "sinclair")
        for grade in raw("scales")[scale]["grades"]
        if "preset" in grade
    }
    assert drawn == {
        *(f"norwood_{code}" for code in ["ii", "iii", "iii_vertex", "iv", "v", "vi", "vii"]),
        *(f"ludwig_{code}" for code in ["i", "ii", "iii"]),
        *(f"sinclair_{code}" for code in "2345"),
    }


def test_a_grade_has_a_source_or_says_assumption() -> None:
    for scale in load_knowledge().scales.values():
        assert all(grade.facts or grade.assumption for grade in scale.grades)
        assert scale.facts
