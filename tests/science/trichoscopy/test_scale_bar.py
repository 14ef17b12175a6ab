"""Bars and rulers in a picture give their length in pixels; nothing is found where there is none."""

from dataclasses import replace

import numpy as np
import pytest

from openmeso.science.trichoscopy.render import render_field
from openmeso.science.trichoscopy.render_setting import Mark, RenderSetting
from openmeso.science.trichoscopy.scale_bar import find_scale
from openmeso.terms.trichoscopy import ScaleSource, TrichoscopyInputError

FIELD = RenderSetting(width_px=800, height_px=600, um_per_px=6.0, density_cm2=120.0)


def draw(seed, **changes):
    return render_field(replace(FIELD, **changes), np.random.default_rng(seed))


@pytest.mark.parametrize("um_per_px", [4.0, 7.0])
def test_most_bars_are_read_within_one_percent(um_per_px):
    read = []
    for seed in range(6):
        found = find_scale(draw(seed, um_per_px=um_per_px, marks=(Mark.SCALE_BAR,)).image)
        bars = [one for one in found if one.source is ScaleSource.SCALE_BAR]
        read += [bars[0].scale(1.0).um_per_px] if bars else []
    assert len(read) >= 5
    close = [value == pytest.approx(um_per_px, rel=0.011) for value in read]
    assert sum(close) >= 5


@pytest.mark.parametrize(("um_per_px", "mark_mm"), [(6.0, 1.0), (8.0, 1.0), (5.0, 1.0)])
def test_a_ruler_is_read_within_a_thousandth(um_per_px, mark_mm):
    found = find_scale(draw(3, um_per_px=um_per_px, mark_mm=mark_mm, marks=(Mark.RULER,)).image)
    (ruler,) = [one for one in found if one.source is ScaleSource.RULER]
    scale = ruler.scale(0.1 * mark_mm)
    assert scale.um_per_px == pytest.approx(um_per_px, rel=1e-3)
    assert abs(scale.um_per_px / um_per_px - 1) < 4 * max(scale.relative_sd, 1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_a_field_without_a_bar_has_none(seed):
    assert find_scale(draw(seed, jpeg_quality=(0, 60, 80, 92)[seed], glare=0.4).image) == ()


def test_two_readings_of_the_length_differ_in_scale():
    (bar,) = [
        one
        for one in find_scale(draw(0, marks=(Mark.SCALE_BAR,)).image)
        if one.source is ScaleSource.SCALE_BAR
    ]
    assert bar.scale(2.0).um_per_px == pytest.approx(2 * bar.scale(1.0).um_per_px)
    with pytest.raises(TrichoscopyInputError, match="printed_mm"):
        bar.scale(0.0)


def test_the_smallest_picture_has_no_scale():
    assert find_scale(np.zeros((1, 1, 3), np.uint8)) == ()
    assert find_scale(np.full((40, 60, 3), 200, np.uint8)) == ()
