"""Zone: a polygon on a body map."""

from dataclasses import dataclass

XY = tuple[float, float]


@dataclass(frozen=True, slots=True)
class MapView:
    """One drawing of a body part.

    ``outline`` is in mm on the reference head or body, x to the right and y downwards, and its
    planar area is ``area_cm2`` there. ``lines`` are landmarks to orient by, and ``labels`` name
    them as (x, y, text).
    """

    id: str
    name: str
    region: str  # "scalp", "face"; "body" where the view shows several regions
    outline: tuple[XY, ...]
    area_cm2: float
    facts: tuple[str, ...] = ()
    assumption: str = ""
    lines: tuple[tuple[XY, ...], ...] = ()
    labels: tuple[tuple[float, float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A round spot that gets no point (scar, naevus, wound), in mm on the reference map."""

    centre: XY
    radius_mm: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """A polygon drawn on a view, in mm on the reference map.

    ``region`` says which body region it lies in where the view shows several (``abdomen`` on
    the view of the whole body); empty, it is the view's own.
    """

    name: str
    view: str
    polygon: tuple[XY, ...]
    exclusions: tuple[Exclusion, ...] = ()
    region: str = ""


@dataclass(frozen=True, slots=True)
class MapPreset:
    """Zones that a pattern grade pre-fills; a drawing to be corrected on the patient."""

    id: str
    name: str
    zones: tuple[Zone, ...]
    facts: tuple[str, ...] = ()
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class BodyReference:
    """What the maps are drawn for, and how they scale to the patient."""

    head_circumference_mm: float
    scalp_area_cm2: float
    facts: tuple[str, ...] = ()
    assumption: str = ""
