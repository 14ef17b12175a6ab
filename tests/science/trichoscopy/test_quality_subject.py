"""A picture of anything but skin from close by is refused or told, and its hairs are not counted."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
import skimage.data

from openmeso.science.trichoscopy.field import read_field
from openmeso.science.trichoscopy.quality_subject import read_variety, text_lines
from openmeso.science.trichoscopy.render import render_field
from openmeso.science.trichoscopy.render_setting import (
    HairColour,
    HairStyle,
    RenderSetting,
    SkinType,
)
from openmeso.terms.trichoscopy import Fault, HairField, Scale, Severity

FIELD = RenderSetting(width_px=640, height_px=480, um_per_px=7.0, density_cm2=100.0)


def coloured(image):
    """A picture in three equal channels where it came with one."""
    return np.ascontiguousarray(image if image.ndim == 3 else np.dstack([image] * 3))


def room():
    """Walls, floor and furniture."""
    rng = np.random.default_rng(3)
    image = np.empty((480, 640, 3), np.uint8)
    image[:300], image[300:] = (215, 205, 190), (120, 90, 60)
    for _ in range(12):
        x, y, wide, tall = rng.integers(0, (600, 440, 200, 200))
        image[y : y + tall + 20, x : x + wide + 20] = rng.integers(10, 245, 3)
    return cv2.GaussianBlur(image, (0, 0), 1.0)


def page():
    image = np.full((480, 640, 3), 205, np.uint8)
    for y in range(40, 470, 44):
        cv2.putText(image, "hair of the scalp and", (20, y), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (30,) * 3, 3)  # fmt: skip
    return cv2.GaussianBlur(image, (0, 0), 1.2)


def scalp_from_afar():
    """A head at 120 µm a pixel, sent as if it were a close-up."""
    made = replace(FIELD, um_per_px=40.0, width_px=1500, height_px=1200, style=HairStyle.LONG)
    image = render_field(made, np.random.default_rng(1)).image
    return cv2.resize(image, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)


def foliage():
    rng = np.random.default_rng(5)
    noise = sum(
        cv2.resize(rng.normal(size=(480 // s, 640 // s)), (640, 480)) * s**0.5 for s in (1, 2, 4, 8)
    )
    return (np.array([70, 120, 45]) + 14 * noise[..., None]).clip(0, 255).astype(np.uint8)


OTHERS = {
    "a room": room,
    "a page": page,
    "a scalp from afar": scalp_from_afar,
    "foliage": foliage,
    "a person": skimage.data.astronaut,
    "a cat": lambda: cv2.resize(skimage.data.chelsea(), None, fx=2, fy=2),
    "a cup": skimage.data.coffee,
    "a man with a camera": skimage.data.camera,
    "gravel": skimage.data.gravel,
    "grass": skimage.data.grass,
    "brick": skimage.data.brick,
    "colour noise": lambda: np.random.default_rng(1).integers(0, 256, (400, 500, 3), np.uint8),
    "a gradient": lambda: np.tile(np.linspace(10, 240, 640).astype(np.uint8), (480, 1)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_close_up_of_skin_is_refused(name: str) -> None:
    read = read_field(coloured(OTHERS[name]()), Scale(5.0))
    assert read.refused
    assert (read.hairs, read.summary.density_cm2) == ((), None)


@pytest.mark.parametrize("name", ["a room", "a page", "a scalp from afar", "a person", "a cup"])
def test_it_is_said_that_it_is_none(name: str) -> None:
    found = read_field(coloured(OTHERS[name]()), Scale(5.0)).findings
    told = [one for one in found if one.fault is Fault.OTHER_SUBJECT]
    assert any("no close-up" in one.message and one.remedy for one in told)


@pytest.mark.parametrize("size", [4, 20])
@pytest.mark.parametrize("light", [(240, 240, 240), (220, 180, 160)])
def test_on_a_checkerboard_no_hair_is_counted(size: int, light: tuple[int, int, int]) -> None:
    squares = (np.indices((480, 640)) // size).sum(axis=0) % 2
    image = np.where(squares[..., None] == 1, np.array(light), 30).astype(np.uint8)
    read = read_field(image, Scale(5.0))
    assert read.refused or read.summary.counted_hairs <= 2
    assert any(one.severity is not Severity.TELL for one in read.findings)


def test_on_a_plain_wall_there_is_no_hair() -> None:
    rng = np.random.default_rng(0)
    image = (np.array([205, 200, 190]) + rng.normal(0, 3, (480, 640, 1))).clip(0, 255)
    read = read_field(image.astype(np.uint8), Scale(5.0))
    assert read.hairs == ()
    assert any("no hair" in one.message for one in read.findings)


@cache
def measured(skin: SkinType, hair: HairColour) -> HairField:
    made = replace(FIELD, skin=skin, hair=hair)
    return read_field(render_field(made, np.random.default_rng(11)).image, Scale(7.0))


@pytest.mark.parametrize("hair", [HairColour.BLACK, HairColour.BROWN])
@pytest.mark.parametrize("skin", list(SkinType)[:4])
def test_hair_on_skin_is_hair_on_skin(skin: SkinType, hair: HairColour) -> None:
    assert all(one.fault is not Fault.OTHER_SUBJECT for one in measured(skin, hair).findings)


@pytest.mark.parametrize("hair", [HairColour.BLOND, HairColour.LIGHT_BROWN])
def test_shade_taken_for_hair_is_told(hair: HairColour) -> None:
    """Light hair on skin V: most of what is dark is shade."""
    field = measured(SkinType.V, hair)
    assert field.refused or any(one.severity is Severity.LIMIT for one in field.findings)


def test_where_what_is_dark_was_not_traced_that_is_shown() -> None:
    image = render_field(FIELD, np.random.default_rng(12)).image.copy()
    cv2.circle(image, (320, 240), 90, (60, 45, 40), -1)
    image = cv2.GaussianBlur(image, (0, 0), 1.0)
    (found,) = (
        one for one in read_field(image, Scale(7.0)).findings if one.fault is Fault.OTHER_SUBJECT
    )
    assert "looks like hair" in found.message
    x, y, width, height = found.boxes_px[0]
    assert x <= 320 <= x + width
    assert y <= 240 <= y + height


def test_a_picture_without_colour_is_told_and_measured() -> None:
    image = render_field(FIELD, np.random.default_rng(11)).image
    grey = coloured(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
    read = read_field(grey, Scale(7.0))
    (found,) = (one for one in read.findings if one.fault is Fault.OTHER_SUBJECT)
    assert (found.severity, read.refused) == (Severity.LIMIT, False)
    assert "no colours" in found.message


def test_variety_is_read_from_the_lighter_half_of_each_part() -> None:
    small = np.full((60, 60, 3), (200, 150, 120), np.uint8)
    small[::4] = 20  # hair
    out = np.zeros((60, 60), bool)
    assert read_variety(small, out).lightness == pytest.approx(0.0, abs=1e-3)
    small[1::4] = 250  # light hair: the other half is one
    small[::4] = (200, 150, 120)
    assert read_variety(small, out).of_skin == pytest.approx(0.0, abs=1e-3)
    small[:, 30:] = (100, 150, 120)
    small[:, :30] = (200, 150, 120)
    told = read_variety(small, out)
    assert told.red is not None
    assert told.red > 1.0
    assert not told.is_grey
    assert read_variety(small, ~out).red is None


def test_lines_of_a_page_are_bands_dark_all_across() -> None:
    dark = np.zeros((100, 120), bool)
    for y in range(5, 100, 12):
        dark[y : y + 4] = True
    assert text_lines(dark) == text_lines(dark.T) == 8
    assert text_lines(np.eye(100, 120, dtype=bool)) == 0
    assert text_lines(np.ones((4, 4), bool)) == 0
