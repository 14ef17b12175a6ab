"""The gate: what is wrong with a picture, what to do about it, and where.

Thresholds in micrometres and shares are those at which the first prototype lost hairs (blur, light,
magnification, area), translated to what :mod:`quality_gauge` reads on rendered fields; those marked
so are assumptions. ``benchmarks/trichoscopy_quality.py`` prints how often each alarm is right.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from openmeso.science.trichoscopy.absorption import check_picture
from openmeso.science.trichoscopy.foreign_mark import Box, ForeignMarks, Image, Mask, find_marks
from openmeso.science.trichoscopy.quality_gauge import MOST_BOXES, QualityGauge, read_gauge
from openmeso.terms.trichoscopy import (
    Fault,
    HairMode,
    MeasureSetting,
    QualityFinding,
    Scale,
    Severity,
)

# Prototype: above 12 µm of point spread vellus hair is lost, above 18 µm widths are wrong. The
# gauge reads 10 and 14 there: hairs are too thin to show more.
BLUR_LIMIT_UM, BLUR_REFUSE_UM = 10.0, 14.0
BLUR_LIMIT_PX, BLUR_REFUSE_PX = 3.5, 6.0  # without a scale: an assumption
SOFT = 1.3  # times the limit, from which a part of the picture is left out: an assumption
BRIGHT, SATURATED_LIMIT, SATURATED_REFUSE = 0.85, 0.02, 0.05  # prototype: 0.85 and 5 %
DIM_LIMIT, DIM_REFUSE = 0.03, 0.008  # prototype: harmless at a twentieth of the light
GLINTS_LIMIT = 0.03  # rendered: where the prototype began to lose vellus hair
# rendered: grey and white hair take 0.2 to 0.4, blond 0.3 to 0.5, light brown on light skin over 0.7;
# below 0.4 a quarter of what is counted is shade (benchmarks/trichoscopy_curve.py). Black hair on
# annotated pictures takes 0.82 and more
PALE_LIMIT, PALE_REFUSE = 0.65, 0.40
# rendered: on skin of less light than this a third of what is counted may be shade, black hair or not
DARK_SKIN, PALE_LIMIT_DARK = 0.18, 0.80
# rendered: light hair of which every seventh is missed stands out by 0.35, of which most is by 0.25
LIT_LIMIT, LIT_REFUSE = 0.40, 0.27
# rendered: none on dark hair in any glare but brown on skin VI (15); annotated pictures 10 at most
STRANDS_FEWEST_CM2, STRANDS_LIMIT_CM2, STRANDS_REFUSE_CM2 = 5.0, 25.0, 50.0
COARSE_LIMIT_UM, COARSE_REFUSE_UM = 12.0, 16.0  # prototype, µm a pixel
HAIR_WIDTH_UM = (25.0, 170.0)  # no head of hair is thinner or thicker on average: an assumption
COVER_LIMIT, COVER_REFUSE = 0.42, 0.65  # of clipped hair: assumptions
LONG_LIMIT, LONG_REFUSE = 0.65, 0.80  # of hair left long: assumptions
BARE = 0.02  # share under hair below which there may be none at all
SMALL_CM2 = 0.30  # prototype: no density from less
STAIN_LIMIT = 0.085  # clinical pictures without dye show brown shade on up to this share
VARIETY_REFUSE = (
    1.05  # annotated pictures: 0.65 at most, rendered ones 0.6; rooms, faces, things more
)
LINES_REFUSE = 8  # rendered and annotated pictures: 3 at most; hairs drawn in six even rows: 6
TEXT_REFUSE = 0.15  # of the picture under letters; a status line takes a twentieth
UNFIT_REFUSE = 0.7  # of the picture, from which too little is left to count: an assumption


@dataclass(frozen=True, slots=True, eq=False)
class Quality:
    """Findings, worst first; ``mask`` (h, w) true where nothing may be measured; what was read."""

    findings: tuple[QualityFinding, ...]
    mask: Mask
    gauge: QualityGauge
    marks: ForeignMarks

    @property
    def refused(self) -> bool:
        """Whether the picture must not be measured at all."""
        return any(one.severity is Severity.REFUSE for one in self.findings)

    def with_more(self, more: tuple[QualityFinding, ...]) -> "Quality":
        """With findings added, worst first."""
        order = list(Severity)
        found = sorted((*self.findings, *more), key=lambda one: order.index(one.severity))
        return replace(self, findings=tuple(found))


@dataclass(frozen=True, slots=True)
class _Seen:
    gauge: QualityGauge
    scale: Scale | None
    setting: MeasureSetting


def judge_quality(
    image: Image, scale: Scale | None, setting: MeasureSetting | None = None
) -> Quality:
    """Judge a picture (h, w, 3) in sRGB before it is measured.

    Raises TrichoscopyInputError for what is no such picture.
    """
    image = check_picture(image)
    marks = find_marks(image)
    setting = MeasureSetting() if setting is None else setting
    um = None if scale is None else scale.um_per_px
    gauge = read_gauge(image, um, marks.mask, setting.light_hair)
    seen = _Seen(gauge, scale, setting)
    mask = marks.mask | gauge.glare_mask
    inked = (*marks.boxes_px, *gauge.tattoos_px)
    for x, y, width, height in (*gauge.bubbles_px, *gauge.tattoos_px):
        mask[max(y, 0) : max(y + height, 0), max(x, 0) : max(x + width, 0)] = True
    soft = gauge.sharpness.softer_than(SOFT * _limits_px(scale)[0])
    found = [*_blur(seen, soft), *_light(seen), *_hair(seen), *_scale(seen), *_foreign(seen, inked)]
    found += _subject(gauge, marks)
    if soft.any() and any(one.fault is Fault.BLUR and one.boxes_px for one in found):
        size = image.shape[1::-1]
        mask |= cv2.resize(soft.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    found += _left(seen, mask)
    return Quality((), mask, gauge, marks).with_more(tuple(found))


def _limits_px(scale: Scale | None) -> tuple[float, float]:
    """Point spread [px] from which thin hair is lost, and from which the picture is refused."""
    if scale is None:
        return BLUR_LIMIT_PX, BLUR_REFUSE_PX
    return BLUR_LIMIT_UM / scale.um_per_px, BLUR_REFUSE_UM / scale.um_per_px


def _blur(seen: _Seen, soft: Mask) -> Iterator[QualityFinding]:
    remedy = "Focus on the skin, hold still, and press the lens on evenly; then take it again."
    psf, (limit, refuse) = seen.gauge.sharpness.psf_px, _limits_px(seen.scale)
    unit, factor = ("px", 1.0) if seen.scale is None else ("µm", seen.scale.um_per_px)
    if psf is None:
        # in the dark, or where nothing is, there is nothing to be sharp
        if seen.gauge.contrast is not None and seen.gauge.background >= DIM_LIMIT:
            message = "The picture is out of focus: no sharp edge was found."
            yield QualityFinding(Fault.BLUR, Severity.REFUSE, message, remedy, None, refuse)
        return
    if psf > limit:
        yield QualityFinding(
            Fault.BLUR, Severity.REFUSE if psf > refuse else Severity.LIMIT,
            f"The picture is out of focus: edges are spread over {psf * factor:.1f} {unit}, and "
            f"beyond {limit * factor:.3g} {unit} thin hair is lost.",
            remedy, psf * factor, limit * factor,
        )  # fmt: skip
    elif soft.any():
        message = f"{soft.mean():.0%} of the picture is out of focus and left out."
        boxes = seen.gauge.sharpness.boxes(soft)[:MOST_BOXES]
        yield QualityFinding(
            Fault.BLUR, Severity.TELL, message, remedy, float(soft.mean()), 0.0, boxes
        )


def _light(seen: _Seen) -> Iterator[QualityFinding]:
    gauge = seen.gauge
    if gauge.background > BRIGHT or gauge.saturated_share > SATURATED_LIMIT:
        worst = gauge.saturated_share > SATURATED_REFUSE
        yield QualityFinding(
            Fault.OVEREXPOSED, Severity.REFUSE if worst else Severity.LIMIT,
            f"The picture is too bright: {gauge.saturated_share:.0%} of it is burnt out, and thin "
            "hair is lost in it.",
            "Lower the exposure or the light, then take it again.",
            gauge.saturated_share, SATURATED_LIMIT, gauge.glare_px,
        )  # fmt: skip
    elif gauge.glint_share > GLINTS_LIMIT and gauge.background >= DIM_LIMIT:
        yield QualityFinding(
            Fault.GLARE, Severity.LIMIT,
            f"Glare: glints cover {gauge.glint_share:.1%} of the picture and hide thin hair.",
            "Use immersion fluid or cross-polarised light, and degrease the skin.",
            gauge.glint_share, GLINTS_LIMIT, gauge.glare_px,
        )  # fmt: skip
    if gauge.background < DIM_LIMIT:
        yield QualityFinding(
            Fault.UNDEREXPOSED,
            Severity.REFUSE if gauge.background < DIM_REFUSE else Severity.LIMIT,
            f"The picture is too dark: the skin shows only {gauge.background:.1%} of full light.",
            "Raise the light or the exposure, then take it again.", gauge.background, DIM_LIMIT,
        )  # fmt: skip


def _hair(seen: _Seen) -> Iterator[QualityFinding]:
    if seen.gauge.background < DIM_LIMIT and not seen.setting.light_hair:
        return  # contrast and cover are read out of the noise
    if seen.setting.light_hair:
        yield from _near_skin(seen.gauge)
        return  # cover is read of what is darker than the skin
    yield from _pale(seen.gauge)
    clipped, cover = seen.setting.mode is HairMode.CLIPPED, seen.gauge.cover_share
    limit, refuse = (COVER_LIMIT, COVER_REFUSE) if clipped else (LONG_LIMIT, LONG_REFUSE)
    if cover > limit:
        yield QualityFinding(
            Fault.HAIR_OVER_FIELD, Severity.REFUSE if cover > refuse else Severity.LIMIT,
            f"Hair covers {cover:.0%} of the field, so that not every root can be seen.",
            "Part or clip the hair, or choose “not clipped”." if clipped else "Part the hair.",
            cover, limit,
        )  # fmt: skip


def _near_skin(gauge: QualityGauge) -> Iterator[QualityFinding]:
    """Whether light hair stands out of the skin."""
    contrast, strands = gauge.contrast or 0.0, gauge.strands_cm2
    if contrast < LIT_LIMIT or strands < STRANDS_FEWEST_CM2:
        lost = contrast < LIT_REFUSE or strands < STRANDS_FEWEST_CM2
        yield QualityFinding(
            Fault.PALE_HAIR, Severity.REFUSE if lost else Severity.LIMIT,
            "The hair is too light against the skin: hardly anything brighter than the skin can be "
            "told from it." if lost
            else f"The hair is hardly lighter than the skin: it shows only {contrast:.0%} more light, "
            "and some of it will be missed.",
            "Darken the hair with dye and measure it as dark hair, or use another filter or light; "
            "if it is darker than the skin, do not choose “fair or grey hair”.",
            contrast, LIT_LIMIT,
        )  # fmt: skip


def _pale(gauge: QualityGauge) -> Iterator[QualityFinding]:
    if gauge.strands_cm2 > STRANDS_LIMIT_CM2:
        most = gauge.strands_cm2 > STRANDS_REFUSE_CM2
        yield QualityFinding(
            Fault.PALE_HAIR, Severity.REFUSE if most else Severity.LIMIT,
            "Hair lighter than the skin was seen, which is not counted as dark hair is.",
            "Choose “fair or grey hair”; where dark and light hair are mixed, dye the light one.",
            gauge.strands_cm2, STRANDS_LIMIT_CM2,
        )  # fmt: skip
        return
    limit = PALE_LIMIT if gauge.background >= DARK_SKIN else PALE_LIMIT_DARK
    contrast, remedy = (
        gauge.contrast,
        "Use another filter, darken it, or choose “fair or grey hair”.",
    )
    if contrast is None or (contrast < PALE_REFUSE and gauge.cover_share < BARE):
        yield QualityFinding(
            Fault.PALE_HAIR, Severity.LIMIT,
            "Next to nothing darker than the skin was found: no hair, or very pale hair.",
            f"If there is hair: {remedy[0].lower()}{remedy[1:]}", contrast, limit,
        )  # fmt: skip
    elif contrast < limit:
        yield QualityFinding(
            Fault.PALE_HAIR, Severity.REFUSE if contrast < PALE_REFUSE else Severity.LIMIT,
            f"The hair is pale: it takes only {contrast:.0%} of the light, and some of it will be "
            "missed, or shade taken for it.",
            remedy, contrast, limit,
        )  # fmt: skip


def _scale(seen: _Seen) -> Iterator[QualityFinding]:
    if seen.scale is None:
        message = "The scale is not known: counts and ratios only, nothing per cm² or in µm."
        remedy = "Choose the device, confirm a scale bar, or mark a known length."
        yield QualityFinding(Fault.NO_SCALE, Severity.TELL, message, remedy)
        return
    um, width = seen.scale.um_per_px, seen.gauge.hair_width_um
    if um > COARSE_LIMIT_UM:
        yield QualityFinding(
            Fault.MAGNIFICATION, Severity.REFUSE if um > COARSE_REFUSE_UM else Severity.LIMIT,
            f"The magnification is too low: one pixel is {um:.1f} µm, and thin hair needs "
            f"{COARSE_LIMIT_UM:g} µm or less.",
            "Take it at a higher magnification.", um, COARSE_LIMIT_UM,
        )  # fmt: skip
    if width is not None and not HAIR_WIDTH_UM[0] <= width <= HAIR_WIDTH_UM[1]:
        yield QualityFinding(
            Fault.MAGNIFICATION, Severity.LIMIT,
            f"The scale cannot be right: by it the hair would be {width:.0f} µm wide.",
            "Check the scale, or the device and lens chosen.", width, HAIR_WIDTH_UM[1],
        )  # fmt: skip


def _foreign(seen: _Seen, inked: tuple[Box, ...]) -> Iterator[QualityFinding]:
    bubbles, stains = seen.gauge.bubbles_px, seen.gauge.stain_share
    if inked:
        message = "What is drawn or tattooed (text, bar, frame, line) is left out."
        remedy = "Nothing; or switch the overlay of the device off."
        yield QualityFinding(
            Fault.FOREIGN_MARK, Severity.TELL, message, remedy, float(len(inked)), 0.0,
            inked[:MOST_BOXES],
        )  # fmt: skip
    if bubbles:
        message = "Air bubbles are left out."
        remedy = "Press them out of the fluid, then take it again."
        yield QualityFinding(
            Fault.BUBBLES, Severity.TELL, message, remedy, float(len(bubbles)), 0.0,
            bubbles[:MOST_BOXES],
        )  # fmt: skip
    if stains > STAIN_LIMIT and not seen.setting.light_hair:
        message = f"Brown stains lie on {stains:.0%} of the picture; they may be hair dye."
        remedy = "Wipe dye off the skin, then take it again."
        yield QualityFinding(
            Fault.DYE, Severity.TELL, message, remedy, stains, STAIN_LIMIT, seen.gauge.stains_px
        )


def _subject(gauge: QualityGauge, marks: ForeignMarks) -> Iterator[QualityFinding]:
    """Whether it is a picture of skin from close by."""
    message, value, limit = "", 0.0, 0.0
    told = gauge.variety
    remedy = "Choose the close-up that was taken with the lens on the skin."
    if gauge.text_lines >= LINES_REFUSE or marks.text_share > TEXT_REFUSE:
        message, value, limit = "This is a page of text", float(gauge.text_lines), LINES_REFUSE
    elif gauge.background >= DIM_LIMIT and told.of_skin > VARIETY_REFUSE:
        message = "The picture shows several surfaces of different colour or light"
        value, limit = told.of_skin, VARIETY_REFUSE
    if message:
        yield QualityFinding(
            Fault.OTHER_SUBJECT, Severity.REFUSE,
            f"{message}: it is no close-up of hair on skin.", remedy, value, limit,
        )  # fmt: skip
    elif told.is_grey:
        yield QualityFinding(
            Fault.OTHER_SUBJECT, Severity.LIMIT,
            "The picture has no colours: shade and blood cannot be told from hair, nor whether it is "
            "skin at all.",
            "Take it in colour.",
        )  # fmt: skip


def _left(seen: _Seen, mask: Mask) -> Iterator[QualityFinding]:
    """Whether enough of the picture is left to be counted."""
    unfit = float(mask.mean())
    if unfit > UNFIT_REFUSE:
        yield QualityFinding(
            Fault.SMALL_FIELD, Severity.REFUSE,
            f"{unfit:.0%} of the picture cannot be measured; what is marked hides the skin.",
            "Mend what is named here, then take it again.", unfit, UNFIT_REFUSE,
        )  # fmt: skip
    elif seen.scale is not None:
        area = float(mask.size - np.count_nonzero(mask)) * (seen.scale.um_per_px * 1e-4) ** 2
        if area < SMALL_CM2:
            yield QualityFinding(
                Fault.SMALL_FIELD, Severity.TELL,
                f"Only {area:.2f} cm² can be measured; a density is steady from {SMALL_CM2:g} cm².",
                "Take more pictures of the same spot, or a wider one.", area, SMALL_CM2,
            )  # fmt: skip
