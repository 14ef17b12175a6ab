"""The truth of a rendered field is exact: area, width, count, spacing, correspondence."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.science.kernels.shaft import draw_shafts
from openmeso.science.trichoscopy.render import RENDER_VERSION, render_field
from openmeso.science.trichoscopy.render_pair import (
    PairChange,
    render_pair,
    render_phototrichogram,
)
from openmeso.science.trichoscopy.render_pose import Pose, through
from openmeso.science.trichoscopy.render_scene import centre_line, draw_scene
from openmeso.science.trichoscopy.render_setting import (
    HairColour,
    HairStyle,
    Mark,
    RenderSetting,
    SkinType,
)
from openmeso.science.trichoscopy.srgb import linear
from openmeso.terms.trichoscopy import TrichoscopyInputError

SMALL = RenderSetting(width_px=360, height_px=280, um_per_px=6.0)
# skin without any mark, even light, a lens that does nothing
BARE = replace(
    SMALL, texture=0.0, root_shadow=0.0, fragments_cm2=0.0, flakes_cm2=0.0, vessels_cm2=0.0,
    specular=0.0, glare=0.0, vignette=0.0, tint=0.0, noise=0.0, jpeg_quality=0, blur_um=0.0,
)  # fmt: skip


def rng(seed=1):
    return np.random.default_rng(seed)


def strip(points, width_px, size=64):
    """One opaque black shaft on white; returns the light it takes away."""
    image = np.ones((size, size, 1), np.float32)
    owner = np.full((size, size), -1, np.int32)
    nodes = np.asarray(points, float)
    shape = np.stack([np.broadcast_to(width_px, len(nodes)) / 2.0, np.ones(len(nodes))], axis=-1)
    look = np.zeros((1, 4), np.float32)
    own = draw_shafts(image, owner, nodes, shape, np.array([0, len(nodes)]), look)
    assert own[0] == (owner == 0).sum()
    return 1.0 - image[..., 0]


class TestShaft:
    @settings(max_examples=60, deadline=None)
    @given(
        angle=st.floats(0, 2 * math.pi),
        width=st.floats(0.3, 12),
        x=st.floats(0, 1),
        y=st.floats(0, 1),
    )
    def test_takes_away_exactly_its_area(self, angle, width, x, y):
        way = np.array([math.cos(angle), math.sin(angle)])
        middle = np.array([31.5 + x, 31.5 + y])
        lost = strip([middle - 15 * way, middle, middle + 15 * way], width)
        assert lost.sum() == pytest.approx(30 * width, rel=0.01)

    def test_a_straight_row_of_pixels_is_exact_to_the_last_digit(self):
        lost = strip([(-20.0, 20.3), (80.0, 20.3)], 5.7)
        assert lost.sum(axis=0) == pytest.approx(5.7, abs=1e-5)

    def test_a_joint_is_painted_once(self):
        turns = np.linspace(0, math.pi, 60)
        arc = 32 + 20 * np.stack([np.cos(turns), np.sin(turns)], axis=-1)
        lost = strip(arc, 4.0)
        assert lost.max() <= 1.0
        assert lost.sum() == pytest.approx(4.0 * 20 * math.pi, rel=0.01)

    def test_a_taper_has_the_area_of_a_trapezium(self):
        lost = strip([(10.0, 30.0), (50.0, 34.0)], np.array([8.0, 2.0]))
        assert lost.sum() == pytest.approx(5.0 * math.hypot(40, 4), rel=0.01)


class TestField:
    @pytest.mark.parametrize("um_per_px", [2.8, 5.0, 9.0])
    @pytest.mark.parametrize("blur_um", [0.0, 8.0])
    def test_an_isolated_shaft_is_as_wide_as_its_truth(self, um_per_px, blur_um):
        """Light missing across a shaft, over the light missing in solid hair, is its width."""
        setting = replace(
            BARE, um_per_px=um_per_px, blur_um=blur_um, density_cm2=120.0, width_px=700, height_px=500,
            vellus_share=0.0, intermediate_share=0.0, unit_weights=(1.0, 0.0, 0.0, 0.0), length_mm=0.4,
        )  # fmt: skip
        field = render_field(setting, rng(3))
        light = linear(field.image)[..., 1]
        skin = np.median(light)
        checked = 0
        for hair in field.hairs:
            low, high = hair.path_px.min(axis=0) - 30, hair.path_px.max(axis=0) + 30
            if np.any(low < 0) or np.any(high >= (700, 500)) or not alone(hair, field.hairs, 60):
                continue
            part = light[int(low[1]) : int(high[1]), int(low[0]) : int(high[0])]
            length = np.linalg.norm(np.diff(hair.path_px, axis=0), axis=1).sum()
            solid = 1.0 - hair_light(hair, field)
            found = (1.0 - part / skin).sum() / solid / length * um_per_px
            # a tenth of the light comes back from the edges: 1 - 0.1 u² is 0.967 on average
            assert found == pytest.approx(hair.mean_diameter_um, rel=0.02)
            checked += 1
        assert checked >= 1

    def test_the_same_seed_gives_the_same_picture(self):
        setting = replace(SMALL, bubbles=3, marks=tuple(Mark), defocus_um=10.0, dye=0.5, curl=0.5)
        one, two = (render_field(setting, rng(5)) for _ in range(2))
        assert np.array_equal(one.image, two.image)
        assert [hair.root_px for hair in one.hairs] == [hair.root_px for hair in two.hairs]
        assert not np.array_equal(one.image, render_field(setting, rng(6)).image)
        assert one.version == RENDER_VERSION

    def test_light_and_noise_leave_the_hairs_where_they_are(self):
        one = render_field(SMALL, rng(5))
        two = render_field(replace(SMALL, blur_um=20.0, noise=0.1, glare=0.8), rng(5))
        assert [hair.root_px for hair in one.hairs] == [hair.root_px for hair in two.hairs]

    @pytest.mark.parametrize("density", [50.0, 150.0, 300.0])
    def test_holds_as_many_hairs_as_asked_for(self, density):
        setting = replace(SMALL, density_cm2=density, um_per_px=20.0)
        scene = draw_scene(setting, 0.0, rng())
        assert len(scene) == round(density * setting.area_cm2)

    @pytest.mark.parametrize("style", list(HairStyle))
    @pytest.mark.parametrize("skin", [SkinType.I, SkinType.VI])
    def test_every_style_and_skin_can_be_drawn(self, style, skin):
        field = render_field(replace(SMALL, style=style, skin=skin), rng())
        assert field.image.shape == (280, 360, 3)
        assert field.image.dtype == np.uint8
        assert field.inside

    def test_darker_skin_is_darker_and_white_hair_lighter_than_skin(self):
        means = [render_field(replace(SMALL, skin=one), rng()).image.mean() for one in SkinType]
        assert means == sorted(means, reverse=True)
        white = render_field(replace(SMALL, hair=HairColour.WHITE, skin=SkinType.V), rng())
        assert all(hair.contrast < 0 for hair in white.inside)
        paler = [
            np.mean(
                [hair.contrast for hair in render_field(replace(SMALL, hair=one), rng()).inside]
            )
            for one in (
                HairColour.BLACK,
                HairColour.BROWN,
                HairColour.LIGHT_BROWN,
                HairColour.BLOND,
            )
        ]
        assert paler == sorted(paler, reverse=True)

    def test_a_mark_lies_in_its_box(self):
        plain = render_field(replace(SMALL, jpeg_quality=0), rng())
        for mark in set(Mark) - {Mark.TATTOO}:
            marked = render_field(replace(SMALL, jpeg_quality=0, marks=(mark,)), rng())
            changed = np.argwhere((plain.image != marked.image).any(axis=-1))
            ((name, (x, y, width, height)),) = marked.marks
            assert name == mark
            assert len(changed)
            low, high = changed.min(axis=0), changed.max(axis=0)
            slack = 6  # letters hang a little below their line
            assert low[1] >= x - slack
            assert low[0] >= y - slack
            assert high[1] <= x + width + slack
            assert high[0] <= y + height + slack

    def test_nonsense_is_refused_by_name(self):
        for name, value in (("density_cm2", -1.0), ("um_per_px", 0.0), ("vellus_share", 1.2)):
            with pytest.raises(TrichoscopyInputError, match=name):
                replace(SMALL, **{name: value})

    def test_a_field_without_hair_is_skin(self):
        field = render_field(replace(SMALL, density_cm2=0.0), rng())
        assert field.hairs == ()
        assert field.density_cm2 == 0.0


class TestUnits:
    def test_spacing_and_angles_are_those_of_annotated_fields(self):
        setting = RenderSetting(
            um_per_px=20.0, density_cm2=100.0, unit_weights=(0.0, 1.0, 0.0, 0.0), vellus_share=1.0,
            intermediate_share=0.0,
        )  # fmt: skip
        scene = draw_scene(setting, 0.0, rng())
        pairs = [scene[i : i + 2] for i in range(0, len(scene) - 1, 2)]
        apart = [math.dist(one.root_um, two.root_um) for one, two in pairs]
        angles = [math.degrees(abs(one.heading - two.heading)) for one, two in pairs]
        assert np.median(apart) == pytest.approx(134.0, rel=0.06)
        assert np.percentile(apart, 5) == pytest.approx(53.0, rel=0.15)
        assert np.percentile(apart, 95) == pytest.approx(237.0, rel=0.1)
        assert np.median(angles) == pytest.approx(8.5, rel=0.12)

    @pytest.mark.parametrize("density", [60.0, 200.0])
    def test_units_keep_apart(self, density):
        scene = draw_scene(RenderSetting(um_per_px=10.0, density_cm2=density), 0.0, rng())
        for hair in scene:
            others = [one.root_um for one in scene if one.unit != hair.unit]
            assert min(math.dist(hair.root_um, other) for other in others) >= 400.0

    def test_a_line_is_as_long_as_its_hair(self):
        for hair in draw_scene(replace(SMALL, curl=1.0, style=HairStyle.LONG), 1.0, rng())[:20]:
            steps = np.diff(centre_line(hair), axis=0)
            assert np.linalg.norm(steps, axis=1).sum() == pytest.approx(hair.length_mm * 1e3)


class TestPair:
    def test_hairs_correspond_through_the_map(self):
        pose = Pose((0.1, -0.2), 12.0, 1.08, (3.0, -2.0), (1.02, 0.99, 30.0))
        pair = render_pair(SMALL, PairChange(pose), rng())
        first = {hair.id: hair for hair in pair.first.hairs}
        second = {hair.id: hair for hair in pair.second.hairs}
        assert first.keys() == second.keys()
        before = np.array([hair.root_px for hair in first.values()])
        after = np.array([second[number].root_px for number in first])
        assert through(pair.to_second, before) == pytest.approx(after, abs=1e-6)

    def test_the_map_holds_for_the_pixels_too(self):
        """The picture warped by the map looks like the second one: skin, not only hair, moves."""
        import cv2

        setting = replace(
            SMALL, noise=0.0, glare=0.0, flakes_cm2=0.0, density_cm2=30.0, jpeg_quality=0
        )
        pose = Pose((0.05, -0.1), 10.0, 1.05)
        change = PairChange(pose, regrown=False, new_light=False)
        pair = render_pair(replace(setting, texture=2.0, tint=0.0, vignette=0.0), change, rng())
        warped = cv2.warpPerspective(pair.first.image, pair.to_second, (360, 280))
        seen = cv2.warpPerspective(np.ones((280, 360), np.uint8), pair.to_second, (360, 280)) > 0
        fine = [
            cv2.GaussianBlur(one[..., 1].astype(float), (0, 0), 2.0)
            for one in (warped, pair.second.image)
        ]
        fine = [one - cv2.GaussianBlur(one, (0, 0), 12.0) for one in fine]
        inner = cv2.erode(seen.astype(np.uint8), np.ones((41, 41))) > 0
        assert np.corrcoef(fine[0][inner], fine[1][inner])[0, 1] > 0.8

    def test_losses_gains_and_thickenings_are_as_told(self):
        change = PairChange(lost_share=0.2, gained_share=0.1, thickened_share=0.3, thicker_by=1.4)
        pair = render_pair(replace(SMALL, density_cm2=300.0), change, rng())
        first = {hair.id: hair for hair in pair.first.hairs}
        second = {hair.id: hair for hair in pair.second.hairs}
        total = len(first.keys() | second.keys())
        assert first.keys() - second.keys() == pair.lost
        assert second.keys() - first.keys() == pair.gained
        assert len(pair.lost) == round(0.2 * total)
        assert len(pair.gained) == round(0.1 * total)
        for number in pair.thickened:
            before, after = first[number].diameter_um[0], second[number].diameter_um[0]
            assert after == pytest.approx(min(1.4 * before, 150.0))
        same = first.keys() - pair.lost - pair.thickened
        assert all(first[n].diameter_um[0] == second[n].diameter_um[0] for n in same)

    def test_in_a_phototrichogram_only_growing_hairs_lengthen(self):
        pair = render_phototrichogram(replace(SMALL, density_cm2=300.0), 3.0, 0.8, rng())
        first = {hair.id: hair for hair in pair.first.hairs}
        gains = {True: [], False: []}
        for hair in pair.second.hairs:
            gains[hair.growing].append(hair.length_mm - first[hair.id].length_mm)
            assert hair.growing == first[hair.id].growing
        assert set(gains[False]) == {0.0}
        assert min(gains[True]) > 0.2
        share = len(gains[True]) / (len(gains[True]) + len(gains[False]))
        assert share == pytest.approx(0.8, abs=0.1)

    def test_nonsense_is_refused_by_name(self):
        with pytest.raises(TrichoscopyInputError, match="lost_share"):
            PairChange(lost_share=0.7, gained_share=0.5)
        with pytest.raises(TrichoscopyInputError, match="days"):
            render_phototrichogram(SMALL, 0.0, 0.5, rng())


def alone(hair, others, reach_px):
    for other in others:
        if other.id != hair.id:
            apart = np.linalg.norm(other.path_px[:, None] - hair.path_px[None], axis=-1)
            if apart.min() < reach_px:
                return False
    return True


def hair_light(hair, field):
    """Light from the solid shaft over that from skin, worked out from the setting by hand."""
    from openmeso.science.trichoscopy.render_setting import (
        HAIR_OPAQUE_UM,
        HAIR_REFLECTANCE,
        SKIN_SRGB,
    )

    pigment = 0.925  # between 0.85 and 1.0
    shaft = HAIR_REFLECTANCE[field.setting.hair][1] ** pigment * (1 - 0.1 / 3)
    skin = linear(np.array(SKIN_SRGB[field.setting.skin]))[1]
    stopped = 1 - math.exp(-hair.mean_diameter_um * pigment / HAIR_OPAQUE_UM[field.setting.hair])
    return 1.0 - stopped * (1.0 - shaft / skin)
