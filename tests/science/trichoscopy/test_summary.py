"""Numbers of a field from hairs whose widths are known: by hand the sums are easy."""

from dataclasses import replace
from math import hypot, sqrt

import numpy as np
import pytest

from openmeso.science.trichoscopy.correction import corrected_field
from openmeso.science.trichoscopy.summary import BY_HAND, READ, CountError, summarise
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
    read = summarise(made.hairs, AREA_CM2, SCALE, SETTING, READ[HairMode.CLIPPED])
    drawn = tuple(DrawnHair(one.path_px, (one.id,)) for one in made.hairs)
    corrected = corrected_field(replace(made, summary=read), drawn, SETTING).summary
    assert corrected.diameter_diversity == read.diameter_diversity
    assert corrected.mean_width_um == read.mean_width_um
    assert corrected.terminal_to_vellus == read.terminal_to_vellus
    assert corrected.terminal_density_cm2.value == read.terminal_density_cm2.value
    assert half(corrected.count) < half(read.count)


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
    error, rng = CountError(0.2, 0.05), np.random.default_rng(4)
    true, held = 120, 0
    for _ in range(2000):
        own = true + rng.normal(0, sqrt(0.2 * true)) + rng.normal(0, 0.05 * true)
        held += abs(own - true) <= SDS_OF_90_PER_CENT * error.sd(own)
    assert 0.88 < held / 2000 < 0.92
