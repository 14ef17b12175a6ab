"""The coverage map: cells where they belong, in mm of the reference map."""

import re
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from openmeso.gateways.reach_map import RAMP, draw_heat, levels_of
from openmeso.terms.reach import MapReach
from openmeso.terms.zone import Exclusion, MapView, Zone

SQUARE = ((0.0, 0.0), (40.0, 0.0), (40.0, 40.0), (0.0, 40.0))
VIEWS = {"top": MapView("top", "Top", "scalp", SQUARE, 16.0)}
ZONES = (Zone("Crown", "top", SQUARE), Zone("Elsewhere", "side", SQUARE))


def reached(*rows):
    across = tuple(10.0 * n + 5.0 for n in range(len(rows[0])))
    down = tuple(10.0 * n + 5.0 for n in range(len(rows)))
    return MapReach("top", "terminal", across, down, rows)


def test_neighbours_of_a_level_are_one_bar():
    heat = draw_heat(reached((0.9, 0.9, 0.1)), ZONES, VIEWS, 1.0, "a")
    assert {each.number: each.path for each in heat.levels} == {
        0: "M20 0h10v10h-10z",
        4: "M0 0h20v10h-20z",
    }


def test_a_larger_head_is_drawn_on_the_reference_map():
    heat = draw_heat(reached((0.9,), (0.9,)), ZONES, VIEWS, 2.0, "a")
    assert heat.levels[0].path == "M0 0h5v5h-5zM0 5h5v5h-5z"


def test_only_the_zones_of_the_view_are_drawn():
    heat = draw_heat(reached((0.9,)), ZONES, VIEWS, 1.0, "a")
    assert [zone.name for zone in heat.drawing.zones] == ["Crown"]


def test_nothing_is_drawn_where_nothing_is_known():
    heat = draw_heat(reached((float("nan"), 0.5)), ZONES, VIEWS, 1.0, "a")
    assert [each.number for each in heat.levels] == [2]
    assert heat.shares == (0.0, 0.0, 1.0, 0.0, 0.0)


def test_shares_count_the_zone_alone():
    # the third and fourth cell of 10 mm lie beyond the zone's 20 mm
    narrow = (Zone("Crown", "top", ((0.0, 0.0), (20.0, 0.0), (20.0, 40.0), (0.0, 40.0))),)
    heat = draw_heat(reached((0.9, 0.1, 0.1, 0.1)), narrow, VIEWS, 1.0, "a")
    assert heat.shares == (0.5, 0.0, 0.0, 0.0, 0.5)


def test_an_excluded_spot_is_not_counted():
    spot = Exclusion((5.0, 5.0), 4.0)
    spared = (Zone("Crown", "top", SQUARE, (spot,)),)
    heat = draw_heat(reached((0.9, 0.1, 0.1, 0.1)), spared, VIEWS, 1.0, "a")
    assert heat.shares[4] == 0.0


@given(st.floats(0.0, 1.0))
def test_every_level_has_its_fifth(value):
    found = int(levels_of(np.array(value)))
    assert found / 5 - 1e-9 <= value <= (found + 1) / 5


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30))
def test_every_cell_is_drawn_once(row):
    heat = draw_heat(reached(tuple(row)), ZONES, VIEWS, 1.0, "a")
    bars = [
        float(each) for level in heat.levels for each in re.findall(r" \S+h([\d.]+)v", level.path)
    ]
    width = 10.0 if len(row) > 1 else 1.0
    assert sum(bars) == len(row) * width


def test_the_ramp_darkens_steadily():
    def light(colour):
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert all(light(one) - light(two) > 20 for one, two in pairwise(RAMP))
