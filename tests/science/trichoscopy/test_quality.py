"""The gate names what is wrong with a picture, and lets good ones through."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.science.trichoscopy.field import read_field
from openmeso.science.trichoscopy.painting import painted_over
from openmeso.science.trichoscopy.quality import Quality, judge_quality
from openmeso.science.trichoscopy.render import RenderedField, render_field
from openmeso.science.trichoscopy.render_setting import (
    HairColour,
    HairStyle,
    Mark,
    RenderSetting,
    SkinType,
)
from openmeso.science.trichoscopy.scoring import score_field
from openmeso.terms.trichoscopy import (
    Fault,
    HairClass,
    HairMode,
    MeasureSetting,
    Scale,
    Severity,
    TrichoscopyInputError,
)

FIELD = RenderSetting(width_px=640, height_px=480, um_per_px=7.0, glare=0.05, density_cm2=100.0)
OF_SIZE = {Fault.SMALL_FIELD}


@cache
def drawn(seed: int = 1, **changes: object) -> RenderedField:
    return render_field(replace(FIELD, **changes), np.random.default_rng(seed))


def judged(seed: int = 1, **changes: object) -> Quality:
    field = drawn(seed, **changes)
    return judge_quality(field.image, Scale(field.um_per_px))


@pytest.mark.parametrize("skin", list(SkinType))
@pytest.mark.parametrize("hair", [HairColour.BLACK, HairColour.BROWN])
def test_a_good_picture_of_any_skin_is_not_refused(skin: SkinType, hair: HairColour) -> None:
    quality = judged(3, skin=skin, hair=hair)
    assert not quality.refused
    worse = {one.fault for one in quality.findings if one.severity is not Severity.TELL}
    # brown hair on the darkest skin is pale beside it
    assert worse <= ({Fault.PALE_HAIR} if skin in (SkinType.V, SkinType.VI) else set())
    assert quality.mask.mean() < 0.05


LONG = {"style": HairStyle.LONG, "density_cm2": 200.0}
FAULTS = [
    ({"blur_um": 16.0}, Fault.BLUR, Severity.LIMIT),
    ({"blur_um": 30.0}, Fault.BLUR, Severity.REFUSE),
    ({"glare": 0.9}, Fault.GLARE, Severity.LIMIT),
    ({"exposure": 0.03}, Fault.UNDEREXPOSED, Severity.LIMIT),
    ({"exposure": 0.012}, Fault.UNDEREXPOSED, Severity.REFUSE),
    ({"exposure": 4.0}, Fault.OVEREXPOSED, Severity.REFUSE),
    ({"hair": HairColour.GREY, "skin": SkinType.III}, Fault.PALE_HAIR, Severity.LIMIT),
    ({"density_cm2": 0.0}, Fault.PALE_HAIR, Severity.LIMIT),
    ({"dye": 1.0}, Fault.DYE, Severity.TELL),
    (LONG, Fault.HAIR_OVER_FIELD, Severity.LIMIT),
    ({"um_per_px": 14.0}, Fault.MAGNIFICATION, Severity.LIMIT),
    ({"um_per_px": 20.0}, Fault.MAGNIFICATION, Severity.REFUSE),
]


@pytest.mark.parametrize(("changes", "fault", "severity"), FAULTS)
def test_a_fault_is_named_with_what_to_do(
    changes: dict[str, object], fault: Fault, severity: Severity
) -> None:
    quality = judged(2, **changes)
    (found,) = (one for one in quality.findings if one.fault is fault)
    order = list(Severity)
    assert order.index(found.severity) <= order.index(severity)
    assert found.message.endswith(".")
    assert found.remedy.endswith(".")
    assert quality.refused == (found.severity is Severity.REFUSE) or quality.refused


@pytest.mark.parametrize("mark", [Mark.TEXT, Mark.FRAME, Mark.TATTOO, Mark.SCALE_BAR])
def test_a_foreign_mark_is_shown_and_masked(mark: Mark) -> None:
    field = drawn(4, marks=(mark,))
    quality = judge_quality(field.image, Scale(field.um_per_px))
    (found,) = (one for one in quality.findings if one.fault is Fault.FOREIGN_MARK)
    (_, (x, y, width, height)) = field.marks[0]
    assert found.boxes_px
    assert quality.mask[y : y + height, x : x + width].any()


@pytest.mark.parametrize("skin", list(SkinType))
def test_where_hairs_cross_there_is_no_tattoo(skin: SkinType) -> None:
    for seed, style in enumerate((HairStyle.TRIMMED, HairStyle.LONG)):
        crowd = {"density_cm2": 300.0, "style": style, "jpeg_quality": 80}
        assert judged(seed, skin=skin, **crowd).gauge.tattoos_px == ()


def test_most_tattoos_are_masked_on_skin_of_every_type() -> None:
    hits = []
    for seed, skin in enumerate(SkinType):
        field = drawn(20 + seed, skin=skin, marks=(Mark.TATTOO,))
        (_, (x, y, width, height)) = field.marks[0]
        mask = judge_quality(field.image, Scale(field.um_per_px)).mask
        hits.append(bool(mask[y + height // 2, x + width // 2]))
    assert sum(hits) >= 5


def test_most_bubbles_are_masked_where_they_lie() -> None:
    field = drawn(5, bubbles=6)
    quality = judge_quality(field.image, Scale(field.um_per_px))
    large = [box for box in field.bubbles_px if min(box[2:]) * field.um_per_px > 300.0]
    hit = [quality.mask[y + h // 2, x + w // 2] for x, y, w, h in large]
    assert sum(hit) >= 0.6 * len(hit) > 0
    for (x, y, w, h), is_hit in zip(large, hit, strict=True):
        rim = [(x, y + h // 2), (x + w - 1, y + h // 2), (x + w // 2, y), (x + w // 2, y + h - 1)]
        inside = [one for one in rim if 0 <= one[0] < 640 and 0 <= one[1] < 480]
        assert not is_hit or all(quality.mask[b, a] for a, b in inside)


def test_where_half_a_picture_is_out_of_focus_that_half_is_left_out() -> None:
    quality = judged(2, defocus_um=40.0, width_px=900, height_px=700)
    (found,) = (one for one in quality.findings if one.fault is Fault.BLUR)
    assert found.severity is not Severity.TELL or found.boxes_px


def test_a_scale_that_makes_hair_of_cables_is_doubted() -> None:
    field = drawn(1)
    findings = judge_quality(field.image, Scale(4 * field.um_per_px)).findings
    assert sum(one.fault is Fault.MAGNIFICATION for one in findings) == 2


def test_without_a_scale_that_is_said_and_nothing_in_micrometres() -> None:
    findings = judge_quality(drawn(1).image, None).findings
    assert [one.fault for one in findings] == [Fault.NO_SCALE]
    first = judge_quality(drawn(2, blur_um=40.0).image, None).findings[0]
    assert (first.fault, first.severity) == (Fault.BLUR, Severity.LIMIT)
    assert "px" in first.message


@pytest.mark.parametrize("skin", [SkinType.V, SkinType.VI])
@pytest.mark.parametrize("hair", [HairColour.BLOND, HairColour.GREY, HairColour.WHITE])
def test_hair_lighter_than_dark_skin_is_counted_where_asked_for(
    skin: SkinType, hair: HairColour
) -> None:
    field = drawn(15, hair=hair, skin=skin, density_cm2=120.0)
    read = read_field(field.image, Scale(7.0), MeasureSetting(light_hair=True))
    score = score_field(field, read.hairs, read.frame_px)
    assert score.recall >= 0.9
    assert score.precision >= 0.8
    # their light spreads into the skin: no width is told, and nothing that hangs on it
    assert {(one.width_um, one.hair_class) for one in read.hairs} == {(None, HairClass.UNKNOWN)}
    assert read.summary.density_cm2 is not None
    assert read.summary.terminal_density_cm2 is read.summary.mean_width_um is None
    as_dark = judge_quality(field.image, Scale(7.0))
    assert as_dark.refused
    assert any("lighter than the skin" in one.message for one in as_dark.findings)


@pytest.mark.parametrize(
    ("hair", "skin"),
    [(HairColour.WHITE, SkinType.I), (HairColour.GREY, SkinType.II), (HairColour.BLACK, SkinType.II)],
)  # fmt: skip
def test_hair_that_is_not_lighter_than_the_skin_is_not_counted_as_light(
    hair: HairColour, skin: SkinType
) -> None:
    read = read_field(
        drawn(15, hair=hair, skin=skin).image, Scale(7.0), MeasureSetting(light_hair=True)
    )
    assert read.refused
    (found,) = (one for one in read.findings if one.fault is Fault.PALE_HAIR)
    assert "too light against the skin" in found.message
    assert "dye" in found.remedy


def test_hair_that_takes_little_of_the_light_of_dark_skin_is_told() -> None:
    found = judged(31, skin=SkinType.VI, density_cm2=120.0).findings
    assert [one.severity for one in found if one.fault is Fault.PALE_HAIR] == [Severity.LIMIT]


@pytest.mark.parametrize("skin", list(SkinType))
def test_glints_over_dark_hair_are_no_light_hair(skin: SkinType) -> None:
    findings = judged(6, skin=skin, glare=0.7).findings
    assert not any("lighter than the skin" in one.message for one in findings)


def test_long_hair_is_taken_where_it_was_said_to_be_long() -> None:
    image = drawn(2, style=HairStyle.LONG, density_cm2=90.0).image
    setting = MeasureSetting(mode=HairMode.UNCLIPPED)
    assert not judge_quality(image, Scale(7.0), setting).refused


def test_what_is_masked_is_taken_out_of_the_area() -> None:
    field = drawn(4, marks=(Mark.FRAME,))
    read = read_field(field.image, Scale(field.um_per_px))
    plain = read_field(drawn(4).image, Scale(field.um_per_px))
    assert read.masked_share > plain.masked_share
    assert read.summary.area_cm2 is not None
    assert plain.summary.area_cm2 is not None
    assert read.summary.area_cm2 < plain.summary.area_cm2


@pytest.mark.parametrize("mark", [Mark.SCALE_BAR, Mark.TEXT])
def test_what_is_drawn_into_a_picture_is_not_taken_for_hair(mark: Mark) -> None:
    marked, plain = drawn(8, marks=(mark,)), drawn(8)
    read, bare = (read_field(one.image, Scale(7.0)) for one in (marked, plain))
    assert len(read.hairs) <= len(bare.hairs) + 1
    mask = judge_quality(marked.image, Scale(7.0)).mask
    for hair in read.hairs:
        inside = [mask[round(y), round(x)] for x, y in hair.path_px]
        assert np.mean(inside) < 0.5


def test_painting_over_leaves_the_rest_and_takes_the_colour_around() -> None:
    image = np.full((80, 120, 3), (200, 150, 120), np.uint8)
    mask = np.zeros((80, 120), bool)
    mask[10:60, 20:90] = True
    image[mask] = 255
    painted = painted_over(image, mask)
    assert np.abs(painted.astype(int) - (200, 150, 120)).max() <= 2
    assert painted_over(image, np.zeros_like(mask)) is image


def test_a_refused_picture_has_findings_and_no_numbers() -> None:
    read = read_field(drawn(2, blur_um=30.0).image, Scale(7.0))
    assert read.refused
    assert (read.hairs, read.summary.density_cm2) == ((), None)


def test_where_thin_hair_is_lost_nothing_is_said_of_it() -> None:
    read = read_field(drawn(2, um_per_px=14.0).image, Scale(14.0))
    assert not read.refused
    assert read.summary.density_cm2 is not None
    assert (read.summary.vellus_density_cm2, read.summary.diameter_diversity) == (None, None)


def test_a_field_without_hair_is_a_clear_empty_result() -> None:
    read = read_field(drawn(6, density_cm2=0.0, fragments_cm2=0.0).image, Scale(7.0))
    assert not read.refused
    assert read.summary.counted_hairs <= 2
    assert any("no hair" in one.message for one in read.findings)


@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("shape", [(16, 16), (17, 900), (480, 640)])
def test_an_empty_picture_is_told_and_not_measured_wrongly(
    shape: tuple[int, int], value: int
) -> None:
    read = read_field(np.full((*shape, 3), value, np.uint8), Scale(5.0))
    assert read.findings
    assert read.hairs == ()


@settings(max_examples=25, deadline=None)
@given(
    height=st.integers(16, 120),
    width=st.integers(16, 120),
    seed=st.integers(0, 2**16),
    levels=st.tuples(st.integers(0, 255), st.integers(0, 90)),
    um=st.one_of(st.none(), st.floats(0.2, 100.0)),
)
def test_any_picture_ends_in_a_judgement(
    height: int, width: int, seed: int, levels: tuple[int, int], um: float | None
) -> None:
    noise = np.random.default_rng(seed).normal(*levels, (height, width, 3))
    image = noise.clip(0, 255).astype(np.uint8)
    quality = judge_quality(image, None if um is None else Scale(um))
    assert quality.mask.shape == (height, width)
    for one in quality.findings:
        for _, _, across, down in one.boxes_px:
            assert across > 0
            assert down > 0


@pytest.mark.parametrize(
    "image", [np.zeros((4, 4, 3), np.uint8), np.zeros((40, 40, 3), np.uint16), np.zeros((40, 40, 2), np.uint8)]
)  # fmt: skip
def test_what_is_no_picture_is_refused(image: np.ndarray) -> None:
    with pytest.raises(TrichoscopyInputError):
        judge_quality(image, Scale(5.0))
