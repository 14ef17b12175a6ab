"""Measuring rendered fields whose truth is known, and refusing what is no picture."""

import numpy as np
import pytest

from openmeso.science.trichoscopy.frame import within
from openmeso.science.trichoscopy.measure import measure_field
from openmeso.science.trichoscopy.render import render_field
from openmeso.science.trichoscopy.render_setting import RenderSetting
from openmeso.science.trichoscopy.scoring import score_field
from openmeso.terms.trichoscopy import MeasureSetting, Scale, TrichoscopyInputError

SETTING = MeasureSetting()


@pytest.fixture(scope="module")
def rendered():
    setting = RenderSetting(
        width_px=900, height_px=700, um_per_px=5.5, density_cm2=110.0, glare=0.05
    )
    return render_field(setting, np.random.default_rng(11))


@pytest.fixture(scope="module")
def measured(rendered):
    return measure_field(rendered.image, Scale(5.5, 0.0), SETTING)


def test_most_hairs_are_found_and_few_are_invented(rendered, measured):
    score = score_field(rendered, measured.hairs, measured.frame_px)
    assert score.true_count > 10
    assert score.recall > 0.75
    assert score.precision > 0.75


def test_widths_of_isolated_hairs_are_true(rendered, measured):
    score = score_field(rendered, measured.hairs, measured.frame_px)
    errors = [error for one, _, error in score.width_errors_um if one in score.isolated]
    assert len(errors) >= 4
    assert abs(np.median(errors)) < 4.0


def test_counted_hairs_have_their_root_in_the_frame(measured):
    for hair in measured.hairs:
        assert hair.counted == within(hair.root_px, measured.frame_px)
    assert measured.summary.counted_hairs == sum(hair.counted for hair in measured.hairs)


def test_the_interval_holds_the_count_and_density_follows_the_area(measured):
    summary = measured.summary
    assert summary.count.low < summary.count.value < summary.count.high
    assert summary.density_cm2.value == pytest.approx(summary.count.value / summary.area_cm2)


def test_masked_skin_is_not_measured(rendered):
    mask = np.zeros(rendered.image.shape[:2], bool)
    mask[:, :450] = True
    field = measure_field(rendered.image, Scale(5.5), SETTING, mask)
    assert field.masked_share == pytest.approx(0.5)
    assert all(hair.root_px[0] > 430 for hair in field.hairs if hair.counted)


def test_the_same_picture_gives_the_same_hairs(rendered, measured):
    assert measure_field(rendered.image, Scale(5.5, 0.0), SETTING) == measured


def test_without_a_scale_there_is_a_count_but_no_density(rendered):
    field = measure_field(rendered.image, None, SETTING)
    assert field.summary.counted_hairs > 0
    assert field.summary.density_cm2 is None
    assert all(hair.width_um is None and hair.length_mm is None for hair in field.hairs)


@pytest.mark.parametrize("value", [0, 128, 255])
def test_bare_skin_is_an_empty_result(value):
    field = measure_field(np.full((300, 400, 3), value, np.uint8), Scale(5.0), SETTING)
    assert field.hairs == ()
    assert field.summary.counted_hairs == 0
    assert field.summary.mean_width_um is None


def test_grey_and_transparent_pictures_are_taken(rendered):
    grey = rendered.image[:300, :400, 0]
    clear = np.dstack([rendered.image[:300, :400], np.full((300, 400), 255, np.uint8)])
    assert measure_field(grey, Scale(5.5), SETTING).width_px == 400
    assert measure_field(clear, Scale(5.5), SETTING).height_px == 300


def test_noise_ends_and_gives_a_field():
    noise = np.random.default_rng(3).integers(0, 256, (500, 600, 3), np.uint8)
    assert measure_field(noise, Scale(5.0), SETTING).height_px == 500


@pytest.mark.parametrize(
    "image",
    [
        "picture",
        None,
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((100, 100, 3), np.uint16),
        np.zeros((100, 100, 3), float),
        np.zeros((100, 100, 2), np.uint8),
        np.zeros(100, np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(image):
    with pytest.raises(TrichoscopyInputError, match="image: expected"):
        measure_field(image, Scale(5.0), SETTING)


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(TrichoscopyInputError, match="mask: expected"):
        measure_field(np.zeros((100, 100, 3), np.uint8), None, SETTING, np.zeros((50, 50), bool))


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan")])
def test_a_scale_of_nothing_is_refused(value):
    with pytest.raises(TrichoscopyInputError, match="scale"):
        Scale(value)
