"""Straight edges of drawn bars, and the same edges as OpenCV's line-segment detector finds."""

import cv2
import numpy as np
import pytest

from openmeso.science.kernels.segment import straight_edges
from openmeso.science.trichoscopy.absorption import absorb, linear_light
from openmeso.science.trichoscopy.render import render_field
from openmeso.science.trichoscopy.render_setting import RenderSetting


def length(segments):
    return np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])


@pytest.mark.parametrize("angle_deg", [0, 17, 45, 90, 133])
def test_a_bar_has_two_long_edges_where_it_was_drawn(angle_deg):
    way = np.array([np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))])
    picture = np.zeros((160, 160), np.float32)
    ends = np.array([80 - 50 * way, 80 + 50 * way])
    first, last = (tuple(int(v) for v in np.rint(end * 16)) for end in ends)
    cv2.line(picture, first, last, 0.6, 11, cv2.LINE_AA, 4)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.8)
    found = straight_edges(picture, 0.02, 16)
    long = found[length(found) > 60]
    assert len(long) == 2
    for x0, y0, x1, y1 in long:
        across = np.array([x0 - 80, y0 - 80]) @ [-way[1], way[0]]
        assert abs(across) == pytest.approx(5.5, abs=1.5)
        turned = abs((x1 - x0) * way[1] - (y1 - y0) * way[0])
        assert turned < 2.5


def test_long_edges_of_a_field_are_those_of_the_line_segment_detector():
    setting = RenderSetting(width_px=700, height_px=500, um_per_px=5.5)
    image = render_field(setting, np.random.default_rng(2)).image
    seen = absorb(linear_light(image), 5.5, 5.5, False).a
    smooth = cv2.GaussianBlur(seen, (0, 0), 0.8)
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE, 1.0)
    theirs = detector.detect((np.clip(smooth, 0, 1) * 255).astype(np.uint8))[0].reshape(-1, 4)
    ours = straight_edges(smooth, 0.0205, 16)
    theirs = theirs[length(theirs) > 25]
    assert len(theirs) > 20
    middle = (ours[:, :2] + ours[:, 2:]) / 2
    near = [np.hypot(*(middle - (one[:2] + one[2:]) / 2).T).min() < 3.0 for one in theirs]
    assert np.mean(near) > 0.9


def test_an_even_picture_has_no_edges():
    assert straight_edges(np.full((50, 60), 0.3, np.float32), 0.02, 16).shape == (0, 4)
