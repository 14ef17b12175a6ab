"""Measure the hair of one picture: every shaft traced, and the numbers of the field.

    field = measure_field(image, Scale(um_per_px=5.0), MeasureSetting())
    field.summary.density_cm2    # with its 90 % interval

Two small networks judge what was traced; see docs/explanation/trichoscopy.md.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.absorption import absorb, check_picture, hue, linear_light
from openmeso.science.trichoscopy.frame import Box, frame_px, guard_px, within
from openmeso.science.trichoscopy.painting import painted_over
from openmeso.science.trichoscopy.root import turn_to_root
from openmeso.science.trichoscopy.shaft_width import Width, blur_px, sharpened, width_along
from openmeso.science.trichoscopy.summary import border_per_mm, read_error, summarise
from openmeso.science.trichoscopy.trace import Trace, trace
from openmeso.science.trichoscopy.unit import units
from openmeso.terms.trichoscopy import (
    Hair,
    HairField,
    MeasureSetting,
    Scale,
    TrichoscopyInputError,
)

METHOD = "ribbon 4"
WORK_UM = 5.5
LIKELY = 0.35
UNSCALED_PX = 1300  # longer side of the working picture where no scale is known

Mask = NDArray[np.bool_]


def measure_field(
    image: NDArray[np.uint8],
    scale: Scale | None,
    setting: MeasureSetting,
    mask: Mask | None = None,
) -> HairField:
    """Every hair of a picture (h, w, 3) uint8 sRGB, root first, and what is counted from them.

    ``mask`` (h, w) is True where nothing may be measured. A hair is counted when its root lies in
    the frame, the picture less ``setting.guard_um`` on every side, and outside the mask: each
    hair of the skin has one root, so that none is counted in two neighbouring frames. Raises
    TrichoscopyInputError for what is not such a picture. Without a scale widths and lengths are
    in pixels only and the guard is 1/30 of the shorter side.
    """
    picture = check_picture(image)
    height, width_px = picture.shape[:2]
    unfit = _checked(mask, (height, width_px))
    light = linear_light(picture if unfit is None else painted_over(picture, unfit))
    um = scale.um_per_px if scale else WORK_UM * max(width_px, height) / UNSCALED_PX
    seen = absorb(light, um, WORK_UM, setting.light_hair)
    colour = hue(picture, seen.a.shape)
    found = [one for one in trace(seen.a, colour, seen.um_per_px) if one.likelihood >= LIKELY]
    paths = [one.path for one in found]
    sure = turn_to_root(seen.a, paths, seen.um_per_px)
    if setting.light_hair:
        light = 1.0 - light
    frame = frame_px(width_px, height, guard_px(width_px, height, scale, setting))
    read = [
        _hair(number, replace(one, path=path), bool(is_sure), seen.ratio, light)
        for number, (one, path, is_sure) in enumerate(zip(found, paths, sure, strict=True))
    ]
    blur = blur_px([width for _, width in read if width])
    hairs = [_widened(hair, width, blur, scale, setting) for hair, width in read]
    hairs = _placed(hairs, frame, unfit, setting.unit_distance_um / um)
    area_cm2 = _area(frame, unfit) * (um * 1e-4) ** 2
    error = read_error(setting.mode, border_per_mm(frame, um, area_cm2))
    return HairField(
        width_px=width_px,
        height_px=height,
        mode=setting.mode,
        scale=scale,
        hairs=tuple(hairs),
        summary=summarise(hairs, area_cm2, scale, setting, error),
        frame_px=frame,
        masked_share=0.0 if unfit is None else float(unfit.mean()),
        method=METHOD,
    )


def _checked(mask: object, shape: tuple[int, int]) -> Mask | None:
    if mask is None:
        return None
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != shape:
        raise TrichoscopyInputError(
            "mask", f"expected true and false for each pixel (height, width) = {shape}"
        )
    return mask if mask.any() else None


def _hair(
    number: int, one: Trace, sure: bool, ratio: float, light: NDArray[np.float32]
) -> tuple[Hair, Width | None]:
    """One hair in uploaded pixels, and its width where it could be measured."""
    path = (one.path + 0.5) / ratio - 0.5
    measured = width_along(light, path, one.width / ratio)
    short = path[np.unique(np.linspace(0, len(path) - 1, max(len(path) // 4, 2)).astype(int))]
    hair = Hair(
        id=number,
        path_px=tuple((float(x), float(y)) for x, y in short),
        width_px=measured.px if measured else one.width / ratio,
        length_px=float(np.hypot(*np.diff(path, axis=0).T).sum()),
        root_is_sure=sure,
        confidence=one.likelihood,
    )
    return hair, measured


def _widened(
    hair: Hair, measured: Width | None, blur: float, scale: Scale | None, setting: MeasureSetting
) -> Hair:
    """With the width that it has without the blur of the picture [px], on the skin where scaled."""
    if measured is not None:
        measured = sharpened(measured, blur)
        hair = replace(hair, width_px=measured.px)
    return _scaled(hair, measured, scale, setting) if scale else hair


def _scaled(hair: Hair, measured: Width | None, scale: Scale, setting: MeasureSetting) -> Hair:
    """With its lengths on the skin; the class of a hair without a width is by its rough one.

    Hair lighter than the skin reads 10 to 17 µm too thin on rendered fields
    (docs/explanation/trichoscopy.md): neither its width nor its class is told.
    """
    um = scale.um_per_px
    width_um = hair.width_px * um
    hair = replace(hair, length_mm=hair.length_px * um / 1000)
    if setting.light_hair:
        return hair
    hair = replace(hair, hair_class=setting.class_of(width_um))
    if measured is None:
        return hair
    error = float(np.hypot(measured.error_px * um, width_um * scale.relative_sd))
    return replace(hair, width_um=width_um, width_error_um=error)


def _placed(hairs: list[Hair], frame: Box, unfit: Mask | None, together_px: float) -> list[Hair]:
    """With the unit of each hair and whether it is counted."""
    roots = np.array([hair.root_px for hair in hairs]).reshape(-1, 2)
    unit = units(roots, together_px)
    placed = []
    for hair, number in zip(hairs, unit, strict=True):
        inside = within(hair.root_px, frame)
        if inside and unfit is not None:
            at_x, at_y = hair.root_px
            inside = not unfit[round(at_y), round(at_x)]
        placed.append(replace(hair, unit=int(number), counted=inside))
    return placed


def _area(frame: Box, unfit: Mask | None) -> float:
    """Counted area [px²]."""
    x, y, width, height = frame
    taken = 0 if unfit is None else int(unfit[y : y + height, x : x + width].sum())
    return float(width * height - taken)
