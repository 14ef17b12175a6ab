"""Comparison: the same spot of the scalp at two visits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.measurement import OutcomeValue
from openmeso.terms.trichoscopy import Estimate, Point


class NoComparison(ValueError):
    """The two pictures cannot be compared; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Registration:
    """Where each place of the first picture lies in the second, and how far to trust it.

    ``x_px`` and ``y_px`` are the coefficients of 1, x, y (and x², xy, y² where there are six) of
    the second picture's position [px] in the first picture's [px]. ``zoom`` is the size of the
    second over the first, beyond what their scales say. ``expected_by_chance`` is how many
    registrations as good as this one two unrelated pictures would show (number of false alarms).
    """

    x_px: tuple[float, ...]
    y_px: tuple[float, ...]
    rotation_deg: float
    zoom: float
    units_in_common: int
    units_matched: int
    residual_um: float
    overlap_share: float
    expected_by_chance: float

    @property
    def matched_share(self) -> float:
        """Units found again, of those that lie in both pictures [1]."""
        return self.units_matched / self.units_in_common if self.units_in_common else 0.0


class ComparisonKind(StrEnum):
    """What two pictures of a spot are compared for."""

    VISITS = "visits"
    PHOTOTRICHOGRAM = "phototrichogram"


class Fate(StrEnum):
    """What became of a hair between two visits."""

    KEPT = "kept"
    THICKENED = "thickened"
    THINNED = "thinned"
    GAINED = "gained"
    LOST = "lost"
    UNCLEAR = "unclear"


class Doubt(StrEnum):
    """Why the fate of a hair is unclear."""

    SHORT = "short"
    HIDDEN = "hidden"
    FAINT = "faint"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class ComparedHair:
    """One hair at both visits.

    ``before`` and ``after`` are the ids of the hair traced in each picture; None where it was not
    traced and its place, ``before_path_px`` or ``after_path_px``, was measured again: ``evidence``
    is then the darkness found there over that of the hair where it was traced [1]. Widths [µm] are
    those of a hair measured in both, the second by the scale of the first; ``doubt`` says why a
    fate is unclear.
    """

    fate: Fate
    before: int | None
    after: int | None
    before_path_px: tuple[Point, ...]
    after_path_px: tuple[Point, ...]
    evidence: float | None = None
    before_um: float | None = None
    after_um: float | None = None
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A number at both visits and its change, with the 90 % interval of the change.

    ``smallest_detectable`` is what two pictures of unchanged hair differ by at most in 95 of 100
    pairs: a change up to it is not called one.
    """

    before: float
    after: float
    change: Estimate
    smallest_detectable: float

    @property
    def is_beyond_error(self) -> bool:
        """Whether the change is larger than what measuring alone may show."""
        return abs(self.change.value) > self.smallest_detectable


@dataclass(frozen=True, slots=True)
class Comparison:
    """The hairs of the skin that both pictures show, and what changed.

    ``area_cm2`` is that skin, by the scale of the first picture; without one there is no density.
    ``width`` is of the hairs measured at both visits [µm]; None where they are too few.
    """

    registration: Registration
    hairs: tuple[ComparedHair, ...]
    area_cm2: float | None
    count: Change
    density_cm2: Change | None
    width_um: Change | None
    method: str

    def number(self, fate: Fate) -> int:
        """How many hairs had this fate."""
        return sum(hair.fate is fate for hair in self.hairs)


@dataclass(frozen=True, slots=True)
class ComparisonSummary:
    """What a comparison comes to, without its hairs.

    ``fates`` numbers the hairs by what became of them (by :class:`Fate`, of a phototrichogram by
    what they did); ``values`` are the outcomes that a phototrichogram measures.
    """

    fates: Mapping[str, int]
    count: Change | None = None
    density_cm2: Change | None = None
    width_um: Change | None = None
    values: tuple[OutcomeValue, ...] = ()
