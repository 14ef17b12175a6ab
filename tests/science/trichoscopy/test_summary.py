"""Numbers of a field from hairs whose widths are known: by hand the sums are easy."""

from dataclasses import replace
from math import hypot, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.trichoscopy.correction import corrected_field
from openmeso.science.trichoscopy.summary import (
    BY_HAND,
    CountError,
    border_per_mm,
    read_error,
    summarise,
)
from openmeso.terms.measurement import DrawnHair
from openmeso.terms.trichoscopy import HairClass, HairMode, MeasureSetting, Scale
from openmeso.terms.units import SDS_OF_90_PER_CENT
from tests.example_field import SCALE, field, hair

SETTING = MeasureSetting()
AREA_CM2 = 0.5


def summed(hairs, error=BY_HAND, scale=SCALE):
    return summarise(hairs, AREA_CM2, scale, SETTING, error)


def half(estimate):
    return (estimate.high - estimate.low) / 2


def test_diameter_diversity_is_the_share_below_eight_tenths_of_the_upper_quartile():
    widths = [80.0] * 12 + [63.0] * 3 + [65.0] * 5  # the quartile is 80, the cut 64
    hairs = [hair(n, 100.0, 100.0, width) for n, width in enumerate(widths)]
    assert summed(hairs).diameter_diversity.value == pytest.approx(3 / 20)


def test_a_read_and_a_corrected_field_of_the_same_hairs_differ_in_the_error_alone():
    made = field()
    error = read_error(HairMode.CLIPPED, border_per_mm(made.frame_px, 5.0, AREA_CM2))
    read = summarise(made.hairs, AREA_CM2, SCALE, SETTING, error)
    drawn = tuple(DrawnHair(one.path_px, (one.id,)) for one in made.hairs)
    corrected = corrected_field(replace(made, summary=read), drawn, SETTING).summary
    assert corrected.diameter_diversity == read.diameter_diversity
    assert corrected.mean_width_um == read.mean_width_um
    assert corrected.terminal_to_vellus == read.terminal_to_vellus
    assert corrected.terminal_density_cm2.value == read.terminal_density_cm2.value
    assert half(corrected.count) == pytest.approx(SDS_OF_90_PER_CENT * 0.08 * 40)
    assert half(read.count) == pytest.approx(SDS_OF_90_PER_CENT * error.sd(40))


def test_classes_of_some_hairs_stand_for_the_others_and_widen_the_interval():
    known = [hair(n, 100.0, 100.0, 60.0 if n % 4 else 20.0) for n in range(20)]
    drawn = [hair(n, 100.0, 100.0, None) for n in range(20, 40)]
    found = summed([*known, *drawn]).terminal_density_cm2
    assert found.value == pytest.approx(0.75 * 40 / AREA_CM2)
    sampled = 40 * sqrt(0.75 * 0.25 / 20 * 0.5)  # half of the hairs tell
    counted = 30 * hypot(0.08, 0.04)
    expected = SDS_OF_90_PER_CENT * hypot(sampled, counted) / AREA_CM2
    assert half(found) == pytest.approx(expected)


def test_few_known_classes_among_many_hairs_tell_nothing():
    hairs = [hair(n, 100.0, 100.0, 60.0 if n < 3 else None) for n in range(30)]
    found = summed(hairs)
    assert found.terminal_density_cm2 is None
    assert found.mean_width_um is None
    assert found.density_cm2.value == pytest.approx(30 / AREA_CM2)


def test_a_hair_kept_by_hand_keeps_the_class_of_its_rough_width():
    made = field()
    rough = replace(made.hairs[0], width_um=None, hair_class=HairClass.TERMINAL)
    made = replace(made, hairs=(rough, *made.hairs[1:]))
    drawn = tuple(DrawnHair(one.path_px, (one.id,)) for one in made.hairs)
    assert corrected_field(made, drawn, SETTING).hairs[0].hair_class is HairClass.TERMINAL


def test_an_uncertain_scale_widens_the_density_but_not_the_count():
    hairs = [hair(n, 100.0, 100.0) for n in range(30)]
    sharp, vague = summed(hairs, scale=Scale(5.0, 0.0)), summed(hairs, scale=Scale(5.0, 0.1))
    assert sharp.count == vague.count
    assert half(vague.density_cm2) > 2 * half(sharp.density_cm2)


def test_the_error_of_a_count_holds_the_truth_that_it_describes():
    error, rng = CountError(0.2, 0.0, 0.05), np.random.default_rng(4)
    true, held = 120, 0
    for _ in range(2000):
        own = true + rng.normal(0, sqrt(0.2 * true)) + rng.normal(0, 0.05 * true)
        held += abs(own - true) <= SDS_OF_90_PER_CENT * error.sd(own)
    assert 0.88 < held / 2000 < 0.92


numbers = st.integers(0, 400)
per_mm = st.floats(0.2, 5.0)


@given(numbers, per_mm, st.sampled_from(tuple(HairMode)))
def test_an_interval_holds_its_count_and_is_never_below_nought(number, border, mode):
    hairs = [hair(n, 100.0, 100.0) for n in range(number)]
    made = summed(hairs, read_error(mode, border)).count
    assert 0 <= made.low <= made.value == number < made.high


@given(numbers, per_mm, per_mm)
def test_a_frame_with_more_border_for_its_area_counts_less_surely(number, one, other):
    less, more = (read_error(HairMode.CLIPPED, each) for each in sorted((one, other)))
    assert less.sd(number) <= more.sd(number)


@given(numbers, st.floats(0.0, 0.2), st.floats(0.0, 0.2))
def test_an_interval_grows_with_the_error_of_the_scale_and_with_the_hairs(number, one, other):
    error = read_error(HairMode.CLIPPED, 0.6)
    less, more = sorted((one, other))
    assert error.sd(number, less) <= error.sd(number, more)
    assert error.sd(number, one) <= error.sd(number + 1, one)


def test_the_border_of_a_frame_is_told_over_what_is_counted_in_it():
    frame = (50, 50, 1600, 1200)  # 8 x 6 mm at 5 µm a pixel
    assert border_per_mm(frame, 5.0, 0.48) == pytest.approx(28 / 48)
    assert border_per_mm(frame, 5.0, 0.24) == pytest.approx(28 / 24)  # half of it masked
    assert border_per_mm(frame, 5.0, 0.0) == 0


def test_a_density_errs_by_as_much_as_the_count_it_is_of():
    hairs = [hair(n, 100.0, 100.0) for n in range(60)]
    made = summed(hairs, read_error(HairMode.CLIPPED, 0.6), Scale(5.0, 0.0))
    assert half(made.density_cm2) * AREA_CM2 == pytest.approx(half(made.count))
