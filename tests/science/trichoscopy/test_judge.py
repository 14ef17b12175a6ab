"""The network that judges a path: its file, its arithmetic, and what it makes of hair and vessels."""

import cv2
import numpy as np
import pytest

from openmeso.science.trichoscopy.judge import Network, network
from openmeso.science.trichoscopy.likelihood import sigmoid
from openmeso.science.trichoscopy.measure import measure_field
from openmeso.terms.trichoscopy import MeasureSetting, Scale

SKIN, BLACK, BLOOD = (205, 165, 145), (45, 40, 40), (190, 105, 100)


def field(colour, number=12, thick=16):
    """Straight strokes of one colour on blank skin, 5.5 µm a pixel, noise of a camera."""
    picture = np.full((700, 900, 3), SKIN, np.uint8)
    for k in range(number):
        x, y = 150 + 200 * (k % 4), 150 + 180 * (k // 4)
        cv2.line(picture, (x, y), (x + 60, y + 90), colour, thick, cv2.LINE_AA)
    noise = np.random.default_rng(3).normal(0, 3, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 1.2) + noise, 0, 255).astype(np.uint8)


def test_odds_are_those_of_the_weights():
    net = Network(
        mean=np.array([1.0, 0.0]), sd=np.array([2.0, 1.0]),
        inner=np.array([[1.0, -1.0], [0.5, 0.0]]), bias=np.array([0.0, 0.25]),
        outer=np.array([2.0, 3.0]), offset=-1.0,
    )  # fmt: skip
    # scaled (1, 2): nodes 2 and max(-0.75, 0); scaled (-4, 0), cut: nodes 0 and 4.25
    assert net.odds(np.array([[3.0, 2.0], [-99.0, 0.0]])) == pytest.approx([3.0, 11.75])
    assert sigmoid(np.array([0.0, -1e9, 1e9])) == pytest.approx([0.5, 0.0, 1.0])


def test_the_weights_of_the_file_fit_each_other():
    net = network()
    features, nodes = net.inner.shape
    assert net.mean.shape == net.sd.shape == (features,)
    assert net.bias.shape == net.outer.shape == (nodes,)
    assert net.sd.min() > 0
    assert all(np.all(np.isfinite(one)) for one in (net.mean, net.inner, net.bias, net.outer))


def test_black_strokes_are_hairs_and_strokes_as_red_as_blood_are_less_likely_ones():
    def trust(colour):
        found = measure_field(field(colour), Scale(5.5, 0.0), MeasureSetting()).hairs
        return len(found), sum(one.confidence for one in found)

    hairs, sure = trust(BLACK)
    vessels, unsure = trust(BLOOD)
    assert hairs == 12
    assert sure > 11
    assert vessels <= hairs
    assert unsure < sure
