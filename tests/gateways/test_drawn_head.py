"""Heads drawn for the demo: the same strands at both dates, labelled, quick, and no picture of anybody."""

import io

import numpy as np
import pytest
from PIL import Image

from openmeso.gateways.drawn_head import BAND_PX, HEIGHT_PX, VIEWS, WIDTH_PX, drawn_head
from openmeso.gateways.picture import read_picture
from openmeso.services.knowledge import knowledge


def pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("L"), dtype=float)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_one_that_photos_are_taken_in_and_a_picture_that_is_kept(view):
    assert view in knowledge().photo_views
    content = drawn_head(view, filled_in=0.0, seed=1)
    read = read_picture(content)
    assert (read.width_px, read.height_px) == (WIDTH_PX, HEIGHT_PX)
    band = pixels(content)[-BAND_PX:]
    assert band.max() - band.min() > 150, "the words that say it is drawn stand out"


@pytest.mark.parametrize("view", VIEWS)
def test_filled_in_there_is_somewhat_more_hair(view):
    before, after = (pixels(drawn_head(view, filled_in=share, seed=1)) for share in (0.0, 1.0))
    dark = [(image[:-BAND_PX] < 130).mean() for image in (before, after)]
    assert dark[0] < dark[1] < 1.1 * dark[0]


def test_the_same_seed_draws_the_same_head():
    one, two, other = (drawn_head("vertex", filled_in=0.5, seed=seed) for seed in (1, 1, 2))
    assert one == two
    assert one != other


def test_a_view_that_nobody_drew_is_none():
    with pytest.raises(KeyError):
        drawn_head("occipital", filled_in=0.0, seed=1)
