"""Validation: what a check of the science observed, what it tolerates, and its figure."""

from dataclasses import dataclass
from math import isnan


@dataclass(frozen=True, slots=True)
class Line:
    """One curve of a figure, or with ``dots`` a set of points; x and y are as long as each other."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """What a check shows: its lines, what the axes stand for, and whether they are logarithmic."""

    x_label: str
    y_label: str
    lines: tuple[Line, ...]
    log_x: bool = False
    log_y: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What one run of a check observed: ``error`` is what the tolerance is for, ``said`` words."""

    error: float
    said: str
    figure: Figure
    table: tuple[tuple[str, ...], ...] = ()  # the first row is the head


@dataclass(frozen=True, slots=True)
class Validation:
    """One check, run: it passes when the observed error is no greater than the tolerance."""

    name: str
    title: str
    measure: str  # what the error is
    tolerance: float
    source: str
    finding: Finding

    @property
    def passed(self) -> bool:
        """Whether the error is known and within the tolerance."""
        return not isnan(self.finding.error) and self.finding.error <= self.tolerance
