"""Zones as they lie on the patient: scaled, kept within the map, exclusions cut out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from openmeso.terms.assessment import Assessment
from openmeso.terms.plan import PlanInputError
from openmeso.terms.units import cm2_from_mm2
from openmeso.terms.zone import XY, BodyReference, MapView, Zone

SCALED_REGION = "scalp"  # the only maps that grow with the head
_SMALLEST_SCALE, _LARGEST_SCALE = 0.6, 1.4  # beyond these a circumference is a slip of the pen
_ARC_SEGMENTS = 64
_NOTHING_MM2 = 1e-6
_FARTHEST_MM = 10_000.0  # beyond any map


@dataclass(frozen=True, slots=True, eq=False)
class TreatedZone:
    """One zone in mm on the patient, ready for a grid.

    ``skin`` is the polygon within the map's outline. ``spots`` are the exclusions, one row
    x, y, radius each [mm]. ``area_cm2`` leaves out exclusions and what earlier zones cover.
    """

    zone: Zone
    scale: float
    skin: BaseGeometry
    edge: BaseGeometry
    spots: NDArray[np.float64]
    area_cm2: float
    outside_cm2: float


def head_scale(assessment: Assessment, body: BodyReference) -> float:
    """Patient length over reference length on the scalp maps; 1 where the head is unmeasured.

    Areas grow with its square. Raises :class:`PlanInputError` for a circumference that no
    adult head has, such as one typed in cm.
    """
    measured = assessment.head_circumference_mm
    if measured is None:
        return 1.0
    scale = measured / body.head_circumference_mm
    if not _SMALLEST_SCALE <= scale <= _LARGEST_SCALE:
        low, high = (body.head_circumference_mm * s for s in (_SMALLEST_SCALE, _LARGEST_SCALE))
        raise PlanInputError(
            "assessment.head_circumference_mm",
            f"is {measured:g} mm.",
            f"Give the circumference in mm, between {low:.0f} and {high:.0f}.",
        )
    return scale


def view_scales(
    zones: Sequence[Zone], views: Mapping[str, MapView], scale: float
) -> dict[str, float]:
    """Scale of every view drawn on: ``scale`` for the scalp, 1 elsewhere."""
    for index, zone in enumerate(zones):
        if zone.view not in views:
            raise PlanInputError(
                f"choice.zones[{index}].view",
                f"There is no map {zone.view!r}.",
                f"Choose one of {', '.join(views)}.",
            )
    return {zone.view: scale if views[zone.view].region == SCALED_REGION else 1.0 for zone in zones}


def zone_area_cm2(zone: Zone, scale: float) -> float:
    """Treated area [cm²] of one zone on the patient: its polygon less its exclusions."""
    return treated_zones((zone,), scale)[0].area_cm2


def treated_zones(
    zones: Sequence[Zone],
    scale: float | Mapping[str, float],
    outlines: Mapping[str, Sequence[XY]] | None = None,
) -> tuple[TreatedZone, ...]:
    """The zones on the patient, in their order.

    ``scale`` is one for all views or one a view. A zone drawn across the outline of its view
    (``outlines``, in reference mm) is cut off there. Skin in two zones of one view counts for
    the first. Raises :class:`PlanInputError` for zones that enclose nothing.
    """
    if not zones:
        raise PlanInputError(
            "choice.zones", "No zone is drawn.", "Draw at least one, or choose a preset."
        )
    treated: list[TreatedZone] = []
    covered: dict[str, BaseGeometry] = {}
    for index, zone in enumerate(zones):
        factor = scale if isinstance(scale, int | float) else scale[zone.view]
        outline = None if outlines is None else outlines[zone.view]
        one = _treated(index, zone, factor, outline, covered.get(zone.view))
        covered[zone.view] = _union(covered.get(zone.view), one.skin)
        treated.append(one)
    return tuple(treated)


def _treated(
    index: int,
    zone: Zone,
    scale: float,
    outline: Sequence[XY] | None,
    covered: BaseGeometry | None,
) -> TreatedZone:
    drawn = _polygon(zone, scale, f"choice.zones[{index}].polygon")
    skin: BaseGeometry = drawn
    if outline is not None and tuple(outline) != zone.polygon:
        skin = _within(drawn, Polygon(np.asarray(outline) * scale), index, zone)
    spots = _spots(zone, scale, f"choice.zones[{index}].exclusions")
    left = _less_spots(skin, spots)
    if left.area <= _NOTHING_MM2:
        raise PlanInputError(
            f"choice.zones[{index}].exclusions",
            f"The exclusions cover the whole of zone {zone.name!r}.",
            "Make them smaller, or leave the zone out.",
        )
    if covered is not None and covered.intersects(left):
        left = left.difference(covered)
    return TreatedZone(
        zone=zone,
        scale=scale,
        skin=skin,
        edge=skin.boundary,
        spots=spots,
        area_cm2=cm2_from_mm2(left.area),
        outside_cm2=cm2_from_mm2(max(0.0, drawn.area - skin.area)),
    )


def _polygon(zone: Zone, scale: float, path: str) -> Polygon:
    corners = [(float(x), float(y)) for x, y in zone.polygon]
    if not all(_is_place(value) for corner in corners for value in corner):
        raise PlanInputError(
            path, f"Zone {zone.name!r} has a corner off any map.", "Draw it again, in mm."
        )
    if len(set(corners)) < 3:
        raise PlanInputError(
            path,
            f"Zone {zone.name!r} has {len(set(corners))} different corners.",
            "A zone needs three or more.",
        )
    polygon = Polygon(np.asarray(corners) * scale)
    if polygon.area <= _NOTHING_MM2 or not polygon.is_valid:
        raise PlanInputError(
            path,
            f"The outline of zone {zone.name!r} crosses itself or encloses nothing"
            f" ({shapely.is_valid_reason(polygon)}).",
            "Move its corners so that no two edges cross.",
        )
    return polygon


def _is_place(value_mm: float) -> bool:
    return math.isfinite(value_mm) and abs(value_mm) <= _FARTHEST_MM


def _within(drawn: Polygon, map_outline: Polygon, index: int, zone: Zone) -> BaseGeometry:
    if map_outline.covers(drawn):
        return drawn
    skin = drawn.intersection(map_outline)
    if skin.area <= _NOTHING_MM2:
        raise PlanInputError(
            f"choice.zones[{index}].polygon",
            f"Zone {zone.name!r} lies outside the map {zone.view!r}.",
            "Draw it within the outline.",
        )
    return skin


def _spots(zone: Zone, scale: float, path: str) -> NDArray[np.float64]:
    rows = [(*spot.centre, spot.radius_mm) for spot in zone.exclusions]
    for index, row in enumerate(rows):
        if not all(_is_place(value) for value in row) or row[2] <= 0:
            raise PlanInputError(
                f"{path}[{index}].radius_mm",
                f"An excluded spot of zone {zone.name!r} has no size.",
                "Give its centre and a radius above 0 mm.",
            )
    return np.array(rows, dtype=float).reshape(-1, 3) * scale


def _less_spots(skin: BaseGeometry, spots: NDArray[np.float64]) -> BaseGeometry:
    if not len(spots):
        return skin
    discs = [Point(x, y).buffer(radius, quad_segs=_ARC_SEGMENTS) for x, y, radius in spots]
    return skin.difference(shapely.union_all(discs))


def _union(covered: BaseGeometry | None, skin: BaseGeometry) -> BaseGeometry:
    return skin if covered is None else covered.union(skin)
