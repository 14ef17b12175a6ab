"""Plan: what is asked for, and what OpenMeso makes of it."""

from dataclasses import dataclass, field
from datetime import date

from openmeso.terms.assessment import Assessment
from openmeso.terms.check import Finding, Override
from openmeso.terms.formula import DrawUp, Formula, IngredientDose, PhEstimate, SystemicEquivalent
from openmeso.terms.grid import Grid, GridSpec
from openmeso.terms.practitioner import Practitioner
from openmeso.terms.product import Product
from openmeso.terms.protocol import Phase, Protocol
from openmeso.terms.schedule import ClosingDays, RecordedLength, SessionMinutes, Visit
from openmeso.terms.zone import Zone


class PlanInputError(ValueError):
    """A plan cannot be computed from what was asked for.

    ``path`` names the field in the request (``choice.zones[0].polygon``), ``message`` what is
    wrong with it and ``remedy`` what was expected, or what to do.
    """

    def __init__(self, path: str, message: str, remedy: str = "") -> None:
        super().__init__(f"{path}: {message}" + (f" {remedy}" if remedy else ""))
        self.path = path
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """What the practitioner chooses.

    Whatever is left empty is filled in: zones from ``preset`` (or from the preset of the
    assessment's grade), formula, technique and phases from the protocol, volume per point and
    depth from the technique's defaults. ``dead_space_ml`` is lost in needles and syringes each
    session. :class:`Plan` holds the choice with everything filled in.
    """

    start_on: date
    protocol: str = ""
    preset: str = ""
    zones: tuple[Zone, ...] = ()
    formula: Formula | None = None
    technique: str = ""
    grid: GridSpec | None = None
    volume_per_point_ml: float | None = None
    depth_mm: float | None = None
    phases: tuple[Phase, ...] = ()
    dead_space_ml: float = 0.0
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanSetting:
    """What the clinic brings: country, closing days, own products, who injects, past lengths."""

    country: str = ""
    closing_days: ClosingDays = field(default_factory=ClosingDays)
    products: tuple[Product, ...] = ()
    protocols: tuple[Protocol, ...] = ()
    practitioner: Practitioner | None = None
    recorded: tuple[RecordedLength, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """Everything a plan is computed from, besides the knowledge."""

    assessment: Assessment
    choice: PlanChoice
    setting: PlanSetting = field(default_factory=PlanSetting)


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way to end a contradiction: the values to use instead, and what they give."""

    id: str  # "wider_spacing", "smaller_volume_per_point", "smaller_area"
    sentence: str
    spacing_mm: float | None = None
    volume_per_point_ml: float | None = None
    area_cm2: float | None = None


@dataclass(frozen=True, slots=True)
class VolumeConflict:
    """The chosen points and volume per point against the published session volume [mL]."""

    planned_ml: float
    published_low_ml: float
    published_high_ml: float
    ratio: float
    sentence: str
    ways_out: tuple[WayOut, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReachedLayer:
    """Which skin layer the needle's tip lies in at a region."""

    region: str
    layer: str
    sentence: str
    facts: tuple[str, ...]
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The computed plan. The same request and knowledge always give the same plan."""

    request: PlanRequest
    choice: PlanChoice  # with every default filled in
    grid: Grid
    volume_per_session_ml: float
    prepared_volume_ml: float
    doses: tuple[IngredientDose, ...]
    draw_up: tuple[DrawUp, ...]
    ph: PhEstimate
    equivalents: tuple[SystemicEquivalent, ...]
    layers: tuple[ReachedLayer, ...]
    needles: int
    minutes: SessionMinutes
    visits: tuple[Visit, ...]
    conflict: VolumeConflict | None
    findings: tuple[Finding, ...]
    blocked: bool
    open_overrides: tuple[str, ...]  # findings that still want a reason
    knowledge_version: str

    @property
    def can_be_approved(self) -> bool:
        """Whether nothing blocks and every override has its reason."""
        return not self.blocked and not self.open_overrides

    @property
    def sessions(self) -> int:
        """How many sessions the course has."""
        return sum(visit.session_number is not None for visit in self.visits)
