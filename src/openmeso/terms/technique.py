"""Technique: how, how deep and how much is injected."""

from dataclasses import dataclass

from openmeso.terms.provenance import Quantity, Statement


@dataclass(frozen=True, slots=True)
class LayerDepth:
    """Where a skin layer ends at a body region [mm below the surface]."""

    region: str
    layer: str
    top_mm: float
    bottom_mm: float
    facts: tuple[str, ...] = ()
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class Technique:
    """A way of injecting, with the published ranges and our working defaults.

    ``default_*`` lie inside the ranges and are offered first. ``seconds_per_point`` and
    ``fixed_minutes`` give the session length; ``session_minutes`` is what is written of it.
    ``injects`` is False where nothing is injected
    (microneedling without a drug).
    """

    id: str
    name: str
    description: Statement
    regions: tuple[str, ...]
    depth_mm: Quantity
    default_depth_mm: float
    volume_per_point_ml: Quantity
    default_volume_per_point_ml: float
    spacing_mm: Quantity
    default_spacing_mm: float
    seconds_per_point: Quantity
    fixed_minutes: Quantity
    needle: Statement
    needle_gauge: str
    needle_length_mm: float
    points_per_needle: Quantity
    angle_degrees: Quantity | None = None
    session_volume_ml: Quantity | None = None
    session_minutes: Quantity | None = None
    injects: bool = True
    disputes: tuple[Statement, ...] = ()
