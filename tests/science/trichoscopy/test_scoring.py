"""The rule by which found hairs are true ones."""

from dataclasses import replace

import numpy as np
import pytest

from openmeso.science.trichoscopy.frame import within
from openmeso.science.trichoscopy.render import render_field
from openmeso.science.trichoscopy.render_setting import RenderSetting
from openmeso.science.trichoscopy.scoring import match_lines, score_field
from openmeso.terms.trichoscopy import Hair

LINE = np.array([[100.0, 100.0], [200.0, 100.0]])
SETTING = RenderSetting(width_px=500, height_px=400, um_per_px=6.0, density_cm2=200.0)
FRAME = (0, 0, 500, 400)


def as_found(field):
    """The truth itself, as a perfect program would hand it back."""
    return [
        Hair(
            id=hair.id,
            path_px=tuple((float(x), float(y)) for x, y in hair.path_px),
            width_px=float(hair.diameter_px.mean()),
            length_px=1.0,
            width_um=hair.mean_diameter_um,
            counted=within(hair.root_px, FRAME),
        )
        for hair in field.hairs
        if hair.visible
    ]


def shifted(dx, dy):
    return LINE + np.array([dx, dy])


class TestMatch:
    # 60 µm wide at 5 µm/px: half the width and 20 µm more are 10 pixels
    @pytest.mark.parametrize(
        ("found", "matches"),
        [
            (LINE, True),
            (LINE[::-1], True),
            (shifted(0, 9.5), True),
            (shifted(0, 11.0), False),
            (shifted(35, 0), True),
            (shifted(65, 0), False),
            (np.array([[100.0, 100.0], [155.0, 100.0]]), True),
            (np.array([[100.0, 100.0], [135.0, 100.0]]), False),
            (np.array([[149.0, 80.0], [151.0, 120.0]]), False),
        ],
    )
    def test_half_the_line_within_reach(self, found, matches):
        assert bool(match_lines([LINE], [60.0], [found], 5.0)) is matches

    @pytest.mark.parametrize(("angle", "matches"), [(20.0, True), (30.0, False)])
    def test_only_where_it_runs_alike(self, angle, matches):
        """Short bits laid one after the other along the line, all turned by the angle."""
        way = 3.0 * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        middles = np.stack([np.arange(100.0, 200.0, 8.0), np.full(13, 100.0)], axis=-1)
        bits = [np.array([middle - way, middle + way]) for middle in middles]
        covered = [match_lines([bit + 0.0 * bit], [60.0], [LINE], 5.0) for bit in bits]
        assert all(bool(one) is matches for one in covered)

    def test_one_to_one(self):
        assert len(match_lines([LINE, shifted(0, 5)], [60.0] * 2, [LINE], 5.0)) == 1
        both = match_lines([LINE, shifted(0, 5)], [60.0] * 2, [shifted(0, 5), LINE], 5.0)
        assert sorted(true for true, _ in both) == [0, 1]

    def test_nothing_against_nothing(self):
        assert match_lines([], [], [], 5.0) == []
        assert match_lines([LINE], [60.0], [], 5.0) == []
        assert match_lines([], [], [LINE], 5.0) == []

    def test_only_the_part_in_the_picture_is_asked_for(self):
        inside = np.array([[150.0, 100.0], [159.0, 100.0]])
        assert not match_lines([LINE], [60.0], [inside], 5.0)
        assert match_lines([LINE], [60.0], [inside], 5.0, (160, 200)) == []
        assert match_lines([LINE], [60.0], [shifted(-50, 0)], 5.0, (140, 200)) == [(0, 0)]


class TestScore:
    def test_the_truth_scores_full_marks(self):
        field = render_field(SETTING, np.random.default_rng(2))
        score = score_field(field, as_found(field), FRAME)
        assert score.true_count == len(field.inside) > 10
        assert score.recall == score.precision == 1.0
        assert score.count_error == 0.0
        assert score.recalled_vellus == score.true_vellus
        assert all(error == 0.0 for _, _, error in score.width_errors_um)
        assert max(score.root_errors_um) == 0.0
        assert 0 < len(score.isolated) < len(field.hairs)

    def test_a_missed_and_an_invented_hair_are_charged_once(self):
        field = render_field(SETTING, np.random.default_rng(2))
        found = as_found(field)
        at = next(i for i, hair in enumerate(found) if hair.counted)
        missed = score_field(field, found[:at] + found[at + 1 :], FRAME)
        assert missed.recalled == missed.true_count - 1
        assert missed.precision == 1.0
        double = replace(found[at], id=99_999)
        invented = score_field(field, [*found, double], FRAME)
        assert invented.recall == 1.0
        assert invented.found_count - invented.correct == 1
