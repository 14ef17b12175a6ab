"""Zones on the patient: scale, area, exclusions, what cannot be drawn."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.injection.zone import (
    head_scale,
    treated_zones,
    view_scales,
    zone_area_cm2,
)
from openmeso.terms.assessment import Assessment, Sex
from openmeso.terms.plan import PlanInputError
from openmeso.terms.zone import BodyReference, Exclusion, MapView, Zone

BODY = BodyReference(560.0, 500.0, assumption="test")
SQUARE = ((0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0))


def assessed(head_mm: float | None) -> Assessment:
    return Assessment(date(2026, 1, 5), "x", Sex.FEMALE, head_circumference_mm=head_mm)


def test_ten_by_ten_centimetres_are_a_hundred_square_centimetres() -> None:
    assert zone_area_cm2(Zone("z", "v", SQUARE), 1.0) == pytest.approx(100.0, abs=1e-12)


@pytest.mark.parametrize(("head_mm", "scale"), [(None, 1.0), (560.0, 1.0), (588.0, 1.05)])
def test_head_scale_is_the_ratio_of_circumferences(head_mm: float | None, scale: float) -> None:
    assert head_scale(assessed(head_mm), BODY) == pytest.approx(scale, abs=1e-12)


def test_area_grows_with_the_square_of_the_head() -> None:
    zone = Zone("z", "v", SQUARE)
    assert zone_area_cm2(zone, 1.05) == pytest.approx(110.25, abs=1e-9)


@pytest.mark.parametrize("head_mm", [56.0, 5600.0, 0.0, -560.0])
def test_a_circumference_in_centimetres_is_refused_with_the_range(head_mm: float) -> None:
    with pytest.raises(PlanInputError) as caught:
        head_scale(assessed(head_mm), BODY)
    assert caught.value.path == "assessment.head_circumference_mm"
    assert "336 and 784" in caught.value.remedy


def test_only_scalp_maps_grow_with_the_head() -> None:
    views = {
        "top": MapView("top", "Top", "scalp", SQUARE, 100.0),
        "face": MapView("face", "Face", "face", SQUARE, 100.0),
    }
    zones = (Zone("a", "top", SQUARE), Zone("b", "face", SQUARE))
    assert view_scales(zones, views, 1.1) == {"top": 1.1, "face": 1.0}
    with pytest.raises(PlanInputError) as caught:
        view_scales((Zone("a", "knee", SQUARE),), views, 1.0)
    assert caught.value.path == "choice.zones[0].view"
    assert "top, face" in caught.value.remedy


def test_an_exclusion_takes_its_disc_away() -> None:
    zone = Zone("z", "v", SQUARE, (Exclusion((50.0, 50.0), 10.0),))
    assert zone_area_cm2(zone, 1.0) == pytest.approx(100 - math.pi, abs=1e-3)


def test_skin_in_two_zones_counts_for_the_first() -> None:
    shifted = tuple((x + 50.0, y) for x, y in SQUARE)
    first, second = treated_zones((Zone("a", "v", SQUARE), Zone("b", "v", shifted)), 1.0)
    assert (first.area_cm2, second.area_cm2) == pytest.approx((100.0, 50.0))


def test_the_same_place_on_another_view_counts_again() -> None:
    both = treated_zones((Zone("a", "v", SQUARE), Zone("b", "w", SQUARE)), 1.0)
    assert [one.area_cm2 for one in both] == pytest.approx([100.0, 100.0])


def test_a_zone_across_the_outline_is_cut_off_there_and_says_so() -> None:
    zone = Zone("z", "v", tuple((x + 60.0, y) for x, y in SQUARE))
    (one,) = treated_zones((zone,), 1.1, {"v": SQUARE})
    assert one.area_cm2 == pytest.approx(40.0 * 1.21)
    assert one.outside_cm2 == pytest.approx(60.0 * 1.21)


BOW_TIE = ((0.0, 0.0), (100.0, 100.0), (100.0, 0.0), (0.0, 100.0))


@pytest.mark.parametrize(
    ("polygon", "said"),
    [
        (BOW_TIE, "crosses itself"),
        (((0.0, 0.0), (10.0, 0.0)), "2 different corners"),
        (((0.0, 0.0), (10.0, 0.0), (0.0, 0.0)), "2 different corners"),
        (((0.0, 0.0), (10.0, 0.0), (20.0, 0.0)), "encloses nothing"),
        (((0.0, 0.0), (10.0, 0.0), (math.nan, 5.0)), "off any map"),
        (((0.0, 0.0), (10.0, 0.0), (1e300, 5.0)), "off any map"),
        ((), "0 different corners"),
    ],
)
def test_what_encloses_nothing_is_refused(polygon: tuple, said: str) -> None:
    with pytest.raises(PlanInputError) as caught:
        treated_zones((Zone("a", "v", SQUARE), Zone("b", "v", polygon)), 1.0)
    assert caught.value.path == "choice.zones[1].polygon"
    assert said in caught.value.message
    assert caught.value.remedy


def test_no_zone_outside_zone_and_covered_zone_are_refused() -> None:
    with pytest.raises(PlanInputError) as none:
        treated_zones((), 1.0)
    assert none.value.path == "choice.zones"
    far = Zone("far", "v", tuple((x + 500.0, y) for x, y in SQUARE))
    with pytest.raises(PlanInputError) as outside:
        treated_zones((far,), 1.0, {"v": SQUARE})
    assert "outside the map" in outside.value.message
    covered = Zone("z", "v", SQUARE, (Exclusion((50.0, 50.0), 80.0),))
    with pytest.raises(PlanInputError) as hidden:
        treated_zones((covered,), 1.0)
    assert hidden.value.path == "choice.zones[0].exclusions"


@pytest.mark.parametrize("radius", [0.0, -3.0, math.inf])
def test_an_excluded_spot_needs_a_size(radius: float) -> None:
    zone = Zone("z", "v", SQUARE, (Exclusion((50.0, 50.0), radius),))
    with pytest.raises(PlanInputError) as caught:
        treated_zones((zone,), 1.0)
    assert caught.value.path == "choice.zones[0].exclusions[0].radius_mm"


@given(st.floats(-180, 180), st.integers(3, 12), st.floats(0.7, 1.3))
def test_area_does_not_depend_on_how_the_zone_is_turned(
    degrees: float, corners: int, scale: float
) -> None:
    def turned(by: float) -> Zone:
        angles = [math.tau * k / corners + math.radians(by) for k in range(corners)]
        return Zone("z", "v", tuple((60 * math.cos(a), 60 * math.sin(a)) for a in angles))

    exact = 0.5 * corners * 3600 * math.sin(math.tau / corners) * scale**2 / 100
    assert zone_area_cm2(turned(degrees), scale) == pytest.approx(exact, rel=1e-9)
