"""Witnesses for techniques and skin layers: defaults, ranges and session lengths."""

import pytest

from tests.knowledge.files import Raw, toml_entries

IDS = ["intraepidermal", "papule", "nappage", "point_by_point", "gun", "microneedling"]
SPANS = [
    ("depth_mm", "default_depth_mm"),
    ("volume_per_point_ml", "default_volume_per_point_ml"),
    ("spacing_mm", "default_spacing_mm"),
]

# technique, field, (low, high) as printed in the sources, typed by hand
PUBLISHED = [
    ("papule", "depth_mm", (1, 2)),  # F0050
    ("nappage", "spacing_mm", (2, 4)),  # F0053
    ("nappage", "angle_degrees", (30, 60)),  # F0050, F0055
    ("nappage", "volume_per_point_ml", (0.01, 0.05)),  # F0172
    ("papule", "angle_degrees", (30, 45)),  # F0048
    ("gun", "spacing_mm", (10, 20)),  # F0194, F0168
    ("microneedling", "depth_mm", (0.5, 2.5)),  # F0128
    ("point_by_point", "session_volume_ml", (1, 7)),  # F0006, F0132
]

# technique, area [cm²] and spacing [mm] of a session as it might be planned
SESSIONS = [
    ("nappage", 100, 3),
    ("nappage", 375, 4),
    ("point_by_point", 40, 10),
    ("point_by_point", 375, 10),
    ("papule", 200, 10),
    ("gun", 375, 10),
    ("microneedling", 200, 10),
    ("intraepidermal", 250, 5),
]


def middle(quantity: dict[str, float]) -> float:
    return quantity.get("value", (quantity.get("low", 0) + quantity.get("high", 0)) / 2)


def bounds(quantity: dict[str, float]) -> tuple[float, float]:
    return quantity.get("low", quantity.get("value", 0)), quantity.get(
        "high", quantity.get("value", 0)
    )


def test_the_six_techniques_are_there(raw: Raw) -> None:
    assert list(raw("techniques")) == IDS


@pytest.mark.parametrize("technique", IDS)
@pytest.mark.parametrize(("span", "default"), SPANS)
def test_a_default_lies_in_its_published_range(
    raw: Raw, technique: str, span: str, default: str
) -> None:
    entry = raw("techniques")[technique]
    low, high = bounds(entry[span])
    assert low <= entry[default] <= high


@pytest.mark.parametrize(("technique", "field", "span"), PUBLISHED)
def test_ranges_are_those_printed(
    raw: Raw, technique: str, field: str, span: tuple[float, float]
) -> None:
    assert bounds(raw("techniques")[technique][field]) == span


@pytest.mark.parametrize("technique", IDS)
def test_the_needle_is_long_enough_for_the_default_depth(raw: Raw, technique: str) -> None:
    entry = raw("techniques")[technique]
    assert entry["needle_length_mm"] >= entry["default_depth_mm"]


def test_the_gun_is_never_faster_than_nine_shots_a_second(raw: Raw) -> None:
    assert bounds(raw("techniques")["gun"]["seconds_per_point"])[0] >= 1 / 9


@pytest.mark.parametrize(("technique", "area_cm2", "spacing_mm"), SESSIONS)
def test_usual_sessions_last_between_ten_and_forty_minutes(
    raw: Raw, technique: str, area_cm2: float, spacing_mm: float
) -> None:
    entry = raw("techniques")[technique]
    points = area_cm2 * 100 / spacing_mm**2
    minutes = points * middle(entry["seconds_per_point"]) / 60 + middle(entry["fixed_minutes"])
    assert 10 <= minutes <= 40


def test_seven_hundred_doses_need_several_needles(raw: Raw) -> None:
    for technique in ("papule", "nappage", "point_by_point"):
        assert 700 / middle(raw("techniques")[technique]["points_per_needle"]) >= 3


def test_sources_that_disagree_on_nappage_are_all_named(raw: Raw) -> None:
    cited = {fact for one in raw("techniques")["nappage"]["disputes"] for fact in one["facts"]}
    assert {"F0327", "F0162", "F0053", "F0056"} <= cited


def test_layers_follow_each_other_without_a_gap() -> None:
    ends: dict[str, float] = {}
    for layer in toml_entries("layers"):
        assert layer["top_mm"] == ends.get(layer["region"], 0.0)
        assert layer["bottom_mm"] > layer["top_mm"]
        ends[layer["region"]] = layer["bottom_mm"]
    assert len(ends) == 9


def test_layers_reach_as_deep_as_any_technique_is_allowed_there(raw: Raw) -> None:
    deepest = {layer["region"]: layer["bottom_mm"] for layer in toml_entries("layers")}
    for technique in raw("techniques").values():
        for region in set(technique["regions"]) - {"scalp"}:  # 4-13 mm never belong there
            assert deepest[region] >= bounds(technique["depth_mm"])[1]


def test_a_layer_has_a_source_or_says_assumption() -> None:
    assert all(layer.get("facts") or layer.get("assumption") for layer in toml_entries("layers"))


def test_terminal_bulbs_lie_in_the_fat_and_miniaturised_ones_in_the_dermis() -> None:
    scalp = {one["layer"]: one for one in toml_entries("layers") if one["region"] == "scalp"}
    assert scalp["subcutis"]["top_mm"] < 4 < 6 <= scalp["subcutis"]["bottom_mm"]  # F0124, F0126
    assert scalp["dermis"]["top_mm"] < 2 < scalp["dermis"]["bottom_mm"]  # F0125
