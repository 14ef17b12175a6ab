"""Reach map: how far a substance gets at follicle depth, as SVG cells over the zones of a view."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
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
    levels = _levels(reached)
    within = _within(reached, own, scale)
    treated = [each for each, is_within in zip(_flat(levels), within, strict=True) if is_within]
    counts = [treated.count(number) for number in range(len(RAMP))]
    total = sum(counts) or 1
    return HeatDrawing(
        key=key,
        drawing=draw_views([views[reached.view]], own)[0],
        size_class=reached.size_class,
        levels=tuple(
            HeatLevel(number, fill, _cells(reached, levels, number, scale))
            for number, fill in enumerate(RAMP)
            if number in _flat(levels)
        ),
        shares=tuple(count / total for count in counts),
    )


def level_of(value: float) -> int | None:
    """The fifth that a level of 0 to 1 lies in, 0 to 4; None where there is no value.

    >>> level_of(0.0), level_of(0.2), level_of(1.0), level_of(float("nan"))
    (0, 1, 4, None)
    """
    if math.isnan(value):
        return None
    return min(max(int(value * len(RAMP) + 1e-9), 0), len(RAMP) - 1)


def _levels(reached: MapReach) -> list[list[int | None]]:
    return [[level_of(value) for value in row] for row in reached.values]


def _flat(levels: Sequence[Sequence[int | None]]) -> list[int | None]:
    return [level for row in levels for level in row]


def _within(reached: MapReach, zones: Sequence[Zone], scale: float) -> Sequence[bool]:
    """Whether each cell's middle lies in a zone and in no excluded spot, row by row."""
    x, y = np.meshgrid(np.array(reached.x_mm) / scale, np.array(reached.y_mm) / scale)
    treated = union_all([Polygon(zone.polygon) for zone in zones])
    found = contains_xy(treated, x, y)
    for spot in (spot for zone in zones for spot in zone.exclusions):
        found &= np.hypot(x - spot.centre[0], y - spot.centre[1]) > spot.radius_mm
    answer: list[bool] = found.ravel().tolist()
    return answer


def _cells(
    reached: MapReach, levels: Sequence[Sequence[int | None]], number: int, scale: float
) -> str:
    """One path of bars: neighbours of one level in a row are drawn as one."""
    width = _step(reached.x_mm, reached.y_mm)
    height = _step(reached.y_mm, reached.x_mm)
    bars = []
    for y, row in zip(reached.y_mm, levels, strict=True):
        for first, count in _runs(row, number):
            left = (reached.x_mm[first] - width / 2) / scale
            top = (y - height / 2) / scale
            across, down = count * width / scale, height / scale
            bars.append(f"M{_text(left)} {_text(top)}h{_text(across)}v{_text(down)}")
            bars.append(f"h{_text(-across)}z")
    return "".join(bars)


def _runs(row: Sequence[int | None], number: int) -> Iterator[tuple[int, int]]:
    start = None
    for place, level in enumerate([*row, None]):
        if level == number and start is None:
            start = place
        elif level != number and start is not None:
            yield start, place - start
            start = None


def _step(places: Sequence[float], others: Sequence[float]) -> float:
    """Distance between places; a single row or column takes the other's."""
    known = places if len(places) > 1 else others
    return abs(known[1] - known[0]) if len(known) > 1 else 1.0


def _text(value: float) -> str:
    return f"{round(value, 2) + 0.0:g}"
