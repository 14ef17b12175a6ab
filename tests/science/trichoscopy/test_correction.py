"""Correction by hand: what was left stays, what was drawn counts, and the numbers add up."""

from dataclasses import replace
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.trichoscopy.correction import corrected_field
from openmeso.science.trichoscopy.frame import within
from openmeso.science.trichoscopy.outcome import outcome_values
from openmeso.terms.measurement import DrawnHair, MeasurementInputError, Method
from openmeso.terms.trichoscopy import HairClass, HairField, MeasureSetting
from tests.example_field import FRAME_PX, SIZE_PX, field, refused_field

SETTING = MeasureSetting()


def drawn(made: HairField) -> list[DrawnHair]:
    return [DrawnHair(one.path_px, (one.id,)) for one in made.hairs]


def corrected(made: HairField, hairs: list[DrawnHair]) -> HairField:
    return corrected_field(made, tuple(hairs), SETTING)


def test_nothing_changed_changes_nothing_but_who_vouches_for_it():
    made = field()
    found = corrected(made, drawn(made))
    assert [replace(one, unit=0) for one in found.hairs] == [
        replace(one, unit=0) for one in made.hairs
    ]
    assert found.summary.density_cm2 == made.summary.density_cm2
    assert found.summary.mean_width_um == made.summary.mean_width_um
    assert found.method == "laid out by hand + by hand"
    assert corrected(found, drawn(found)).method == found.method


def test_adding_and_deleting_moves_the_count_and_the_density():
    made = field()
    more = [*drawn(made), DrawnHair(((300.0, 430.0), (340.0, 430.0)))]
    found = corrected(made, more)
    assert found.summary.counted_hairs == made.summary.counted_hairs + 1
    assert found.hairs[-1].hair_class is HairClass.UNKNOWN
    assert found.hairs[-1].length_mm == pytest.approx(0.2)
    area = made.summary.area_cm2
    assert found.summary.density_cm2.value == pytest.approx(41 / area)
    fewer = corrected(made, drawn(made)[3:])
    assert fewer.summary.density_cm2.value == pytest.approx(37 / area)


def test_a_hair_turned_round_is_counted_by_its_new_root():
    made = field()
    hairs = drawn(made)
    # its tip lies in the frame, its root does not
    hairs[0] = DrawnHair(((20.0, 60.0), (80.0, 60.0)), (0,))
    assert corrected(made, hairs).summary.counted_hairs == 39
    hairs[0] = DrawnHair(tuple(reversed(hairs[0].path_px)), (0,))
    turned = corrected(made, hairs)
    assert turned.summary.counted_hairs == 40
    assert turned.hairs[0].width_um == made.hairs[0].width_um
    assert turned.hairs[0].hair_class is HairClass.VELLUS


def test_parts_keep_the_width_and_a_joined_hair_has_the_mean_by_length():
    made = field()
    hairs = drawn(made)
    left, middle, right = made.hairs[1].path_px
    halves = [DrawnHair((left, middle), (1,)), DrawnHair((middle, right), (1,))]
    split = corrected(made, [*hairs[:1], *halves, *hairs[2:]])
    assert split.summary.counted_hairs == 41
    assert [one.width_um for one in split.hairs[1:3]] == [60.0, 60.0]
    assert split.hairs[1].length_px == pytest.approx(30.0)
    joined = DrawnHair((*made.hairs[0].path_px, *made.hairs[1].path_px), (0, 1))
    found = corrected(made, [joined, *hairs[2:]])
    assert found.hairs[0].width_um == pytest.approx(40.0)
    assert found.hairs[0].hair_class is HairClass.TERMINAL


def test_roots_nearer_than_the_cut_share_a_unit():
    made = field()
    near = [DrawnHair(((x, 430.0), (x + 30, 430.0))) for x in (200.0, 250.0, 300.0, 420.0)]
    units = [one.unit for one in corrected(made, [*drawn(made), *near]).hairs[-4:]]
    # 400 µm are 80 px: the first three hang together, the fourth is 120 px away
    assert len(set(units[:3])) == 1
    assert units[3] != units[0]


def test_without_a_scale_there_are_counts_alone():
    made = field(scale=None)
    found = corrected(made, drawn(made)[1:])
    assert found.summary.counted_hairs == 39
    assert found.summary.density_cm2 is None
    assert found.hairs[0].unit == -1


def test_everything_deleted_is_a_field_without_hairs():
    found = corrected(field(), [])
    assert found.summary.counted_hairs == 0
    assert found.summary.count.high == 0
    assert found.summary.terminal_density_cm2.value == 0
    assert found.summary.diameter_diversity is None


POINTS = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))


@given(st.lists(st.lists(POINTS, min_size=2, max_size=6), max_size=20), st.data())
def test_whatever_is_drawn_lies_in_the_picture_and_is_counted_once(paths, data):
    made = field()
    sources = st.lists(st.integers(-3, 60), max_size=3)
    hairs = [DrawnHair(tuple(path), tuple(data.draw(sources))) for path in paths]
    found = corrected(made, hairs)
    inside = 0
    for one in found.hairs:
        assert all(0 <= x < SIZE_PX[0] and 0 <= y < SIZE_PX[1] for x, y in one.path_px)
        inside += within(one.root_px, FRAME_PX)
    assert found.summary.counted_hairs == inside
    assert [one.id for one in found.hairs] == list(range(len(hairs)))


@pytest.mark.parametrize("path", [(), ((1.0, 1.0),), ((1.0, 1.0), (float("nan"), 2.0))])
def test_what_is_no_hair_is_refused(path):
    with pytest.raises(MeasurementInputError, match="path_px"):
        DrawnHair(path)


def test_outcomes_carry_the_value_and_an_error_from_the_interval():
    made = field()
    values = {one.outcome: one for one in outcome_values(made, Method.CORRECTED)}
    density = values["total_density"]
    assert density.value == made.summary.density_cm2.value
    # 8 % of counting by hand, and twice the 2 % of the scale
    assert density.sd == pytest.approx(hypot(0.08, 0.04) * density.value)
    assert values["terminal_density"].value == pytest.approx(0.75 * density.value)
    assert values["diameter_diversity"].value == pytest.approx(25.0)
    assert {one.method for one in values.values()} == {Method.CORRECTED}


def test_a_refused_picture_has_no_outcomes():
    assert outcome_values(refused_field(), Method.AUTOMATIC) == ()
