"""Reach map: how far a substance gets at follicle depth, as SVG cells over the zones of a view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon, contains_xy, union_all

from openmeso.gateways.plan_map import ViewDrawing, draw_views
from openmeso.terms.reach import MapReach
from openmeso.terms.zone import MapView, Zone

RAMP = ("#ffffd9", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
"""Light to dark (ColorBrewer YlGnBu, safe for the colour-blind), lowest fifth first."""


@dataclass(frozen=True, slots=True)
class HeatLevel:
    """All the cells of one fifth of the scale."""

    number: int
    fill: str
    path: str


@dataclass(frozen=True, slots=True)
class HeatDrawing:
    """A view with its zones and, clipped to them, the cells."""

    key: str
    drawing: ViewDrawing
    size_class: str
    levels: tuple[HeatLevel, ...]
    shares: tuple[float, ...]  # of the cells within the zones, by level


def draw_heat(
    reached: MapReach, zones: Sequence[Zone], views: Mapping[str, MapView], scale: float, key: str
) -> HeatDrawing:
    """Draw one map; ``scale`` is patient length over reference length, ``key`` its id on a page."""
    own = [zone for zone in zones if zone.view == reached.view]
    levels = levels_of(np.array(reached.values, float))
    counts = np.bincount(levels[_within(reached, own, scale) & (levels >= 0)], minlength=len(RAMP))
    total = int(counts.sum()) or 1
    return HeatDrawing(
        key=key,
        drawing=draw_views([views[reached.view]], own)[0],
        size_class=reached.size_class,
        levels=tuple(
            HeatLevel(number, fill, _cells(reached, levels, number, scale))
            for number, fill in enumerate(RAMP)
            if (levels == number).any()
        ),
        shares=tuple((counts / total).tolist()),
    )


def levels_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """The fifth that each level of 0 to 1 lies in, 0 to 4; -1 where there is no value.

    >>> levels_of(np.array([0.0, 0.2, 1.0, np.nan])).tolist()
    [0, 1, 4, -1]
    """
    known = ~np.isnan(values)
    fifths = np.clip(np.where(known, values, 0.0) * len(RAMP) + 1e-9, 0, len(RAMP) - 1)
    return np.where(known, fifths.astype(np.int64), -1)


def _within(reached: MapReach, zones: Sequence[Zone], scale: float) -> NDArray[np.bool_]:
    """Whether each cell's middle lies in a zone and in no excluded spot."""
    x, y = np.meshgrid(np.array(reached.x_mm) / scale, np.array(reached.y_mm) / scale)
    treated = union_all([Polygon(zone.polygon) for zone in zones])
    found = contains_xy(treated, x, y)
    for spot in (spot for zone in zones for spot in zone.exclusions):
        found &= np.hypot(x - spot.centre[0], y - spot.centre[1]) > spot.radius_mm
    return np.asarray(found)


def _cells(reached: MapReach, levels: NDArray[np.int64], number: int, scale: float) -> str:
    """One path of bars: neighbours of one level in a row are drawn as one."""
    width = _step(reached.x_mm, reached.y_mm) / scale
    height = _step(reached.y_mm, reached.x_mm) / scale
    down = _text(height)
    bars = []
    edges = np.diff(np.pad(levels == number, ((0, 0), (1, 1))).astype(np.int8))
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    for (row, first), (_, end) in zip(starts.tolist(), ends.tolist(), strict=True):
        left = reached.x_mm[first] / scale - width / 2
        top = reached.y_mm[row] / scale - height / 2
        across = (end - first) * width
        bars.append(f"M{_text(left)} {_text(top)}h{_text(across)}v{down}h{_text(-across)}z")
    return "".join(bars)


def _step(places: Sequence[float], others: Sequence[float]) -> float:
    """Distance between places; a single row or column takes the other's."""
    known = places if len(places) > 1 else others
    return abs(known[1] - known[0]) if len(known) > 1 else 1.0


def _text(value: float) -> str:
    return f"{round(value, 2) + 0.0:g}"
