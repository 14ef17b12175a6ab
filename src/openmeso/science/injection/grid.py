"""The injection grid: points on a lattice within the zones."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from openmeso.science.injection.zone import TreatedZone, treated_zones
from openmeso.terms.grid import Grid, GridSpec, Lattice, ZoneGrid
from openmeso.terms.plan import PlanInputError
from openmeso.terms.zone import XY, Zone

MOST_CANDIDATES = 100_000  # lattice points looked at in one view; keeps a slip from hanging
_ROW_HEIGHT = {Lattice.SQUARE: 1.0, Lattice.HEXAGONAL: math.sqrt(3.0) / 2.0}

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def lay_grid(
    zones: Sequence[Zone],
    spec: GridSpec,
    scale: float | Mapping[str, float] = 1.0,
    outlines: Mapping[str, Sequence[XY]] | None = None,
) -> Grid:
    """Points of all zones, in mm on the patient.

    All zones of a view share one lattice through the view's origin, so that points of
    neighbouring zones keep their spacing too and an overlap is injected once. A point keeps
    ``margin_mm`` from its zone's edge and from exclusions. Within a zone the points run row by
    row, to and fro, as the needle does.

    Raises :class:`PlanInputError` for zones that enclose nothing, and where no point fits.
    """
    return lay_on(treated_zones(zones, scale, outlines), spec)


def lay_on(treated: Sequence[TreatedZone], spec: GridSpec) -> Grid:
    """Points on zones that are made ready already (see :func:`lay_grid`)."""
    _check(spec)
    laid = [xy[_to_and_fro(row, column)] for xy, row, column in _points_by_zone(treated, spec)]
    points = sum(len(one) for one in laid)
    if points == 0:
        raise PlanInputError(
            "choice.grid",
            f"No point fits the zones at {spec.spacing_mm:g} mm spacing"
            f" and {spec.margin_mm:g} mm margin.",
            "Choose a narrower spacing, a smaller margin or larger zones.",
        )
    area_cm2 = sum(one.area_cm2 for one in treated)
    return Grid(
        zones=tuple(_zone_grid(one, xy) for one, xy in zip(treated, laid, strict=True)),
        scale=next((one.scale for one in treated if one.scale != 1.0), 1.0),
        area_cm2=area_cm2,
        points=points,
        perforations_per_cm2=points / area_cm2,
    )


def count_points(treated: Sequence[TreatedZone], spec: GridSpec) -> int:
    """How many points :func:`lay_on` would lay; 0 where none fits."""
    _check(spec)
    return sum(len(xy) for xy, _, _ in _points_by_zone(treated, spec))


def _check(spec: GridSpec) -> None:
    if not (math.isfinite(spec.spacing_mm) and spec.spacing_mm > 0):
        raise PlanInputError(
            "choice.grid.spacing_mm", f"is {spec.spacing_mm:g}.", "Expected more than 0 mm."
        )
    if not (math.isfinite(spec.margin_mm) and spec.margin_mm >= 0):
        raise PlanInputError(
            "choice.grid.margin_mm", f"is {spec.margin_mm:g}.", "Expected 0 mm or more."
        )
    if not math.isfinite(spec.angle_degrees):
        raise PlanInputError("choice.grid.angle_degrees", "is no number.", "Expected degrees.")


def _zone_grid(one: TreatedZone, xy: Floats) -> ZoneGrid:
    return ZoneGrid(
        zone=one.zone.name,
        view=one.zone.view,
        area_cm2=one.area_cm2,
        points_mm=tuple(map(tuple, xy.tolist())),
        outside_cm2=one.outside_cm2,
        scale=one.scale,
    )


def _points_by_zone(
    treated: Sequence[TreatedZone], spec: GridSpec
) -> Iterator[tuple[Floats, Integers, Integers]]:
    """Points, rows and columns of each zone, in no particular order."""
    lattices: dict[str, tuple[Floats, Integers, Integers, NDArray[np.bool_]]] = {}
    for one in treated:
        view = one.zone.view
        if view not in lattices:
            skins = [other.skin for other in treated if other.zone.view == view]
            xy, row, column = _lattice(shapely.total_bounds(np.array(skins)), spec)
            lattices[view] = xy, row, column, np.zeros(len(xy), dtype=bool)
        xy, row, column, taken = lattices[view]
        chosen = np.flatnonzero(~taken)
        chosen = chosen[_inside(one, xy[chosen], spec.margin_mm)]
        taken[chosen] = True
        yield xy[chosen], row[chosen], column[chosen]


def _lattice(bounds: Floats, spec: GridSpec) -> tuple[Floats, Integers, Integers]:
    """Lattice points over the bounding box, with row and column of each."""
    angle = math.radians(spec.angle_degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    x, y = bounds[[0, 2, 2, 0]], bounds[[1, 1, 3, 3]]
    along, across = x * cos + y * sin, y * cos - x * sin
    height = spec.spacing_mm * _ROW_HEIGHT[spec.lattice]
    if np.ptp(along) * np.ptp(across) > MOST_CANDIDATES * spec.spacing_mm * height:
        raise PlanInputError(
            "choice.grid.spacing_mm",
            f"{spec.spacing_mm:g} mm would make far too many points here.",
            "Choose a wider spacing or smaller zones.",
        )
    rows = _steps(across, height)
    columns = _steps(along, spec.spacing_mm)
    row, column = (grid.ravel() for grid in np.meshgrid(rows, columns, indexing="ij"))
    shift = 0.5 * (row % 2) if spec.lattice is Lattice.HEXAGONAL else 0.0
    u, v = (column + shift) * spec.spacing_mm, row * height
    return np.column_stack((u * cos - v * sin, u * sin + v * cos)), row, column


def _steps(values: Floats, step: float) -> Integers:
    """Whole steps that span the values, with one to spare for shifted rows."""
    return np.arange(math.floor(values.min() / step) - 1, math.ceil(values.max() / step) + 1)


def _inside(one: TreatedZone, xy: Floats, margin_mm: float) -> NDArray[np.bool_]:
    shapely.prepare((one.skin, one.edge))
    inside = shapely.contains_xy(one.skin, xy[:, 0], xy[:, 1])
    if margin_mm > 0 and inside.any():
        # an inward buffer would cut the arcs at hollow corners short; the distance is exact
        near = shapely.dwithin(one.edge, shapely.points(xy[inside]), margin_mm)
        inside[inside] = ~near
    for x, y, radius in one.spots:
        inside &= np.hypot(xy[:, 0] - x, xy[:, 1] - y) >= radius + margin_mm
    return np.asarray(inside, dtype=bool)


def _to_and_fro(row: Integers, column: Integers) -> Integers:
    rank = np.unique(row, return_inverse=True)[1]
    return np.lexsort((np.where(rank % 2, -column, column), rank))
