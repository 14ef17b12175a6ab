"""The same spot at two visits: only what is not there on looking again is gained or lost."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.science.trichoscopy.comparison import compare
from openmeso.science.trichoscopy.measure import measure_field
from openmeso.science.trichoscopy.pair_scoring import score_pair
from openmeso.science.trichoscopy.registration import register
from openmeso.science.trichoscopy.render_pair import PairChange, render_pair
from openmeso.science.trichoscopy.render_pose import Pose
from openmeso.science.trichoscopy.render_setting import RenderSetting
from openmeso.science.trichoscopy.spot import View
from openmeso.terms.comparison import Fate, NoComparison
from openmeso.terms.trichoscopy import (
    Fault,
    Hair,
    MeasureSetting,
    QualityFinding,
    Scale,
    Severity,
)
from tests.example_spot import (
    EVERY,
    HEIGHT_PX,
    PLACES,
    SAME_PLACE,
    UM_PER_PX,
    WIDE_PX,
    WIDTH_PX,
    view,
)


def ids(made, fate):
    return {
        hair.before if hair.before is not None else hair.after
        for hair in made.hairs
        if hair.fate is fate
    }


some_hairs = st.frozensets(st.sampled_from(sorted(EVERY)), max_size=5)


@settings(max_examples=6, deadline=None)
@given(missed_before=some_hairs, missed_after=some_hairs)
def test_a_hair_that_tracing_missed_is_neither_gained_nor_lost(missed_before, missed_after):
    made = compare(
        view(EVERY, EVERY - missed_before), view(EVERY, EVERY - missed_after), SAME_PLACE
    )
    assert made.number(Fate.GAINED) == made.number(Fate.LOST) == 0
    seen = EVERY - (missed_before & missed_after)
    assert ids(made, Fate.KEPT) == seen
    assert made.count.change.value == 0


@settings(max_examples=6, deadline=None)
@given(gone=some_hairs, new=some_hairs, missed=some_hairs)
def test_losses_and_gains_are_those_drawn_and_swap_with_the_pictures(gone, new, missed):
    new, missed = new - gone, missed - gone - new
    before = view(EVERY - new, EVERY - new)
    after = view(EVERY - gone, EVERY - gone - missed)
    made, back = compare(before, after, SAME_PLACE), compare(after, before, SAME_PLACE)
    assert ids(made, Fate.LOST) == ids(back, Fate.GAINED) == gone
    assert ids(made, Fate.GAINED) == ids(back, Fate.LOST) == new
    assert made.count.change.value == len(new) - len(gone) == -back.count.change.value
    assert made.count.before == len(EVERY - new)
    assert made.count.after == len(EVERY - gone)


@settings(max_examples=3, deadline=None)
@given(hairs=st.frozensets(st.sampled_from(sorted(EVERY)), min_size=8))
def test_a_picture_compared_with_itself_shows_no_change(hairs):
    same = view(hairs, hairs)
    made = compare(same, same, SAME_PLACE)
    assert {hair.fate for hair in made.hairs} == {Fate.KEPT}
    assert made.width_um.change.value == 0
    assert not any(one.is_beyond_error for one in (made.count, made.density_cm2, made.width_um))


def test_thicker_hairs_are_told_and_the_mean_follows():
    made = compare(view(EVERY, EVERY), view(EVERY, EVERY, WIDE_PX + 4), SAME_PLACE)
    assert made.number(Fate.THICKENED) == len(EVERY)
    assert made.width_um.change.value == pytest.approx(4 * UM_PER_PX)
    assert made.width_um.is_beyond_error
    back = compare(view(EVERY, EVERY, WIDE_PX + 4), view(EVERY, EVERY), SAME_PLACE)
    assert back.number(Fate.THINNED) == len(EVERY)


def test_a_change_up_to_the_smallest_detectable_is_not_called_one():
    made = compare(view(EVERY, EVERY), view(EVERY - {7}, EVERY - {7}), SAME_PLACE)
    assert made.count.change.value == -1
    assert not made.count.is_beyond_error
    assert made.count.change.low < -1 < made.count.change.high


def test_hairs_on_skin_that_one_picture_does_not_show_are_not_counted():
    moved = replace(SAME_PLACE, x_px=(-150.0, 1.0, 0.0))
    made = compare(view(EVERY, EVERY), view(frozenset(), frozenset()), moved)
    seen = {number for number, (x, _) in enumerate(PLACES) if x >= 149.5}
    assert ids(made, Fate.LOST) | ids(made, Fate.UNCLEAR) == seen
    whole = WIDTH_PX * HEIGHT_PX * (UM_PER_PX * 1e-4) ** 2
    assert made.area_cm2 == pytest.approx(whole * (WIDTH_PX - 150) / WIDTH_PX, rel=0.01)


def test_masked_skin_is_left_out():
    unfit = np.zeros((HEIGHT_PX, WIDTH_PX), bool)
    unfit[:, : WIDTH_PX // 2] = True
    before, after = view(EVERY, EVERY), view(EVERY, EVERY)
    made = compare(before, replace(after, unfit=unfit), SAME_PLACE)
    assert ids(made, Fate.KEPT) == {n for n, (x, _) in enumerate(PLACES) if x >= WIDTH_PX // 2}


def test_a_bit_too_short_to_be_told_from_a_loose_one_is_unclear():
    short = view(EVERY, EVERY)
    bit = Hair(id=99, path_px=((300.0, 20.0), (320.0, 20.0)), width_px=9.0, length_px=20.0)
    short = replace(short, field=replace(short.field, hairs=(*short.field.hairs, bit)))
    made = compare(short, view(EVERY, EVERY), SAME_PLACE)
    assert ids(made, Fate.UNCLEAR) == {99}


def test_without_a_scale_there_is_a_count_but_no_density():
    before, after = view(EVERY, EVERY), view(EVERY - {3}, EVERY - {3})
    bare = [replace(one, field=replace(one.field, scale=None)) for one in (before, after)]
    made = compare(*bare, SAME_PLACE)
    assert made.number(Fate.KEPT) == len(EVERY) - 1
    assert made.density_cm2 is None
    assert made.area_cm2 is None


def test_a_refused_picture_is_not_compared():
    fault = QualityFinding(Fault.BLUR, Severity.REFUSE, "Out of focus.", "Take it again.")
    before, after = view(EVERY, EVERY), view(EVERY, EVERY)
    with pytest.raises(NoComparison, match="later picture"):
        compare(before, replace(after, field=replace(after.field, findings=(fault,))), SAME_PLACE)


def test_too_few_hairs_in_common_are_refused_with_what_to_do():
    few = view(frozenset({1, 2}), frozenset({1, 2}))
    with pytest.raises(NoComparison, match="nearer to the middle"):
        compare(few, few, SAME_PLACE)


def test_a_rendered_pair_gives_its_losses_and_gains():
    setting = RenderSetting(
        width_px=1000, height_px=800, um_per_px=5.5, density_cm2=110.0, fragments_cm2=0.0
    )
    pose = Pose(shift_mm=(0.1, -0.15), rotation_deg=9.0, zoom=1.05, tilt_deg=(2.0, -1.0))
    change = PairChange(pose=pose, lost_share=0.12, gained_share=0.12)
    pair = render_pair(setting, change, np.random.default_rng(21))
    before, after = (
        measure_field(one.image, Scale(one.um_per_px), MeasureSetting())
        for one in (pair.first, pair.second)
    )
    found = register(before, after)
    made = compare(View(pair.first.image, before), View(pair.second.image, after), found)
    score = score_pair(pair, before, after, made)
    assert score.lost >= 1
    assert score.gained >= 1
    assert score.wrong_lost == score.wrong_gained == 0
    assert abs(score.called_lost - score.lost) <= 1
    assert abs(score.called_gained - score.gained) <= 1
