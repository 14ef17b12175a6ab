"""Whether what is dark in a picture was traced as hair: else it is shade, dye, or no skin at all.

In a good picture most of what is dark enough to be hair is hair. Where the judge of paths believes
little of it, the hairs that it does believe are not to be trusted either.
"""

import cv2
import numpy as np

from openmeso.science.trichoscopy.foreign_mark import Mask, boxes_of
from openmeso.science.trichoscopy.quality import PALE_REFUSE, Quality
from openmeso.science.trichoscopy.quality_gauge import MOST_BOXES, shrunk_mask
from openmeso.science.trichoscopy.quality_light import HAIR_ABSORPTION
from openmeso.terms.trichoscopy import Fault, HairField, QualityFinding, Severity

LEAST_DARK = 0.01  # of the picture: of less nothing is said
BESIDE_PX = 2  # a shaft is drawn wider, in pixels of the shrunk picture
# annotated pictures: 0.63 at least; rendered black and brown hair on skin I to IV: mostly over 0.8
TRACED_LIMIT, TRACED_REFUSE = 0.60, 0.45
MOST_HAIRS_CM2 = 800.0  # an assumption: twice what the densest scalps bear
FEW_HAIRS = 10  # up to which a picture is one of skin without much hair, and not refused


def judge_traced(
    quality: Quality, field: HairField, light_hair: bool = False
) -> tuple[QualityFinding, ...]:
    """What is wrong with a picture judged so, once it was measured; empty where nothing is.

    Nothing is said where ``light_hair`` was asked for, for glints shine as it does.
    """
    if _too_many(field):
        return _no_skin(field)
    if light_hair or quality.gauge.contrast is None:
        return ()
    dark = _dark(quality)
    if dark.mean() < LEAST_DARK:
        return _shade(quality.gauge.contrast, len(field.hairs))
    left = dark & ~_drawn(field, dark.shape, quality.gauge.shrunk)
    share = 1.0 - np.count_nonzero(left) / np.count_nonzero(dark)
    if share >= TRACED_LIMIT:
        return ()
    worst = share < TRACED_REFUSE and len(field.hairs) > FEW_HAIRS
    return (
        QualityFinding(
            Fault.OTHER_SUBJECT, Severity.REFUSE if worst else Severity.LIMIT,
            f"Only {share:.0%} of what is dark in the picture looks like hair; the rest is shade or "
            "dye, or this is no close-up of hair on skin.",
            "Check that it is a close-up and its scale is right; wipe the skin, and light it evenly.",
            share, TRACED_LIMIT, _boxes(left, quality.gauge.shrunk),
        ),
    )  # fmt: skip


def _per_cm2(field: HairField) -> float:
    """Traced hairs over the whole picture [1/cm²]; 0 without a scale."""
    if field.scale is None:
        return 0.0
    area_cm2 = field.width_px * field.height_px * (field.scale.um_per_px * 1e-4) ** 2
    return len(field.hairs) / area_cm2


def _too_many(field: HairField) -> bool:
    return len(field.hairs) > FEW_HAIRS and _per_cm2(field) > MOST_HAIRS_CM2


def _no_skin(field: HairField) -> tuple[QualityFinding, ...]:
    """More of what looks like hair than skin can bear."""
    return (
        QualityFinding(
            Fault.OTHER_SUBJECT, Severity.REFUSE,
            f"{_per_cm2(field):.0f} of what looks like hair on a square centimetre are more than a scalp "
            "bears: this is no close-up of hair on skin, or its scale is wrong.",
            "Check that it is a close-up and its scale is right.",
            _per_cm2(field), MOST_HAIRS_CM2,
        ),
    )  # fmt: skip


def _shade(contrast: float, hairs: int) -> tuple[QualityFinding, ...]:
    """Many hairs where hardly anything is darker than the skin."""
    if hairs <= FEW_HAIRS or contrast >= PALE_REFUSE:
        return ()
    return (
        QualityFinding(
            Fault.PALE_HAIR, Severity.REFUSE,
            "What looks like hair is hardly darker than the skin: shade, or very pale hair.",
            "Use another filter, darken the hair, or choose “fair or grey hair”.",
            contrast, PALE_REFUSE,
        ),
    )  # fmt: skip


def _dark(quality: Quality) -> Mask:
    """(h, w) of the shrunk picture, where it may be measured and is dark enough to be hair."""
    gauge = quality.gauge
    least = max(HAIR_ABSORPTION, 0.5 * (gauge.contrast or 0.0))
    return np.asarray((gauge.absorbed > least) & ~shrunk_mask(quality.mask, gauge.shrunk))


def _drawn(field: HairField, shape: tuple[int, ...], shrunk: int) -> Mask:
    drawn = np.zeros(shape, np.uint8)
    for hair in field.hairs:
        path = np.rint((np.array(hair.path_px) + 0.5) / shrunk - 0.5).astype(np.int32)
        width = max(1, round(hair.width_px / shrunk) + BESIDE_PX)
        cv2.polylines(drawn, [path], False, (1,), width)
    return drawn > 0


def _boxes(left: Mask, shrunk: int) -> tuple[tuple[int, int, int, int], ...]:
    """Largest parts of it [px]; single pixels are the rims of shafts."""
    near = np.ones((3, 3), np.uint8)
    solid = cv2.morphologyEx(left.astype(np.uint8), cv2.MORPH_OPEN, near) > 0
    return tuple(
        (x * shrunk, y * shrunk, w * shrunk, h * shrunk)
        for x, y, w, h in boxes_of(np.asarray(solid), 3)[:MOST_BOXES]
    )
