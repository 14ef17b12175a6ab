"""A shaved field seen twice: what grew is growing, what did not rests, and the rate is theirs."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.science.trichoscopy.measure import measure_field
from openmeso.science.trichoscopy.phototrichogram import phototrichogram
from openmeso.science.trichoscopy.registration import register
from openmeso.science.trichoscopy.render_pair import render_phototrichogram
from openmeso.science.trichoscopy.render_pose import Pose
from openmeso.science.trichoscopy.render_setting import RenderSetting
from openmeso.science.trichoscopy.spot import View
from openmeso.terms.comparison import NoComparison, Registration
from openmeso.terms.phototrichogram import Growth
from openmeso.terms.trichoscopy import (
    Estimate,
    FieldSummary,
    Hair,
    HairField,
    HairMode,
    MeasureSetting,
    Scale,
)

UM_PER_PX = 5.5
SIZE_PX = (700, 520)
DAYS = 2.0
STUBBLE_MM = 0.22
RATE_MM_DAY = 0.33
SAME_PLACE = Registration(
    (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), 0.0, 1.0, 20, 20, 0.0, 1.0, 1e-9
)  # fmt: skip
ROOTS = [(80 + 130 * column, 60 + 80 * row) for row in range(5) for column in range(4)]
EVERY = frozenset(range(len(ROOTS)))


def day(lengths_mm: dict[int, float], traced: frozenset[int]) -> View:
    """Hairs of these lengths on even skin, of which some were traced."""
    image = np.full((SIZE_PX[1], SIZE_PX[0], 3), 205, np.uint8)
    hairs = []
    for number, length_mm in lengths_mm.items():
        root = np.array(ROOTS[number], float)
        way = np.array([np.cos(0.3), np.sin(0.3)]) * length_mm * 1000 / UM_PER_PX
        path = root + np.array([[0.0], [0.5], [1.0]]) * way
        # a thick line ends in round caps, the trace in the middle of a blunt end
        corners = np.concatenate([path[[0, 2]] + side * np.array([-way[1], way[0]]) * 6 / np.hypot(*way)
                                  for side in (-1, 1)])[[0, 1, 3, 2]]  # fmt: skip
        bits = np.round(corners * 16).astype(np.int32)
        cv2.fillPoly(image, [bits], (45,) * 3, cv2.LINE_AA, 4)
        if number in traced:
            points = tuple((float(x), float(y)) for x, y in path)
            hairs.append(Hair(number, points, 12.0, float(np.hypot(*way)), length_mm))
    return View(
        image,
        HairField(
            *SIZE_PX, HairMode.CLIPPED, Scale(UM_PER_PX), tuple(hairs),
            FieldSummary(Estimate(0, 0, 0), len(hairs)), (0, 0, *SIZE_PX),
        ),
    )  # fmt: skip


some_hairs = st.frozensets(st.sampled_from(sorted(EVERY)), max_size=6)


@settings(max_examples=8, deadline=None)
@given(resting=some_hairs, missed=some_hairs)
def test_growing_and_resting_hairs_are_told_even_where_tracing_missed_one(resting, missed):
    first = dict.fromkeys(EVERY, STUBBLE_MM)
    grown = RATE_MM_DAY * DAYS
    later = {n: STUBBLE_MM + (0.0 if n in resting else grown) for n in EVERY}
    told = phototrichogram(day(first, EVERY - missed), day(later, EVERY), SAME_PLACE, DAYS)
    short = missed & resting  # a bit of 0.22 mm that one day alone shows is followed to the other
    by_id = {hair.after: hair.growth for hair in told.hairs}
    assert {n for n, growth in by_id.items() if growth is Growth.GROWING} == EVERY - resting
    assert {n for n, growth in by_id.items() if growth is Growth.RESTING} >= resting - short
    share = len(EVERY - missed - resting) / len(EVERY - missed)  # of those of the first day
    assert told.anagen.value == pytest.approx(share)
    assert told.anagen.low <= share <= told.anagen.high
    assert told.rate_mm_day.value == pytest.approx(RATE_MM_DAY, abs=0.02)


def test_a_hair_whose_growth_cannot_be_told_is_not_called_growing():
    """Of those of the first day, five are not to be found on the later one."""
    first = dict.fromkeys(EVERY, STUBBLE_MM)
    gone = frozenset(range(5))
    later = dict.fromkeys(EVERY - gone, STUBBLE_MM + RATE_MM_DAY * DAYS)
    told = phototrichogram(day(first, EVERY), day(later, EVERY - gone), SAME_PLACE, DAYS)
    assert told.anagen.value == pytest.approx(0.75)


def test_nothing_grew_when_all_rest():
    same = dict.fromkeys(EVERY, STUBBLE_MM)
    told = phototrichogram(day(same, EVERY), day(same, EVERY), SAME_PLACE, DAYS)
    assert told.number(Growth.RESTING) == len(EVERY)
    assert told.anagen.value == 0
    assert told.rate_mm_day is None


@pytest.mark.parametrize("days", [0.0, -2.0, 0.5, 30.0])
def test_too_few_or_too_many_days_are_refused(days):
    same = day(dict.fromkeys(EVERY, STUBBLE_MM), EVERY)
    with pytest.raises(NoComparison, match="days between"):
        phototrichogram(same, same, SAME_PLACE, days)


def test_long_hair_a_missing_scale_and_too_few_hairs_are_refused():
    same = day(dict.fromkeys(EVERY, STUBBLE_MM), EVERY)
    long = replace(same, field=replace(same.field, mode=HairMode.UNCLIPPED))
    bare = replace(same, field=replace(same.field, scale=None))
    few = day({1: STUBBLE_MM}, frozenset({1}))
    for first, later, why in (
        (long, same, "not clipped"), (same, bare, "no scale"), (few, few, "are needed"),
    ):  # fmt: skip
        with pytest.raises(NoComparison, match=why):
            phototrichogram(first, later, SAME_PLACE, DAYS)


def test_a_rendered_phototrichogram_gives_its_share_and_rate():
    setting = RenderSetting(
        width_px=1100, height_px=850, um_per_px=5.5, density_cm2=100.0, fragments_cm2=0.0
    )
    pose = Pose(shift_mm=(0.1, -0.1), rotation_deg=6.0, zoom=1.04)
    pair = render_phototrichogram(setting, DAYS, 0.7, np.random.default_rng(8), pose)
    first, later = (
        measure_field(one.image, Scale(one.um_per_px), MeasureSetting())
        for one in (pair.first, pair.second)
    )
    told = phototrichogram(
        View(pair.first.image, first), View(pair.second.image, later), register(first, later), DAYS
    )
    truth = [hair.growing for hair in pair.first.hairs if hair.inside and hair.visible]
    assert abs(told.anagen.value - np.mean(truth)) < 0.2
    assert 0.2 < told.rate_mm_day.value < 0.42
