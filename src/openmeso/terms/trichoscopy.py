"""Trichoscopy: hairs seen in one close-up picture of the scalp, and what is counted from them.

Positions are pixels of the picture as uploaded, x to the right and y down, (0, 0) the middle of
the top left pixel. Lengths on the skin are millimetres, shaft widths micrometres.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

Point = tuple[float, float]
"""(x_px, y_px)"""

MOST_UM_PER_PX = 100.0
LEAST_UM_PER_PX = 0.2


class TrichoscopyInputError(ValueError):
    """What was given cannot be measured; ``field`` names it, the message says what is accepted."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class ScaleSource(StrEnum):
    """Where the scale comes from."""

    DEVICE = "device"
    SCALE_BAR = "scale_bar"
    RULER = "ruler"
    TWO_POINTS = "two_points"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Scale:
    """Micrometres a pixel [µm/px], with the relative standard deviation it is known to [1]."""

    um_per_px: float
    relative_sd: float = 0.02
    source: ScaleSource = ScaleSource.GIVEN

    def __post_init__(self) -> None:
        if not (isfinite(self.um_per_px) and LEAST_UM_PER_PX <= self.um_per_px <= MOST_UM_PER_PX):
            raise TrichoscopyInputError(
                "scale",
                f"expected {LEAST_UM_PER_PX} to {MOST_UM_PER_PX:g} µm a pixel "
                f"({LEAST_UM_PER_PX / 1000} to {MOST_UM_PER_PX / 1000} mm); got {self.um_per_px}",
            )
        if not (isfinite(self.relative_sd) and 0 <= self.relative_sd <= 0.5):
            raise TrichoscopyInputError(
                "scale", f"expected a relative sd of 0 to 0.5; got {self.relative_sd}"
            )


@dataclass(frozen=True, slots=True)
class ScaleCandidate:
    """A drawn length: ``length_px`` with its standard error, ``likely_mm`` to be confirmed.

    For a ruler the length is one step, and ``ticks`` how many were seen.
    """

    source: ScaleSource
    length_px: float
    sd_px: float
    box_px: tuple[int, int, int, int]
    likely_mm: float
    ticks: int = 0

    @property
    def relative_sd(self) -> float:
        """How well the length is known, over itself [1]."""
        return min(self.sd_px / self.length_px, 0.5)

    def scale(self, printed_mm: float) -> Scale:
        """The scale once a person has said how many millimetres the length stands for."""
        if not printed_mm > 0:
            raise TrichoscopyInputError("printed_mm", f"expected above 0; got {printed_mm}")
        return Scale(
            printed_mm * 1000.0 / self.length_px,
            self.relative_sd,
            self.source,
        )


class HairMode(StrEnum):
    """How the hair was prepared: what can be counted depends on it."""

    CLIPPED = "clipped"
    UNCLIPPED = "unclipped"


class HairClass(StrEnum):
    """By shaft width; the cuts are a setting."""

    VELLUS = "vellus"
    INTERMEDIATE = "intermediate"
    TERMINAL = "terminal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Hair:
    """One hair. ``path_px`` runs from root to tip along the middle of the shaft.

    ``width_um`` and its standard error ``width_error_um`` are None where no clean stretch of
    shaft could be measured, or without a scale; ``width_px`` is kept in any case. ``counted`` is
    whether its root lies in the counting frame (outside the guard border and the mask).
    """

    id: int
    path_px: tuple[Point, ...]
    width_px: float
    length_px: float
    length_mm: float | None = None
    width_um: float | None = None
    width_error_um: float | None = None
    hair_class: HairClass = HairClass.UNKNOWN
    unit: int = -1
    counted: bool = True
    root_is_sure: bool = True
    confidence: float = 1.0

    @property
    def root_px(self) -> Point:
        """Where the shaft leaves the skin."""
        return self.path_px[0]

    @property
    def tip_px(self) -> Point:
        """Where the shaft ends, or leaves the picture."""
        return self.path_px[-1]


