"""Measurement: what was found on a patient on a date, by picture, device, scale or photographs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite

from openmeso.terms.assessment import ScaleScore
from openmeso.terms.trichoscopy import HairField, MeasureSetting, Point


class MeasurementInputError(ValueError):
    """What was given is no measurement; ``field`` names it, the message says what is accepted."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class MeasurementKind(StrEnum):
    """How an outcome was found."""

    TRICHOSCOPY = "trichoscopy"
    DEVICE = "device"
    SCALE = "scale"
    PHOTO = "photo"


class Site(StrEnum):
    """Where on the scalp a field lies, in the words of the field."""

    FRONTAL = "frontal"
    MID_SCALP = "mid_scalp"
    VERTEX = "vertex"
    TEMPORAL_LEFT = "temporal_left"
    TEMPORAL_RIGHT = "temporal_right"
    OCCIPITAL = "occipital"


@dataclass(frozen=True, slots=True)
class Place:
    """A spot on the scalp: its name and, where it was marked, its place on a map view [mm]."""

    site: Site
    view: str = ""
    x_mm: float | None = None
    y_mm: float | None = None

    def __post_init__(self) -> None:
        given = [self.x_mm is not None, self.y_mm is not None, bool(self.view)]
        if any(given) and not all(given):
            raise MeasurementInputError("place", "a spot on the map needs view, x and y")


class Method(StrEnum):
    """How a number came about; the forecast weighs each by its own error."""

    AUTOMATIC = "automatic"
    CORRECTED = "corrected"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What can be measured: its name, unit and the range that is plausible typing."""

    name: str
    label: str
    unit: str
    low: float
    high: float
    forecast: str = ""  # the outcome of a forecast that means the same


OUTCOMES: dict[str, Outcome] = {
    one.name: one
    for one in (
        Outcome("total_density", "Hairs", "hairs/cm2", 0, 1000),
        Outcome("terminal_density", "Terminal hairs", "hairs/cm2", 0, 1000, forecast="count"),
        Outcome("vellus_density", "Vellus hairs", "hairs/cm2", 0, 1000),
        Outcome("unit_density", "Follicular units", "units/cm2", 0, 500),
        Outcome("hairs_per_unit", "Hairs per unit", "", 1, 8),
        Outcome("mean_width", "Mean shaft width", "um", 5, 200),
        Outcome("terminal_to_vellus", "Terminal to vellus", "ratio", 0, 200),
        Outcome("cumulative_thickness", "Cumulative thickness", "mm/cm2", 0, 60),
        Outcome("diameter_diversity", "Diameter diversity", "%", 0, 100),
        Outcome("anagen", "Growing hairs", "%", 0, 100, forecast="anagen"),
        Outcome("growth_rate", "Growth", "mm/day", 0, 1),
    )
}
"""By name. Widths are optical (the long axis as seen), so a forecast, which reckons in the widths of
biopsies, is not updated with them."""

FORECAST_TERMINAL_FROM_UM = 40.0
"""The forecast counts hairs of this width and more; a count with another cut is not the same."""


@dataclass(frozen=True, slots=True)
class OutcomeValue:
    """A measured number in the unit of its outcome, with its standard deviation where known."""

    outcome: str
    value: float
    sd: float | None = None
    method: Method = Method.TYPED

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            known = ", ".join(OUTCOMES)
            raise MeasurementInputError("outcome", f"expected one of {known}; got {self.outcome!r}")
        about = OUTCOMES[self.outcome]
        if not (isfinite(self.value) and about.low <= self.value <= about.high):
            raise MeasurementInputError(
                self.outcome, f"expected {about.low:g} to {about.high:g}; got {self.value:g}"
            )
        if self.sd is not None and not (isfinite(self.sd) and self.sd > 0):
            raise MeasurementInputError(self.outcome, f"expected an sd above 0; got {self.sd}")


MOST_POINTS_A_HAIR = 400
MOST_DRAWN_HAIRS = 5000


@dataclass(frozen=True, slots=True)
class DrawnHair:
    """A hair as it stands after correction by hand, from root to tip [px].

    ``of`` are the ids of the hairs it was made from: one where it was kept, turned or is a part,
    two where they were joined, none where it was drawn anew.
    """

    path_px: tuple[Point, ...]
    of: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not 2 <= len(self.path_px) <= MOST_POINTS_A_HAIR:
            raise MeasurementInputError(
                "path_px", f"expected 2 to {MOST_POINTS_A_HAIR} points; got {len(self.path_px)}"
            )
        if not all(isfinite(x) and isfinite(y) for x, y in self.path_px):
            raise MeasurementInputError("path_px", "expected finite coordinates")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement as it was made.

    ``automatic`` is the field as the software read it; ``corrected`` stands beside it once hairs
    were added, deleted, split, joined or turned by hand, and then holds. ``values`` are those of
    the field that holds, or what was typed in.
    """

    measured_on: date
    kind: MeasurementKind
    place: Place | None = None
    values: tuple[OutcomeValue, ...] = ()
    score: ScaleScore | None = None
    device: str = ""
    note: str = ""
    setting: MeasureSetting | None = None
    automatic: HairField | None = None
    corrected: HairField | None = None

    def __post_init__(self) -> None:
        needs = {
            MeasurementKind.TRICHOSCOPY: ("automatic", self.automatic is not None),
            MeasurementKind.DEVICE: ("values", bool(self.values)),
            MeasurementKind.SCALE: ("score", self.score is not None),
            MeasurementKind.PHOTO: ("score", self.score is not None),
        }
        field, is_there = needs[self.kind]
        if not is_there:
            raise MeasurementInputError(field, f"a measurement by {self.kind} needs its {field}")
        if self.corrected is not None and self.automatic is None:
            raise MeasurementInputError("corrected", "nothing was read that could be corrected")

    @property
    def field(self) -> HairField | None:
        """The hairs that hold: the corrected ones where there are any."""
        return self.corrected or self.automatic

    @property
    def refused(self) -> bool:
        """Whether the picture was not good enough to be counted."""
        return self.automatic is not None and self.automatic.refused
