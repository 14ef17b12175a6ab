"""What is burnt in is found and masked; hair, furrows and glints are not taken for it."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from openmeso.science.trichoscopy.foreign_mark import find_marks
from openmeso.science.trichoscopy.render import render_field
from openmeso.science.trichoscopy.render_setting import (
    HairColour,
    HairStyle,
    Mark,
    RenderSetting,
    SkinType,
)

FIELD = RenderSetting(width_px=640, height_px=480, um_per_px=8.0)


def draw(seed=1, **changes):
    return render_field(replace(FIELD, **changes), np.random.default_rng(seed))


@pytest.mark.parametrize("mark", [Mark.SCALE_BAR, Mark.CIRCLE, Mark.TEXT, Mark.FRAME])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_burnt_in_mark_is_masked(mark, seed):
    plain = draw(seed, jpeg_quality=0)
    marked = draw(seed, jpeg_quality=0, marks=(mark,))
    drawn = np.abs(plain.image.astype(int) - marked.image).max(axis=-1) > 60
    if not drawn.any():
        pytest.skip("the circle lies outside the picture")
    found = find_marks(draw(seed, marks=(mark,)).image)
    assert found.boxes_px
    assert found.mask[drawn].mean() > 0.6
    # not much more than the mark and its margin
    assert found.mask.sum() < 20 * drawn.sum()


@pytest.mark.parametrize("flow_deg", [0.0, 90.0])
@pytest.mark.parametrize("style", [HairStyle.CLIPPED, HairStyle.TRIMMED])
@pytest.mark.parametrize("skin", [SkinType.I, SkinType.VI])
def test_hair_along_the_rows_is_no_mark(flow_deg, style, skin):
    field = draw(flow_deg=flow_deg, style=style, skin=skin, blur_um=3.0, density_cm2=200.0)
    assert find_marks(field.image).share == 0.0


@pytest.mark.parametrize("hair", [HairColour.BLOND, HairColour.WHITE])
def test_glare_and_bubbles_over_pale_hair_are_no_mark(hair):
    assert find_marks(draw(hair=hair, glare=0.6, bubbles=8, jpeg_quality=80).image).share == 0.0


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_empty_picture_has_no_hair_but_ends(level):
    found = find_marks(np.full((64, 80, 3), level, np.uint8))
    assert found.mask.shape == (64, 80)


def test_the_smallest_picture_is_looked_at():
    assert find_marks(np.zeros((1, 1, 3), np.uint8)).mask.shape == (1, 1)
    assert find_marks(np.zeros((3, 500, 3), np.uint8)).mask.shape == (3, 500)


@pytest.mark.parametrize("is_shaded", [False, True])
def test_a_straight_stroke_is_a_mark_where_it_has_one_colour(is_shaded):
    """A thin hair along the rows has two crisp edges as well, but darkens and lightens on its way."""
    image = np.full((300, 400, 3), (190, 150, 130), np.uint8)
    colour = np.linspace(40, 100, 150) if is_shaded else np.full(150, 40.0)
    image[120:124, 100:250] = colour.astype(np.uint8)[None, :, None]
    assert find_marks(image).mask.any() != is_shaded


@pytest.mark.parametrize("ink", [60, 225])
@pytest.mark.parametrize("is_closed", [False, True])
def test_the_box_around_a_word_is_a_mark_and_three_sides_are_none(ink, is_closed):
    image = draw(density_cm2=0.0, glare=0.0).image.copy()
    image[200:226, 300:362] = ink
    if not is_closed:
        image[200:226, 340:362] = image[230:256, 340:362]
        image[200:226, 300:340] = cv2.GaussianBlur(image[200:226, 300:340], (0, 0), 3.0)
    mask = find_marks(image).mask
    assert mask[200:226, 300:362].all() == is_closed


def test_the_label_beside_a_bar_is_masked_though_a_hair_runs_under_it():
    image = draw(density_cm2=0.0, glare=0.0).image.copy()
    cv2.line(image, (320, 150), (335, 300), (25, 20, 20), 10, cv2.LINE_AA)
    box = image[200:236, 280:392]
    box[:] = 70 + 0.1 * box
    cv2.putText(image, "1.0 mm", (284, 226), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (250, 250, 250), 1)
    mask = find_marks(image).mask
    assert mask[200:236, 280:392].all()
    assert not mask[150:190].any()
