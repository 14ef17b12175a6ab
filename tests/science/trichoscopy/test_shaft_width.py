"""Width of shafts drawn from a formula: a box behind a Gaussian blur, as wide as it was drawn."""

import numpy as np
import pytest
from scipy.special import ndtr

from openmeso.science.trichoscopy.shaft_width import blur_px, sharpened, width_along

PATH = np.array([[40.0, 20.0], [40.0, 180.0]])
SLANTED = np.array([[30.0, 20.0], [70.0, 180.0]])


def shaft(width, blur, path=PATH, depth=0.5):
    """Light around one straight shaft, the blur the same in all directions."""
    y, x = np.mgrid[:200, :110].astype(float)
    way = (path[1] - path[0]) / np.hypot(*(path[1] - path[0]))
    across = (x - path[0, 0]) * way[1] - (y - path[0, 1]) * way[0]
    hidden = ndtr((across + width / 2) / blur) - ndtr((across - width / 2) / blur)
    return (0.6 * (1 - depth * hidden)).astype(np.float32)


@pytest.mark.parametrize("path", [PATH, SLANTED])
@pytest.mark.parametrize("width", [8.0, 11.3, 16.0])
def test_a_thick_shaft_tells_its_width_and_the_blur_of_the_picture(width, path):
    found = width_along(shaft(width, 1.5, path), path, width)
    assert found.px == pytest.approx(width, abs=0.15)
    assert found.soft_px == pytest.approx(1.5, abs=0.1)


@pytest.mark.parametrize("width", [2.5, 3.0, 4.0, 6.0])
def test_a_thin_shaft_is_as_wide_as_drawn_once_the_blur_is_taken_out(width):
    thick = [width_along(shaft(size, 1.5), PATH, size) for size in (9.0, 10.0, 12.0, 14.0)]
    blur = blur_px(thick)
    seen = width_along(shaft(width, 1.5), PATH, width + 1)
    true = sharpened(seen, blur)
    assert abs(true.px - width) < 0.35
    assert true.px < seen.px
    assert true.error_px >= seen.error_px


def test_without_thick_shafts_no_blur_is_told_and_nothing_is_taken_out():
    seen = [width_along(shaft(3.0, 1.5), PATH, 4.0)] * 6
    assert blur_px(seen) == 0
    assert sharpened(seen[0], 0.0) == seen[0]


def test_a_shaft_at_the_edge_of_another_is_not_measured():
    light = shaft(10.0, 1.2)
    beside = shaft(10.0, 1.2, PATH + np.array([12.0, 0.0]))
    assert width_along(np.minimum(light, beside), PATH, 10.0) is None
