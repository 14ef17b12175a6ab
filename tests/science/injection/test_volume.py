"""Published spacing, volume per point and session volume contradict each other: ways out."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.science.injection.grid import count_points
from openmeso.science.injection.volume import PlannedVolume, volume_conflict
from openmeso.science.injection.zone import treated_zones
from openmeso.terms.grid import GridSpec, Lattice
from openmeso.terms.plan import VolumeConflict
from openmeso.terms.provenance import Quantity
from openmeso.terms.zone import Zone

PER_POINT = Quantity("mL", low=0.02, high=0.05, facts=("F0169",))


def planned(
    width: float, height: float, spec: GridSpec, volume_per_point_ml: float
) -> PlannedVolume:
    polygon = ((-5.0, -5.0), (width - 5, -5.0), (width - 5, height - 5), (-5.0, height - 5))
    treated = treated_zones((Zone("z", "v", polygon),), 1.0)
    return PlannedVolume(treated, spec, count_points(treated, spec), volume_per_point_ml)


def ways(conflict: VolumeConflict | None) -> dict:
    assert conflict is not None
    return {way.id: way for way in conflict.ways_out}


def published(low: float, high: float) -> Quantity:
    return Quantity("mL", low=low, high=high, facts=("F0447",))


def test_within_the_published_volume_there_is_no_conflict() -> None:
    plan = planned(100, 100, GridSpec(10.0, margin_mm=0.0), 0.03)
    assert volume_conflict(plan, published(1, 5), PER_POINT) is None
    assert volume_conflict(plan, published(3, 3), PER_POINT) is None


def test_the_published_contradiction_of_a_whole_scalp_in_words_and_numbers() -> None:
    # 375 points of 0.05 mL = 18.75 mL against 1-5 mL: 3.75 times
    plan = planned(250, 150, GridSpec(10.0, margin_mm=0.0), 0.05)
    conflict = volume_conflict(plan, published(1, 5), PER_POINT)
    assert conflict is not None
    assert conflict.planned_ml == pytest.approx(18.75)
    assert conflict.ratio == pytest.approx(3.75)
    assert conflict.sentence == (
        "375 points of 0.05 mL make 18.8 mL, 3.8 times the published 1–5 mL a session."
    )
    assert conflict.facts == ("F0447",)
    assert [way.id for way in conflict.ways_out] == [
        "wider_spacing", "smaller_volume_per_point", "smaller_area",
    ]  # fmt: skip
    out = ways(conflict)
    assert out["smaller_volume_per_point"].volume_per_point_ml == pytest.approx(0.01)
    assert "below the 0.02–0.05 mL" in out["smaller_volume_per_point"].sentence
    assert out["smaller_area"].area_cm2 == pytest.approx(100.0)
    assert "split over 4 sessions of about 94 points, 4.7 mL each" in out["smaller_area"].sentence


def test_a_single_published_figure_is_read_as_printed() -> None:
    plan = planned(250, 150, GridSpec(10.0, margin_mm=0.0), 0.02)
    single = Quantity("mL", value=2.0, facts=("F0003",))
    conflict = volume_conflict(plan, single, PER_POINT)
    assert conflict is not None
    assert (conflict.published_low_ml, conflict.published_high_ml) == (2.0, 2.0)
    assert conflict.ratio == pytest.approx(3.75)
    spacing = ways(conflict)["wider_spacing"].spacing_mm
    volume = 0.02 * count_points(plan.treated, GridSpec(spacing, margin_mm=0.0))
    assert 1.5 <= volume <= 2.5


def test_too_little_is_said_too() -> None:
    plan = planned(50, 40, GridSpec(10.0, margin_mm=0.0), 0.02)
    conflict = volume_conflict(plan, published(2, 5), PER_POINT)
    assert conflict is not None
    assert conflict.ratio == pytest.approx(0.2)
    assert "20% of the least published 2–5 mL" in conflict.sentence
    out = ways(conflict)
    assert list(out) == ["narrower_spacing", "larger_volume_per_point", "larger_area"]
    assert out["larger_volume_per_point"].volume_per_point_ml == pytest.approx(0.1)
    assert "above the 0.02–0.05 mL" in out["larger_volume_per_point"].sentence
    assert out["larger_area"].area_cm2 == pytest.approx(100.0)


def test_one_point_above_the_whole_volume_leaves_only_the_smaller_volume() -> None:
    plan = planned(50, 40, GridSpec(10.0, margin_mm=0.0), 3.0)
    assert list(ways(volume_conflict(plan, published(1, 2), PER_POINT))) == [
        "smaller_volume_per_point"
    ]


@settings(max_examples=80, deadline=None)
@given(
    st.floats(60, 260),
    st.floats(60, 200),
    st.floats(4, 15),
    st.sampled_from(Lattice),
    st.sampled_from([0.01, 0.02, 0.05, 0.1, 0.2]),
    st.floats(0.5, 6),
    st.floats(1.3, 4),
)
def test_every_way_out_ends_the_conflict(width, height, spacing, lattice, volume, low, spread):
    plan = planned(width, height, GridSpec(spacing, lattice), volume)
    text = published(low, low * spread)
    conflict = volume_conflict(plan, text, PER_POINT)
    if conflict is None:
        return
    for way in conflict.ways_out:
        if way.spacing_mm is not None:
            count = count_points(plan.treated, GridSpec(way.spacing_mm, lattice))
            other = PlannedVolume(plan.treated, plan.spec, count, volume)
            assert volume_conflict(other, text) is None
            assert str(count) in way.sentence
        if way.volume_per_point_ml is not None:
            other = PlannedVolume(plan.treated, plan.spec, plan.points, way.volume_per_point_ml)
            assert volume_conflict(other, text) is None
    smaller = ways(conflict).get("smaller_area")
    if smaller is not None:
        sessions = int(re.search(r"over (\d+) sessions", smaller.sentence)[1])
        assert -(-plan.points // sessions) * volume <= low * spread + 1e-9
