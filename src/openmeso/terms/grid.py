"""Grid: the injection points."""

from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.zone import XY


class Lattice(StrEnum):
    """How the points are laid."""

    SQUARE = "square"
    HEXAGONAL = "hexagonal"


@dataclass(frozen=True, slots=True)
class GridSpec:
    """What the grid is laid from [mm]; ``margin_mm`` keeps points off edges and exclusions."""

    spacing_mm: float
    lattice: Lattice = Lattice.SQUARE
    margin_mm: float = 2.0
    angle_degrees: float = 0.0


@dataclass(frozen=True, slots=True)
class ZoneGrid:
    """Points of one zone, in mm on the patient's own head or body, in injecting order.

    ``area_cm2`` is the skin treated: the polygon within the map's outline, less exclusions and
    less what an earlier zone already covers. ``outside_cm2`` was drawn beyond the outline and
    is left out.
    """

    zone: str
    view: str
    area_cm2: float
    points_mm: tuple[XY, ...]
    outside_cm2: float = 0.0
    scale: float = 1.0  # patient length over reference length on this view


@dataclass(frozen=True, slots=True)
class Grid:
    """All the zones' points and what follows from them."""

    zones: tuple[ZoneGrid, ...]
    scale: float  # patient length over reference length
    area_cm2: float
    points: int
    perforations_per_cm2: float
