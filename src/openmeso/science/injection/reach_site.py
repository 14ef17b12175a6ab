"""The site of a plan as the transport model sees it: boluses, follicles, and cells of a map.

Views are flat and lie far from each other, so that no bolus reaches into another view.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from openmeso.science.injection.bolus import ball_radius_mm
from openmeso.science.injection.zone import TreatedZone, head_scale, treated_zones, view_scales
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan, PlanInputError

SCALP = "scalp"
FOLLICLES = 1000  # evenly spread; coverage is then within about half a point of its limit
CELLS = 2500  # of the map, for each view

_APART_MM = 1e5
# R2 sequence of Roberts: the plastic number's powers spread points evenly without chance
_PLASTIC = 1.32471795724474602596
_R2 = np.array([1.0 / _PLASTIC, 1.0 / _PLASTIC**2])

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MapCells:
    """Centres of the cells of one view's map [mm on the patient]."""

    view: str
    x_mm: Floats
    y_mm: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """Boluses of one session and the follicles around them, all in mm.

    ``points`` and ``follicles`` are (n, 2) with views set apart; ``cells`` are those of the
    maps' cells one view after the other.
    """

    depth_mm: float
    radius_mm: float
    volume_ml: float
    points: Floats
    follicles: Floats
    maps: tuple[MapCells, ...]
    cells: Floats


def site_of(plan: Plan, knowledge: Knowledge) -> Site | None:
    """The scalp site of a plan; None where nothing is injected into the scalp.

    Raises :class:`PlanInputError` for a depth outside the scalp, or a volume that is none.
    """
    regions = {
        zone.name: zone.region or _region(zone.view, knowledge) for zone in plan.choice.zones
    }
    laid = [zone for zone in plan.grid.zones if regions.get(zone.zone) == SCALP and zone.points_mm]
    if not laid:
        return None
    depth_mm = check_depth(plan.choice.depth_mm, knowledge)
    volume_ml = _check_volume(plan.choice.volume_per_point_ml)
    views = {view: place for place, view in enumerate(dict.fromkeys(zone.view for zone in laid))}
    points = [np.asarray(zone.points_mm, float) + _shift(views[zone.view]) for zone in laid]
    skins = _skins(plan, knowledge, {zone.zone for zone in laid})
    maps = tuple(_cells(view, skins[view]) for view in views)
    return Site(
        depth_mm=depth_mm,
        radius_mm=ball_radius_mm(volume_ml),
        volume_ml=volume_ml,
        points=np.concatenate(points),
        follicles=_follicles(skins, views),
        maps=maps,
        cells=np.concatenate([_centres(one) + _shift(views[one.view]) for one in maps]),
    )


def check_depth(depth_mm: float | None, knowledge: Knowledge) -> float:
    """A depth within the scalp's known layers; raises :class:`PlanInputError` otherwise."""
    deepest = max((one.bottom_mm for one in knowledge.layers if one.region == SCALP), default=0.0)
    if depth_mm is None or not math.isfinite(depth_mm) or not 0 < depth_mm <= deepest:
        raise PlanInputError(
            "choice.depth_mm",
            f"is {depth_mm} mm; the scalp is {deepest:g} mm thick.",
            f"Give a depth above 0 mm, at most {deepest:g} mm.",
        )
    return depth_mm


def _check_volume(volume_ml: float | None) -> float:
    if volume_ml is None or not math.isfinite(volume_ml) or not 0 < volume_ml <= 1.0:
        raise PlanInputError(
            "choice.volume_per_point_ml",
            f"is {volume_ml} mL.",
            "Give a volume above 0 mL, at most 1 mL per point.",
        )
    return volume_ml


def _region(view: str, knowledge: Knowledge) -> str:
    return knowledge.views[view].region


def _shift(place: int) -> Floats:
    return np.array([place * _APART_MM, 0.0])


def _skins(plan: Plan, knowledge: Knowledge, names: set[str]) -> dict[str, BaseGeometry]:
    """Treated skin of each view, in mm on the patient."""
    scale = head_scale(plan.request.assessment, knowledge.body)
    zones = tuple(zone for zone in plan.choice.zones if zone.name in names)
    scales = view_scales(zones, knowledge.views, scale)
    treated: tuple[TreatedZone, ...] = treated_zones(
        zones, scales, {view: knowledge.views[view].outline for view in scales}
    )
    return {
        view: shapely.union_all([one.skin for one in treated if one.zone.view == view])
        for view in scales
    }


def _follicles(skins: Mapping[str, BaseGeometry], views: Mapping[str, int]) -> Floats:
    total = sum(skins[view].area for view in views)
    shares = [round(FOLLICLES * skins[view].area / total) for view in views]
    shares[0] += FOLLICLES - sum(shares)
    return np.concatenate(
        [
            spread_within(skins[view], share) + _shift(place)
            for (view, place), share in zip(views.items(), shares, strict=True)
        ]
    )


def spread_within(skin: BaseGeometry, number: int) -> Floats:
    """``number`` points spread evenly over ``skin``, always the same ones."""
    low_x, low_y, high_x, high_y = skin.bounds
    tries = math.ceil(1.1 * number * (high_x - low_x) * (high_y - low_y) / skin.area) + 32
    shapely.prepare(skin)
    while True:
        unit = (0.5 + np.arange(1, tries + 1)[:, None] * _R2) % 1.0
        xy = unit * [high_x - low_x, high_y - low_y] + [low_x, low_y]
        inside = xy[shapely.contains_xy(skin, xy[:, 0], xy[:, 1])]
        if len(inside) >= number:
            return np.asarray(inside[:number])
        tries *= 2


def _cells(view: str, skin: BaseGeometry) -> MapCells:
    low_x, low_y, high_x, high_y = shapely.buffer(skin, 5.0).bounds
    step = math.sqrt((high_x - low_x) * (high_y - low_y) / CELLS)
    return MapCells(view, np.arange(low_x, high_x, step), np.arange(low_y, high_y, step))


def _centres(cells: MapCells) -> Floats:
    x, y = np.meshgrid(cells.x_mm, cells.y_mm)
    return np.stack([x.ravel(), y.ravel()], axis=-1)
