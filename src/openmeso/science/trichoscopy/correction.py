"""Correction by hand: the hairs as somebody drew them, and the field's numbers from them."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from math import hypot, sqrt

import numpy as np

from openmeso.science.trichoscopy.frame import within
from openmeso.science.trichoscopy.summary import BY_HAND, summarise
from openmeso.science.trichoscopy.unit import units
from openmeso.terms.measurement import DrawnHair
from openmeso.terms.trichoscopy import Hair, HairClass, HairField, MeasureSetting, Point, Scale
from openmeso.terms.units import UM_PER_MM

SAME_PX = 0.11
"""How far a path may move by being written with one decimal, and still be the same."""


def corrected_field(
    field: HairField, drawn: tuple[DrawnHair, ...], setting: MeasureSetting
) -> HairField:
    """The field with these hairs in place of those read.

    A hair left as it was keeps everything; a part, a turned or a joined one keeps the width of
    what it was made of (the mean by length of two) and with it the class; one drawn anew has no
    width. Whether a hair is counted is asked of its new root and the counting frame. Places
    outside the picture are moved to its edge.
    """
    read = {hair.id: hair for hair in field.hairs}
    hairs = [_hair(n, one, read, field) for n, one in enumerate(drawn)]
    hairs = _in_units(hairs, field.scale, setting)
    return replace(
        field,
        hairs=tuple(hairs),
        summary=summarise(hairs, field.summary.area_cm2, field.scale, setting, BY_HAND),
        method=f"{field.method.split(' + ')[0]} + by hand".strip(),
    )


def _hair(number: int, drawn: DrawnHair, read: Mapping[int, Hair], field: HairField) -> Hair:
    sources = [read[one] for one in drawn.of if one in read]
    path = tuple(_inside(point, field) for point in drawn.path_px)
    if len(sources) == 1 and _is_same(path, sources[0].path_px):
        return replace(sources[0], id=number)
    length_px = sum(_distance(a, b) for a, b in pairwise(path))
    width_px, width_um, error_um = _width(sources)
    return Hair(
        id=number,
        path_px=path,
        width_px=width_px,
        length_px=length_px,
        length_mm=length_px * field.scale.um_per_px / UM_PER_MM if field.scale else None,
        width_um=width_um,
        width_error_um=error_um,
        hair_class=sources[0].hair_class if len(sources) == 1 else HairClass.UNKNOWN,
        counted=within(path[0], field.frame_px),
    )


def _inside(point: Point, field: HairField) -> Point:
    x, y = point
    return min(max(x, 0.0), field.width_px - 1.0), min(max(y, 0.0), field.height_px - 1.0)


def _is_same(a: tuple[Point, ...], b: tuple[Point, ...]) -> bool:
    return len(a) == len(b) and all(
        abs(p[0] - q[0]) <= SAME_PX and abs(p[1] - q[1]) <= SAME_PX
        for p, q in zip(a, b, strict=True)
    )


def _distance(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def _width(sources: list[Hair]) -> tuple[float, float | None, float | None]:
    """Mean width by length [px], [µm], and the error of the latter."""
    long = sum(one.length_px for one in sources)
    if not long:
        return 0.0, None, None
    width_px = sum(one.width_px * one.length_px for one in sources) / long
    measured = [(one, one.width_um) for one in sources if one.width_um is not None]
    weight = sum(one.length_px for one, _ in measured)
    if not weight:
        return width_px, None, None
    mean = sum(width * one.length_px for one, width in measured) / weight
    errors = [one.width_error_um for one, _ in measured]
    known = [error for error in errors if error is not None]
    return width_px, mean, sqrt(sum(error**2 for error in known)) / len(known) if known else None


def _in_units(hairs: list[Hair], scale: Scale | None, setting: MeasureSetting) -> list[Hair]:
    """Classes by the cuts, and follicular units by single linkage of the roots."""
    classed = [_classed(hair, setting) for hair in hairs]
    if scale is None:
        return [replace(hair, unit=-1) for hair in classed]
    reach_px = setting.unit_distance_um / scale.um_per_px
    roots = np.array([hair.root_px for hair in classed], float).reshape(-1, 2)
    return [
        replace(hair, unit=int(unit))
        for hair, unit in zip(classed, units(roots, reach_px), strict=True)
    ]


def _classed(hair: Hair, setting: MeasureSetting) -> Hair:
    """By its width; a hair without one keeps the class that its rough width gave it."""
    if hair.width_um is None:
        return hair
    return replace(hair, hair_class=setting.class_of(hair.width_um))
