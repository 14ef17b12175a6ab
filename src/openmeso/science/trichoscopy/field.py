"""One picture, judged and then measured: what every face of OpenMeso calls.

field = read_field(image, Scale(um_per_px=5.0))
field.findings                   # what is wrong with the picture, what to do, and where
field.summary.density_cm2        # None where the picture was refused
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.absorption import check_picture
from openmeso.science.trichoscopy.frame import frame_px, guard_px
from openmeso.science.trichoscopy.measure import METHOD, measure_field
from openmeso.science.trichoscopy.quality import Quality, judge_quality
from openmeso.science.trichoscopy.quality_traced import judge_traced
from openmeso.science.trichoscopy.scale_bar import find_scale
from openmeso.terms.trichoscopy import (
    Estimate,
    Fault,
    FieldSummary,
    HairField,
    MeasureSetting,
    QualityFinding,
    Scale,
    Severity,
)

HIDES_THIN_HAIR = (
    Fault.BLUR,
    Fault.GLARE,
    Fault.OVEREXPOSED,
    Fault.UNDEREXPOSED,
    Fault.MAGNIFICATION,
    Fault.PALE_HAIR,
    Fault.OTHER_SUBJECT,
)
"""Faults that, where they limit a picture, leave vellus hair uncounted."""


def read_field(
    image: NDArray[np.uint8], scale: Scale | None, setting: MeasureSetting | None = None
) -> HairField:
    """Judge a picture (h, w, 3) uint8 sRGB, leave out what hides the skin, and measure the rest.

    A refused picture has no hairs and no numbers, only findings. Where thin hair cannot be seen,
    nothing is said of vellus hair nor of the spread of widths. Raises TrichoscopyInputError for
    what is no picture.
    """
    setting = MeasureSetting() if setting is None else setting
    quality = judge_quality(image, scale, setting)
    picture = check_picture(image)
    drawn = () if scale else find_scale(picture, quality.marks)
    if quality.refused:
        return replace(_unread(quality, scale, setting), scale_candidates=drawn)
    field = measure_field(picture, scale, setting, quality.mask)
    quality = quality.with_more(judge_traced(quality, field, setting.light_hair))
    if quality.refused:
        return replace(_unread(quality, scale, setting), scale_candidates=drawn)
    summary = field.summary
    if any(_hides_thin_hair(one) for one in quality.findings):
        summary = replace(
            summary, vellus_density_cm2=None, terminal_to_vellus=None, diameter_diversity=None
        )
    return replace(field, findings=quality.findings, summary=summary, scale_candidates=drawn)


def _hides_thin_hair(one: QualityFinding) -> bool:
    return one.severity is Severity.LIMIT and one.fault in HIDES_THIN_HAIR


def _unread(quality: Quality, scale: Scale | None, setting: MeasureSetting) -> HairField:
    height, width = quality.mask.shape
    return HairField(
        width_px=width,
        height_px=height,
        mode=setting.mode,
        scale=scale,
        hairs=(),
        summary=FieldSummary(count=Estimate(0.0, 0.0, 0.0), counted_hairs=0),
        frame_px=frame_px(width, height, guard_px(width, height, scale, setting)),
        masked_share=float(quality.mask.mean()),
        findings=quality.findings,
        method=METHOD,
    )