class Fault(StrEnum):
    """What may be wrong with a picture."""

    BLUR = "blur"
    GLARE = "glare"
    BUBBLES = "bubbles"
    UNDEREXPOSED = "underexposed"
    OVEREXPOSED = "overexposed"
    PALE_HAIR = "pale_hair"
    DYE = "dye"
    HAIR_OVER_FIELD = "hair_over_field"
    MAGNIFICATION = "magnification"
    FOREIGN_MARK = "foreign_mark"
    OTHER_SUBJECT = "other_subject"
    SMALL_FIELD = "small_field"
    NO_SCALE = "no_scale"


class Severity(StrEnum):
    """What a fault does: the picture is refused, some numbers are withheld, or it is only told."""

    REFUSE = "refuse"
    LIMIT = "limit"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class QualityFinding:
    """One fault: how bad, what to do, and where (boxes x, y, width, height [px])."""

    fault: Fault
    severity: Severity
    message: str
    remedy: str
    value: float | None = None
    limit: float | None = None
    boxes_px: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 90 % interval, in the unit of the field that holds it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FieldSummary:
    """What the field uses. None where it cannot honestly be said (no scale, too few, refused).

    Densities [/cm²], widths [µm], ``cumulative_thickness_mm_cm2`` sum of widths [mm/cm²],
    ``diameter_diversity`` share of hairs thinner than 0.8 of the upper quartile of the field's
    widths [1], ``area_cm2`` the counted area.
    """

    count: Estimate
    counted_hairs: int
    area_cm2: float | None = None
    density_cm2: Estimate | None = None
    terminal_density_cm2: Estimate | None = None
    vellus_density_cm2: Estimate | None = None
    unit_density_cm2: Estimate | None = None
    hairs_per_unit: Estimate | None = None
    mean_width_um: Estimate | None = None
    width_sd_um: float | None = None
    terminal_to_vellus: Estimate | None = None
    cumulative_thickness_mm_cm2: Estimate | None = None
    diameter_diversity: Estimate | None = None
    short_hairs: int | None = None
    measured_width_share: float | None = None


@dataclass(frozen=True, slots=True)
class HairField:
    """Everything read from one picture.

    ``frame_px`` is the counting frame (x, y, width, height); roots inside it and outside the
    masked share are counted. ``refused`` says that the picture must not be counted at all.
    ``scale_candidates`` are bars and rulers in a picture whose scale was not given.
    """

    width_px: int
    height_px: int
    mode: HairMode
    scale: Scale | None
    hairs: tuple[Hair, ...]
    summary: FieldSummary
    frame_px: tuple[int, int, int, int]
    masked_share: float = 0.0
    findings: tuple[QualityFinding, ...] = ()
    method: str = ""
    scale_candidates: tuple[ScaleCandidate, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether a finding refuses the picture."""
        return any(one.severity is Severity.REFUSE for one in self.findings)


@dataclass(frozen=True, slots=True)
class MeasureSetting:
    """How to measure: the preparation, the cuts [µm] and the guard border [µm]."""

    mode: HairMode = HairMode.CLIPPED
    vellus_below_um: float = 30.0
    terminal_from_um: float = 40.0
    unit_distance_um: float = 400.0
    guard_um: float = 250.0
    short_below_mm: float = 0.35
    light_hair: bool = False

    def __post_init__(self) -> None:
        for name, least, most in _ACCEPTED:
            value = getattr(self, name)
            if not (isfinite(value) and least <= value <= most):
                raise TrichoscopyInputError(name, f"expected {least:g} to {most:g}; got {value}")
        if self.terminal_from_um < self.vellus_below_um:
            raise TrichoscopyInputError(
                "terminal_from_um",
                f"expected at least vellus_below_um ({self.vellus_below_um:g} µm); "
                f"got {self.terminal_from_um:g}",
            )

    def class_of(self, width_um: float) -> HairClass:
        """Class of a shaft by its width [µm]."""
        if width_um < self.vellus_below_um:
            return HairClass.VELLUS
        if width_um < self.terminal_from_um:
            return HairClass.INTERMEDIATE
        return HairClass.TERMINAL


_ACCEPTED = (
    ("vellus_below_um", 10.0, 80.0),
    ("terminal_from_um", 10.0, 120.0),
    ("unit_distance_um", 50.0, 2000.0),
    ("guard_um", 0.0, 2000.0),
    ("short_below_mm", 0.0, 5.0),
)
