"""The maps: areas as published, presets inside their outlines, every grade its picture."""

import math
import tomllib
from pathlib import Path

import pytest
from shapely.geometry import Polygon

FOLDER = Path(__file__).parents[2] / "src" / "openmeso" / "knowledge"
VIEWS = {
    view["id"]: view for view in tomllib.loads((FOLDER / "maps" / "views.toml").read_text())["view"]
}
PRESETS = {
    preset["id"]: preset
    for preset in tomllib.loads((FOLDER / "maps" / "presets.toml").read_text())["preset"]
}
BODY = tomllib.loads((FOLDER / "body.toml").read_text())

# SALT weights (F0271) of 500 cm2 (F0466)
SALT_CM2 = {
    "scalp_top": 0.40 * 500,
    "scalp_left": 0.18 * 500,
    "scalp_right": 0.18 * 500,
    "scalp_back": 0.24 * 500,
}
PATTERNS = [
    "norwood_ii", "norwood_iii", "norwood_iii_vertex", "norwood_iv", "norwood_v", "norwood_vi",
    "norwood_vii", "ludwig_i", "ludwig_ii", "ludwig_iii", "sinclair_2", "sinclair_3",
    "sinclair_4", "sinclair_5", "whole_scalp", "vertex", "frontal",
]  # fmt: skip


def area_cm2(polygon: list[list[float]]) -> float:
    return Polygon(polygon).area / 100


def preset_cm2(preset: str) -> float:
    return sum(area_cm2(zone["polygon"]) for zone in PRESETS[preset]["zones"])


@pytest.mark.parametrize(("view", "expected"), SALT_CM2.items())
def test_scalp_views_have_the_salt_areas_exactly(view: str, expected: float) -> None:
    assert area_cm2(VIEWS[view]["outline"]) == pytest.approx(expected, abs=1e-9)
    assert VIEWS[view]["facts"] == ["F0271", "F0466"]


def test_the_scalp_is_five_hundred_square_centimetres() -> None:
    assert sum(SALT_CM2.values()) == pytest.approx(BODY["scalp_area_cm2"])
    assert preset_cm2("whole_scalp") == pytest.approx(500.0, abs=1e-9)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_views_are_what_they_say(view: dict) -> None:
    outline = Polygon(view["outline"])
    assert outline.is_valid
    assert outline.area / 100 == pytest.approx(view["area_cm2"], abs=1e-6)
    assert 40 <= len(view["outline"]) <= 200
    assert view["assumption"]
    assert view["lines"]
    assert view["labels"]
    numbers = [value for corner in view["outline"] for value in corner]
    assert all(round(value, 1) == value for value in numbers)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_the_drawing_is_centred_and_its_curves_are_smooth(view: dict) -> None:
    outline = view["outline"]
    low_x, low_y, high_x, high_y = Polygon(outline).bounds
    assert abs(low_x + high_x) / (high_x - low_x) < 0.05
    assert abs(low_y + high_y) / (high_y - low_y) < 0.2
    longest = max(math.dist(a, b) for a, b in zip(outline, outline[1:] + outline[:1], strict=True))
    assert longest < 0.08 * max(high_x - low_x, high_y - low_y)


def test_right_is_the_mirror_of_left() -> None:
    mirrored = Polygon([(-x, y) for x, y in VIEWS["scalp_left"]["outline"]])
    assert mirrored.symmetric_difference(Polygon(VIEWS["scalp_right"]["outline"])).area < 1e-6


@pytest.mark.parametrize("view", ["scalp_top", "scalp_back", "face_front", "body_front"])
def test_sides_are_alike_and_named(view: str) -> None:
    outline = VIEWS[view]["outline"]
    assert sorted([-x + 0.0, y] for x, y in outline) == sorted([x + 0.0, y] for x, y in outline)
    side = {text: x for x, _, text in VIEWS[view]["labels"] if text in ("Left", "Right")}
    seen_from_front = view in ("face_front", "body_front")
    assert (side["Left"] > 0) == seen_from_front
    assert (side["Right"] < 0) == seen_from_front


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_zones_lie_inside_their_outline_and_apart(preset: dict) -> None:
    assert preset["assumption"]
    seen: dict[str, list[Polygon]] = {}
    for zone in preset["zones"]:
        polygon = Polygon(zone["polygon"])
        assert polygon.is_valid
        assert Polygon(VIEWS[zone["view"]]["outline"]).covers(polygon)
        assert len(zone["polygon"]) >= 12
        assert all(polygon.disjoint(other) for other in seen.get(zone["view"], []))
        seen.setdefault(zone["view"], []).append(polygon)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_zones_on_the_body_name_their_region(preset: dict) -> None:
    for zone in preset["zones"]:
        if VIEWS[zone["view"]]["region"] == "body":
            assert zone["region"]
    names = [zone["name"] for zone in preset["zones"]]
    assert len(names) == len(set(names))


def test_every_pattern_has_its_preset_and_grows_with_the_grade() -> None:
    assert set(PATTERNS) <= set(PRESETS)
    for ladder in (
        ["norwood_ii", "norwood_iii", "norwood_iii_vertex", "norwood_iv", "norwood_v",
         "norwood_vi", "norwood_vii", "whole_scalp"],
        ["ludwig_i", "ludwig_ii", "ludwig_iii"],
        ["sinclair_2", "sinclair_3", "sinclair_4", "sinclair_5"],
    ):  # fmt: skip
        areas = [preset_cm2(preset) for preset in ladder]
        assert areas == sorted(areas)


def test_no_pattern_but_the_whole_scalp_passes_the_area_that_can_bald() -> None:
    # at most about 375 cm2 can bald (F0467)
    assert all(preset_cm2(one) <= 375 for one in PATTERNS if one != "whole_scalp")


def test_the_reference_head_follows_from_its_source() -> None:
    # the middle of 55 and 57 cm (M0001)
    assert BODY["head_circumference_mm"] == (550 + 570) / 2
    assert BODY["assumption"]
