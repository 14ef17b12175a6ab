"""Darkness measured again along a path agrees with what was drawn there."""

import numpy as np
import pytest

from openmeso.science.trichoscopy.hair_match import Line, apart_um, match, turned_deg
from openmeso.science.trichoscopy.remeasure import Shaft, darkness, freedom, look

DARK = 0.7
UM_PER_PX = 5.5


def strip(width: float, y: float = 60.0) -> np.ndarray:
    """Absorption (120, 200) of a level strip of this width about ``y``, with exact edges."""
    rows = np.arange(120.0)[:, None]
    cover = np.clip(
        np.minimum(rows + 0.5, y + width / 2) - np.maximum(rows - 0.5, y - width / 2), 0, 1
    )
    return np.asarray(DARK * np.repeat(cover, 200, axis=1), np.float32)


def level(y: float, width: float = 10.0, tilt: float = 0.0) -> Shaft:
    x = np.linspace(30.0, 150.0, 20)
    return Shaft(np.stack([x, y + tilt * (x - 30)], axis=1), width)


@pytest.mark.parametrize("width", [4.0, 10.0, 17.5])
def test_darkness_is_width_times_absorption(width):
    whole, under = darkness(strip(width), level(60).path, 20.0, [], [level(60, width)])
    assert whole == pytest.approx(DARK * width, rel=1e-3)
    assert under == pytest.approx(whole, rel=1e-3)


def test_what_lies_under_others_is_left_out():
    whole, _ = darkness(strip(10) + strip(10, 90), level(60).path, 40.0, [level(90)], [])
    assert whole == pytest.approx(DARK * 10, rel=1e-3)


@pytest.mark.parametrize(("off", "tilt"), [(0.0, 0.0), (5.0, 0.0), (-3.0, 0.08)])
def test_a_shaft_is_found_where_it_lies_within_the_freedom(off, tilt):
    seen = look(strip(10), level(60 + off, 10, tilt), [], freedom(UM_PER_PX))
    assert seen.contrast == pytest.approx(DARK, rel=0.05)
    assert seen.bare < 0.1 * DARK
    assert seen.visible == pytest.approx(1.0)
    assert np.abs(seen.path[:, 1] - 60).max() < 2.0


def test_bare_skin_shows_nothing_and_a_hair_accounted_for_hides_its_skin():
    bare = look(strip(10, 20), level(75), [], freedom(UM_PER_PX))
    assert bare.contrast == pytest.approx(0.0, abs=1e-6)
    hidden = look(strip(10), level(60), [level(60, 30)], freedom(UM_PER_PX, 0.3))
    assert hidden.visible < 0.1


def test_too_short_a_path_is_not_looked_at():
    bit = Shaft(np.array([[30.0, 60.0], [33.0, 60.0]]), 10)
    assert look(strip(10), bit, [], freedom(UM_PER_PX)) is None


def hair(x: float, y: float, turn_deg: float = 0.0, length: float = 600.0) -> Line:
    turn = np.radians(turn_deg)
    steps = np.linspace(0, length, 8)
    return Line(np.stack([x + steps * np.cos(turn), y + steps * np.sin(turn)], axis=1), 70.0)


def test_hairs_of_one_unit_are_told_apart():
    first = [hair(0, 0), hair(0, 110, 8), hair(900, 0)]
    second = [hair(12, 118, 5, 500), hair(-8, 10, 3, 700), hair(5000, 0)]
    assert dict(match(first, second)) == {0: 1, 1: 0}


def test_a_root_at_the_wrong_end_does_no_harm():
    other = hair(0, 0, 4)
    assert match([hair(0, 0)], [Line(other.path[::-1], 70.0)]) == [(0, 0)]
    assert turned_deg(hair(0, 0).path, other.path[::-1]) == pytest.approx(4.0)


def test_parallel_lines_are_apart_by_their_distance():
    assert apart_um(hair(0, 0).path, hair(0, 40).path) == pytest.approx(40.0, abs=0.5)
    assert match([], [hair(0, 0)]) == match([hair(0, 0)], []) == []
